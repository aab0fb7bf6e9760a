"""The window's tree as a screen reader gets it over AT-SPI: finding things in it, waiting for them, and what must hold of it.
For the system's python3 (pyatspi is a system package)."""
import sys
import time

import pyatspi

DEADLINE = 30
# What a person can work, by the role a screen reader announces.
USABLE = {
    "push button", "toggle button", "check box", "radio button", "menu item", "check menu item", "page tab", "text", "entry",
    "password text", "list item", "combo box", "slider", "spin button", "table cell", "link", "terminal", "column header",
}
PRESSABLE = USABLE - {"text", "entry", "password text", "list item", "slider", "spin button", "table cell", "terminal"}
# Where the focus may rest besides: a list and a chart are moved in by arrows, a long text is scrolled by them.
PLACES = {"list", "table", "tree", "chart", "panel", "document text", "drawing area", "canvas", "scroll pane", "menu"}
PRESSES = {"press", "click", "toggle", "activate", "showmenu", "showpopup"}


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


def wait(what, probe, instead=lambda: ""):
    end = time.time() + DEADLINE
    while time.time() < end:
        try:
            found = probe()
        except Exception:
            found = None
        if found:
            return found
        time.sleep(0.2)
    sys.exit(f"never saw {what} {instead()}")


def application():
    for app in children(pyatspi.Registry.getDesktop(0)):
        name = (app.name or "").lower()
        if "univrs" in name or "gui_preview" in name:
            return app
    return None


def fresh():
    app = application()
    if app is not None:
        app.clearCache()
    return app


def has(node, state):
    return node.getState().contains(state)


def showing(node):
    return has(node, pyatspi.STATE_SHOWING)


def matching(name):
    """All that is shown under that name; `NAME@SCOPE` looks only inside what is called SCOPE."""
    name, _, scope = name.partition("@")
    app = fresh()
    roots = [app] if app is not None else []
    if scope and roots:
        roots = [node for node, _ in walk(app) if node.name == scope and showing(node) and node.childCount > 0]
    return [node for root in roots for node, _ in walk(root) if node != root and node.name == name and showing(node)]


def find(name):
    return next(iter(matching(name)), None)


def find_part(text):
    app = fresh()
    if app is not None:
        for node, _ in walk(app):
            if text in (node.name or "") and showing(node):
                return node
    return None


def workable(name):
    """What can be worked under that name: a dialog's heading may be called as its button is. Whether it is switched on
    Qt 6.4 does not tell: ENABLED is always set, so ask by Tab, which passes over what is off."""
    return [node for node in matching(name) if node.getRoleName() in USABLE]


def focused():
    """The innermost: a scope and what is in it may both say so."""
    found = None
    app = fresh()
    if app is not None:
        for node, _ in walk(app):
            if has(node, pyatspi.STATE_FOCUSED):
                found = node
    return found


def box(node):
    try:
        e = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    except Exception:
        return None
    return e.x, e.y, e.width, e.height


def actions_of(node):
    try:
        actions = node.queryAction()
    except NotImplementedError:
        return []
    return [actions.getName(i) for i in range(actions.nActions)]


def called(node):
    """What a screen reader says of it first. Qt tells no name of a field for passwords, only its description."""
    return (node.name or (node.description if node.getRoleName() == "password text" else "") or "").strip()


def describe(node):
    parent = node.parent
    return f"{node.getRoleName()} {node.name!r} at {box(node)} in {parent.getRoleName() + ' ' + repr(parent.name) if parent else '?'}"


def faults_of_stop(node):
    """Of a place where Tab brings the focus."""
    if node is None:
        return ["the focus is on nothing a screen reader knows"]
    bad = []
    if not showing(node):
        bad.append("focus out of sight: " + describe(node))
    if not called(node):
        bad.append("focus without a name: " + describe(node))
    if node.getRoleName() not in USABLE | PLACES:
        bad.append("focus on what cannot be used: " + describe(node))
    return bad


def faults():
    """Everything shown: names, roles, press actions, and one chosen tab of each row of tabs."""
    bad = []
    for node, _ in walk(fresh()):
        if not showing(node):
            continue
        role = node.getRoleName()
        focusable = has(node, pyatspi.STATE_FOCUSABLE)
        if (role in USABLE or focusable) and not called(node):
            bad.append("without a name: " + describe(node))
        # Qt itself calls every label focusable; whether Tab stops there is what tab_round asks.
        if focusable and role not in USABLE | PLACES | {"frame", "dialog", "label"}:
            bad.append("focusable, but its role says nothing can be done: " + describe(node))
        if role in ("unknown", "invalid", "redundant object"):
            bad.append("without a role: " + describe(node))
        if role in PRESSABLE and not PRESSES & {a.lower() for a in actions_of(node)}:
            bad.append("cannot be pressed: " + describe(node) + f" has {actions_of(node)}")
        if role == "page tab list":
            tabs = [c for c in children(node) if c.getRoleName() == "page tab"]
            chosen = [c for c in tabs if has(c, pyatspi.STATE_SELECTED)]
            if not tabs:
                bad.append("tabs without a tab: " + describe(node))
            elif len(chosen) != 1:
                bad.append(f"{len(chosen)} tabs are chosen at once: " + describe(node))
    return bad


def dump():
    for node, depth in walk(fresh()):
        if showing(node):
            states = [s for s, n in ((pyatspi.STATE_FOCUSABLE, "focusable"), (pyatspi.STATE_FOCUSED, "focused"),
                                     (pyatspi.STATE_SELECTED, "selected"), (pyatspi.STATE_CHECKED, "checked")) if has(node, s)]
            print("  " * depth + node.getRoleName(), repr(node.name), box(node), *[pyatspi.stateToString(s) for s in states])
