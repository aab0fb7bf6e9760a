"""What a screen reader meets: reads the window's tree over AT-SPI, checks that nothing a person can use is nameless, and works the
window by press actions alone. Run by screen_reader_test.sh with the system's python3 (pyatspi is a system package)."""
import subprocess
import sys
import time

import pyatspi

USABLE = {
    "push button", "button", "toggle button", "check box", "radio button", "menu item", "page tab", "text", "entry", "list item",
    "combo box", "slider", "spin button", "table cell", "link", "terminal",
}
DEADLINE = 60


def children(node):
    for i in range(node.childCount):
        try:
            child = node.getChildAtIndex(i)
        except Exception:  # it went away while we looked
            continue
        if child is not None:
            yield child


def walk(node, depth=0):
    yield node, depth
    if depth > 40:
        sys.exit("the tree is deeper than 40: a cycle?")
    for child in children(node):
        yield from walk(child, depth + 1)


def wait(what, probe):
    end = time.time() + DEADLINE
    while time.time() < end:
        try:
            found = probe()
        except Exception:
            found = None
        if found:
            return found
        time.sleep(0.3)
    sys.exit("never saw " + what)


def application():
    desktop = pyatspi.Registry.getDesktop(0)
    for app in children(desktop):
        name = (app.name or "").lower()
        if "univrs" in name or "gui_preview" in name:
            return app
    return None


def showing(node):
    return node.getState().contains(pyatspi.STATE_SHOWING)


def find(name, role=None):
    app = application()
    if app is None:
        return None
    app.clearCache()
    for node, _ in walk(app):
        if node.name == name and (role is None or node.getRoleName() == role) and showing(node):
            return node
    return None


def find_part(text):
    app = application()
    if app is None:
        return None
    app.clearCache()
    for node, _ in walk(app):
        if text in (node.name or "") and showing(node):
            return node
    return None


def press(name):
    press_found(name, lambda: find(name))


def press_part(text):
    press_found(text, lambda: find_part(text))


def press_found(name, probe):
    node = wait("something to press named " + repr(name), probe)
    actions = node.queryAction()
    for i in range(actions.nActions):
        if actions.getName(i).lower() in ("press", "click", "toggle"):
            if not actions.doAction(i):
                sys.exit(f"press on {name!r} was refused")
            return
    sys.exit(f"{name!r} cannot be pressed: {[actions.getName(i) for i in range(actions.nActions)]}")


def keys(*what):
    subprocess.run(["xdotool", *what], check=True, timeout=DEADLINE)


def focused():
    app = application()
    app.clearCache()
    # The innermost: a scope and what is in it may both say so.
    found = None
    for node, _ in walk(app):
        if node.getState().contains(pyatspi.STATE_FOCUSED) and showing(node) and (node.name or "").strip():
            found = node
    return found


def tab_to(name):
    """Goes there as a person without a mouse does: Tab, until the focus is on it."""
    seen = []
    for _ in range(80):
        node = focused()
        if node is not None and node.name == name:
            return
        seen.append(node.name if node is not None else None)
        keys("key", "Tab")
        time.sleep(0.15)
    sys.exit(f"Tab never came to {name!r}; it went over {seen}")


def nameless():
    bad = []
    for node, _ in walk(application()):
        role = node.getRoleName()
        if role in USABLE and showing(node) and not (node.name or "").strip():
            try:
                box = node.queryComponent().getExtents(0)
                where = f"{box.x},{box.y} {box.width}x{box.height}"
            except Exception:
                where = "?"
            parent = node.parent
            bad.append(f"{role} at {where} in {parent.getRoleName() if parent else '?'} {parent.name if parent else ''!r}")
    return bad


def check_names(screen):
    bad = nameless()
    if bad:
        sys.exit(f"{screen}: without a name: " + "; ".join(bad))
    count = sum(1 for _ in walk(application()))
    print(f"{screen}: {count} objects, all usable ones named", flush=True)


def dump():
    for node, depth in walk(application()):
        if showing(node):
            print("  " * depth + node.getRoleName(), repr(node.name))


def main():
    wait("the application", application)
    for step in sys.argv[1:]:
        verb, _, rest = step.partition(":")
        if verb == "see":
            wait(repr(rest), lambda text=rest: find(text))
        elif verb == "see_part":
            wait("something with " + repr(rest), lambda text=rest: find_part(text))
        elif verb == "gone":
            wait("the end of " + repr(rest), lambda text=rest: find(text) is None)
        elif verb == "usable":
            wait(repr(rest) + " usable", lambda text=rest: find(text).getState().contains(pyatspi.STATE_ENABLED))
        elif verb == "unusable":
            wait(repr(rest) + " unusable", lambda text=rest: not find(text).getState().contains(pyatspi.STATE_ENABLED))
        elif verb == "press":
            press(rest)
        elif verb == "press_part":
            press_part(rest)
        elif verb == "tab_to":
            tab_to(rest)
        elif verb == "key":
            keys("key", *rest.split())
        elif verb == "type":
            keys("type", "--delay", "4", rest)
        elif verb == "type_file":
            with open(rest, encoding="utf-8") as text:
                for line in text.read().splitlines():  # xdotool's own end of a line is a key few programs know
                    keys("type", "--delay", "4", line)
                    keys("key", "Return")
        elif verb == "pause":
            time.sleep(float(rest))
        elif verb == "names":
            check_names(rest)
        elif verb == "dump":
            dump()
        else:
            sys.exit("unknown step " + step)


main()
