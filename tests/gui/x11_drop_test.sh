#!/usr/bin/env bash
# Real XDND drops and real keys on the real window module, under Xvfb: x11_drop_test.sh GUI_PREVIEW MODULE DND_SOURCE
# What the window says about a drop is read over AT-SPI.
set -u
here=$(cd "$(dirname "$0")" && pwd)
preview=$1 module=$2
export DND_SOURCE=$3
for tool in Xvfb xdotool dbus-run-session /usr/libexec/at-spi-bus-launcher; do
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
fail() {
  echo "FAILED: $1"
  echo "--- commands"
  cat "$work/out"
  echo "--- stderr"
  cat "$work/err"
  [ -z "${SHOTS:-}" ] || import -window root "$SHOTS/drop-failed.png"
  exit 1
}
expect() { # TEXT in the window's commands, within 20 s
  local i
  for i in $(seq 100); do
    grep -qF -- "$1" "$work/out" && return 0
    sleep 0.2
  done
  fail "never saw: $1"
}
steps() { timeout 120 /usr/bin/python3 "$here/screen_reader.py" "$@" || fail "what the window says: $*"; }
memory() { awk -v what="$1:" '$1 == what { print $2 }' "/proc/$app/status"; } # VmRSS or VmHWM, KiB
open_window() { # SCENE
  : >"$work/out"
  : >"$work/err"
  "$preview" "$module" "$1" >"$work/out" 2>"$work/err" &
  app=$!
  wait_window Univrs >/dev/null || fail "no window"
  steps see:Deploy
}
close_window() {
  kill -0 "$app" || fail "the window is gone"
  kill "$app" && wait "$app" 2>/dev/null
  app=
  grep -qiE 'qrc:|TypeError|ReferenceError|binding loop' "$work/err" && fail "QML complained"
  return 0
}

export XDG_CONFIG_HOME="$work/config" QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1
start_display 1440 900
/usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 &
launcher=$!
printf 'services:\n  web:\n    image: nginx:1.27-alpine\n' >"$work/my compose.yaml"
printf 'name: two\ncontainers: []\n' >"$work/two.yaml"
head -c 4096 /dev/zero >"$work/binary.img"

open_window empty
echo "-- several files at once, one with a space in its name"
drop_files Univrs "$work/my compose.yaml" "$work/two.yaml" || fail "the files were not taken"
expect '"file_name":"my compose.yaml"'
expect '"file_name":"two.yaml"'
steps see:"Deploy 2 files" see:"my compose.yaml" see:"two.yaml" see_part:"raspberry-pi-in-the-attic, memory 212 MiB free"
grep -q ' real ' "$work/out" && fail "a drop alone deployed something"
press Univrs ctrl+Return
expect 'command deploy real'
steps gone:"Deploy 2 files"

echo "-- text"
: >"$work/out"
drop_text Univrs "redis:7-alpine" || fail "the text was not taken"
expect '"manifest":"redis:7-alpine"'
steps see:Deploy@Deploy
press Univrs Escape
steps gone:Manifest

echo "-- a binary file"
: >"$work/out"
drop_files Univrs "$work/binary.img" || fail "the binary file was not even offered"
steps see_part:"binary.img cannot be deployed" see_part:"it is a binary file, not text in UTF-8"
grep -q command "$work/out" && fail "a binary file reached the engine"
press Univrs Escape
steps gone_part:"binary.img cannot be deployed"

echo "-- a huge file: refused in words, and not read"
truncate -s 600M "$work/huge.yaml"
rest=$(memory VmRSS)
drop_files Univrs "$work/huge.yaml" || fail "the huge file was not even offered"
steps see_part:"huge.yaml cannot be deployed" see_part:"it has 600 MiB; a manifest has at most 4 MiB"
grown=$(($(memory VmHWM) - rest))
echo "   resting ${rest} KiB, at most ${grown} KiB more"
[ "$grown" -lt 65536 ] || fail "a huge file was read: $grown KiB more"
press Univrs Escape
steps gone_part:"huge.yaml cannot be deployed"

echo "-- good and bad ones together: the good are understood, the bad told"
drop_files Univrs "$work/two.yaml" "$work/huge.yaml" "$work/binary.img" || fail "the files were not taken"
steps see:"Deploy two.yaml" see_part:"huge.yaml cannot be deployed" see_part:"binary.img cannot be deployed"
press Univrs Escape
steps gone:Manifest

echo "-- an image archive, known by its content"
tar -C "$work" -cf "$work/image" two.yaml
: >"$work/out"
drop_files Univrs "$work/image" || fail "the archive was not taken"
expect "archive $work/image"
steps see_part:"docker.io/acme/shop:1.2"
press Univrs Escape
steps gone:Manifest
close_window

echo "-- a file with faults: what, where and what to do"
open_window errors
drop_files Univrs "$work/my compose.yaml" || fail "the file was not taken"
steps see_part:"70000 is outside 1…65535" see:"line 4" see_part:"did you mean restart?" see:"line 6" see:"2 errors" press:"line 6" focused:Manifest
press Univrs ctrl+Return
steps see:"2 errors"
grep -q ' real ' "$work/out" && fail "a file with faults was deployed"
close_window
echo "x11 drops: ok"
