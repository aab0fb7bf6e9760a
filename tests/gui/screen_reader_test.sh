#!/usr/bin/env bash
# The real window module under Xvfb, worked over AT-SPI as a screen reader would: screen_reader_test.sh GUI_PREVIEW MODULE
set -u
here=$(cd "$(dirname "$0")" && pwd)
preview=$1 module=$2
for tool in Xvfb dbus-run-session /usr/libexec/at-spi-bus-launcher; do
  command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
/usr/bin/python3 -c 'import pyatspi' 2>/dev/null || { echo "SKIP: python3-pyatspi is not installed"; exit 77; }
if [ -z "${UNIVRS_IN_SESSION:-}" ]; then # a bus of its own, gone with the test
  exec env UNIVRS_IN_SESSION=1 dbus-run-session -- bash "$0" "$@"
fi
. "$here/x11_input.sh"
work=$(mktemp -d)
app= launcher=
finish() {
  local p
  for p in $app $launcher; do kill "$p" 2>/dev/null && wait "$p" 2>/dev/null; done
  stop_display
  rm -rf "$work"
}
trap finish EXIT
export XDG_CONFIG_HOME="$work/config" QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1
start_display 1440 900
/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
launcher=$!
run() { # SCENE STEP…
  local scene=$1
  shift
  "$preview" "$module" "$scene" >"$work/out" 2>"$work/err" &
  app=$!
  xdotool windowfocus --sync "$(wait_window Univrs)" || { cat "$work/err"; echo "FAILED: no window"; exit 1; }
  timeout 200 /usr/bin/python3 "$here/screen_reader.py" "$@" || { cat "$work/err"; echo "FAILED: scene $scene"; exit 1; }
  kill "$app" && wait "$app" 2>/dev/null
  app=
}
if [ $# -gt 2 ]; then # by hand: …_test.sh PREVIEW MODULE SCENE STEP…
  shift 2
  run "$@"
  exit 0
fi
run empty names:empty tab_round:empty press:Deploy see:"Deploy@Deploy" focused:Manifest names:sheet tab_round:sheet \
  key:Escape gone:Manifest
run errors press:Deploy focused:Manifest type:"services" see_part:"70000 is outside" names:"sheet with errors" \
  tab_round:"sheet with errors"
run data key:ctrl+1 see:"Needs you" names:overview tab_round:overview \
  key:ctrl+4 focused_part:"Name mail-worker" names:workloads tab_round:workloads \
  key:Menu see:"What can be done with mail-worker" names:"row menu" key:Escape gone:"What can be done with mail-worker" \
  key:Return see:"Details of mail-worker" names:instances tab_round:instances \
  press:Logs see:"Log lines" names:logs tab_round:logs \
  press:Charts see:"A line for each instance" names:charts tab_round:charts \
  press:Events see_part:"liveness probe failed" names:events tab_round:events \
  press:Manifest see_part:"Manifest of" names:manifest tab_round:manifest \
  press:Console names:console tab_round:console \
  key:ctrl+5 focused_part:"Name aws-1" key:Return see:"Details of aws-1" names:nodes tab_round:nodes \
  key:ctrl+6 see:Decisions key:Return names:scheduler tab_round:scheduler
run data key:ctrl+k see:"Search and commands" names:palette type:"restart" names:"palette with results" \
  key:Escape gone:"Search and commands" \
  key:ctrl+comma see:"Settings" names:settings tab_round:settings key:Escape \
  key:ctrl+k type:"connect to" see_part:"Connect to a node elsewhere" key:Return focused:Address names:"add a node" tab_round:"add a node" key:Escape \
  press_part:"Notifications" names:notifications tab_round:notifications key:Escape \
  press_part:"Cluster:" names:clusters key:Escape \
  press_part:"Health:" names:health key:Escape
run net30 key:ctrl+2 names:"peer graph" tab_round:"peer graph" press:Table names:"peer table" tab_round:"peer table"
run net30 key:ctrl+3 names:"gossip log" tab_round:"gossip log"
run lost see_part:"Connection lost" key:ctrl+4 names:lost tab_round:lost
run noengine names:"no engine" tab_round:"no engine"
run many key:ctrl+4 see_part:"service-1" names:many
# A button of the templates does not press by itself when asked over AT-SPI: each says what pressing it does.
python3 - "$here/../../qml" <<'P' || exit 1
import pathlib, re, sys
kinds = re.compile(r"^\s*(?:delegate: )?T\.(?:Button|AbstractButton|ItemDelegate|MenuItem|Switch|CheckBox|RadioButton|ComboBox) \{", re.M)
bad = []
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.qml")):
    text = path.read_text(encoding="utf-8")
    buttons, presses = len(kinds.findall(text)), text.count("Accessible.onPressAction")
    if presses < buttons:
        bad.append(f"{path.name}: {buttons} buttons, {presses} press actions")
if bad:
    sys.exit("FAILED: " + "; ".join(bad))
P
echo "screen reader: ok"
