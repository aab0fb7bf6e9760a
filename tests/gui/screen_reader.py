"""A person without a mouse, and perhaps without sight, at the window: each argument is a step, VERB:REST. It reads over AT-SPI
and works with keys and press actions alone, and waits for what it expects instead of pausing. Names may be NAME@SCOPE.
  see, see_part, gone, gone_part, focused, focused_part   wait for it
  press, press_part                                the press action
  key, type, type_file                             real keys to what has the focus
  tab_to                                           Tab until the focus is there
  reads:NAME=FILE                                  wait until the text field NAME holds what the file holds
  names:SCREEN                                     everything usable has a name, a role that fits and a press action
  tab_round:SCREEN                                 Tab goes round, and over nothing that has no name
  dump                                             print the tree"""
import subprocess
import sys
import time

import accessible_tree as tree
from gi.repository import GLib


def press(name, probe):
    node = tree.wait("something to press named " + repr(name), probe)
    actions = node.queryAction()
    for i in range(actions.nActions):
        if actions.getName(i).lower() in tree.PRESSES:
            if not actions.doAction(i):
                sys.exit(f"press on {name!r} was refused")
            return
    sys.exit(f"{name!r} cannot be pressed: {tree.actions_of(node)}")


def keys(*what):
    subprocess.run(["xdotool", *what], check=True, timeout=tree.DEADLINE)


def key_of(node):
    """What it is known again by; None for what is gone, as a row of a list that has changed."""
    try:
        return None if node is None else (node.name, node.getRoleName(), tree.box(node))
    except GLib.GError:
        return None


def same(a, b):
    return a is not None and b is not None and (a == b or (key_of(a) is not None and key_of(a) == key_of(b)))


def next_stop(before):
    """Presses Tab and waits until the focus has moved: it may stay where it is only if that is the one place."""
    keys("key", "Tab")
    for _ in range(15):
        time.sleep(0.06)
        node = tree.focused()
        if not same(node, before):
            return node
    return before


def tab_to(name):
    """Goes there as a person without a mouse does."""
    node = tree.focused()
    seen = []
    for _ in range(100):
        if node is not None and tree.called(node) == name:
            return
        seen.append(tree.called(node) if node is not None else None)
        node = next_stop(node)
    sys.exit(f"Tab never came to {name!r}; it went over {seen}")


def tab_round(screen):
    node = first = tree.focused()
    first_key = key_of(first)
    bad, seen = [], []
    for _ in range(150):
        node = next_stop(node)
        seen.append(node.name if node is not None else None)
        bad += [f"{b} (after {seen[-2] if len(seen) > 1 else None!r})" for b in tree.faults_of_stop(node)]
        if first is None:
            first, first_key = node, key_of(node)
        elif same(node, first) or (first_key is not None and key_of(node) == first_key):
            break
    else:
        bad.append(f"Tab did not come back to {first.name if first else None!r} within 150 steps; it went over {seen}")
    if bad:
        sys.exit(f"{screen}: " + "\n  ".join(bad))
    print(f"{screen}: Tab goes round over {len(seen)} places", flush=True)


def check_names(screen):
    # What comes up by and by (charts, details) is asked again: only what stays wrong counts.
    end = time.time() + 5
    while True:
        try:
            bad = tree.faults()
        except Exception as e:  # it changed while we read
            bad = [f"the tree could not be read: {e}"]
        if not bad:
            break
        if time.time() > end:
            sys.exit(f"{screen}:\n  " + "\n  ".join(bad))
        time.sleep(0.3)
    print(f"{screen}: {sum(1 for _ in tree.walk(tree.application()))} objects, all usable ones named and fit", flush=True)


def type_file(path):
    with open(path, encoding="utf-8") as text:
        for line in text.read().splitlines():  # xdotool's own end of a line is a key few programs know
            if line:
                keys("type", "--delay", "4", line)
            keys("key", "Return")


def reads(name, path):
    with open(path, encoding="utf-8") as text:
        wanted = text.read()
    field = tree.find(name)
    return field is not None and field.queryText().getText(0, -1).replace("\u2029", "\n") == wanted  # a document's own end of a line


def wait_focus(name, whole=True):
    def there():
        node = tree.focused()
        return node is not None and (node.name == name if whole else name in (node.name or ""))

    tree.wait(f"the focus at {name!r}", there, lambda: "it is at " + (tree.describe(tree.focused()) if tree.focused() else "nothing"))


STEPS = {
    "see": lambda rest: tree.wait(repr(rest), lambda: tree.find(rest)),
    "see_part": lambda rest: tree.wait("something with " + repr(rest), lambda: tree.find_part(rest)),
    "gone": lambda rest: tree.wait("the end of " + repr(rest), lambda: tree.find(rest) is None),
    "gone_part": lambda rest: tree.wait("the end of what has " + repr(rest), lambda: tree.find_part(rest) is None),
    "focused": wait_focus,
    "focused_part": lambda rest: wait_focus(rest, False),
    "press": lambda rest: press(rest, lambda: next(iter(tree.workable(rest)), None)),
    "press_part": lambda rest: press(rest, lambda: tree.find_part(rest)),
    "key": lambda rest: keys("key", *rest.split()),
    "type": lambda rest: keys("type", "--delay", "4", rest),
    "type_file": type_file,
    "tab_to": tab_to,
    "reads": lambda rest: tree.wait("the text typed", lambda: reads(*rest.split("=", 1))),
    "names": check_names,
    "tab_round": tab_round,
    "dump": lambda rest: tree.dump(),
}


def main():
    tree.wait("the application", tree.application)
    for step in sys.argv[1:]:
        verb, _, rest = step.partition(":")
        if verb not in STEPS:
            sys.exit("unknown step " + step)
        STEPS[verb](rest)


main()
