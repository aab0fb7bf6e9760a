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
  wait_window Univrs >/dev/null || { cat "$work/err"; echo "FAILED: no window"; exit 1; }
  timeout 200 /usr/bin/python3 "$here/screen_reader.py" "$@" || { cat "$work/err"; echo "FAILED: scene $scene"; exit 1; }
  kill "$app" && wait "$app" 2>/dev/null
  app=
}
if [ $# -gt 2 ]; then # by hand: …_test.sh PREVIEW MODULE SCENE STEP…
  shift 2
  run "$@"
  exit 0
fi
run empty names:empty press:Deploy names:sheet
run data names:workloads
run many names:many
echo "screen reader: ok"
