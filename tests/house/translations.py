#!/usr/bin/env python3
"""The translations are whole: every text of the window is in each .ts, translated, with the placeholders of its source.

Usage: translations.py LUPDATE. Ends with 77 (skipped) where lupdate does not run.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMS = {"de": 2}  # how many plural forms a language has
PLACEHOLDER = re.compile(r"%(?:L?\d+|n)")
# Texts of QML that people read, written without qsTr: more than one word, or a word with a capital.
SHOWN = re.compile(r'\b(?:text|title|tip|placeholderText|accessibleName|Accessible\.(?:name|description)):\s*"([^"]*)"')


def messages(path):
    """{(context, source, comment): (message element)} of a .ts file."""
    found = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name")
        for message in context.iter("message"):
            found[(name, message.findtext("source"), message.findtext("comment") or "")] = message
    return found


def faults_of(key, message, forms):
    """What is wrong with one translated message."""
    source = key[1]
    translation = message.find("translation")
    kind = translation.get("type")
    if kind:
        yield f"is {kind}"
        return
    plural = message.get("numerus") == "yes"
    texts = [form.text or "" for form in translation.iter("numerusform")] if plural else [translation.text or ""]
    if plural and len(texts) != forms:
        yield f"has {len(texts)} plural forms, not {forms}"
    for text in texts:
        if not text.strip():
            yield "has an empty translation"
        elif sorted(set(PLACEHOLDER.findall(text))) != sorted(set(PLACEHOLDER.findall(source))):
            yield f"has other placeholders in its translation: {text!r}"
        elif source[0].isspace() != text[0].isspace() or source[-1].isspace() != text[-1].isspace():
            yield f"begins or ends with a space and its translation does not, or the reverse: {text!r}"
        elif source.endswith("…") != text.endswith("…"):
            yield f"differs from its translation in the … at the end: {text!r}"


def bare_texts():
    """Texts in QML that lupdate cannot see."""
    for path in sorted((ROOT / "qml").rglob("*.qml")):
        if path.parent.name == "gallery":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for text in SHOWN.findall(line):
                if re.search(r"[A-Za-z]{2}", text) and not text.startswith("univrs ") and text != "Aa":
                    yield f"{path.relative_to(ROOT)}:{number}: {text!r} is shown without qsTr"


def hidden_texts():
    """Texts in C++ that go through a helper which lupdate cannot see."""
    helper = re.compile(r'QCoreApplication::translate\("\w+", ([a-z]\w*)\);')
    for path in sorted((ROOT / "app/gui").glob("*.cpp")):
        source = path.read_text(encoding="utf-8")
        if helper.search(source) and "QT_TRANSLATE_NOOP" not in source:
            yield f"{path.relative_to(ROOT)}: translates a variable; lupdate sees only literals"


def main():
    lupdate = sys.argv[1] if len(sys.argv) > 1 else shutil.which("lupdate")
    try:
        subprocess.run([lupdate, "-version"], check=True, capture_output=True)
    except (OSError, TypeError, subprocess.CalledProcessError):
        print("skipped: lupdate (Qt's Linguist tools) is not installed")
        return 77
    faults = [*bare_texts(), *hidden_texts()]
    files = sorted((ROOT / "resources/i18n").glob("*.ts"))
    if not files:
        faults.append("there is no translation in resources/i18n")
    for path in files:
        kept = messages(path)
        for key, message in kept.items():
            for fault in faults_of(key, message, FORMS[path.stem.split("_", 1)[1]]):
                faults.append(f"{path.name}: {key[0]}: {key[1]!r} {fault}")
        with tempfile.TemporaryDirectory() as folder:
            fresh = pathlib.Path(folder) / path.name
            shutil.copy(path, fresh)
            subprocess.run([lupdate, "-silent", "-no-obsolete", "-locations", "none", "-I", ".", "app/gui", "qml", "-ts",
                            str(fresh)], check=True, capture_output=True, cwd=ROOT)
            now = messages(fresh)
        faults += [f"{path.name}: {key[0]}: {key[1]!r} is missing" for key in now.keys() - kept.keys()]
        faults += [f"{path.name}: {key[0]}: {key[1]!r} is used nowhere" for key in kept.keys() - now.keys()]
        faults += [f"{path.name}: {key[0]}: {key[1]!r} is plural in only one of source and translation"
                   for key in now.keys() & kept.keys() if now[key].get("numerus") != kept[key].get("numerus")]
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults; `ninja update_translations` collects new texts, Qt Linguist translates them")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
