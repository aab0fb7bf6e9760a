#!/usr/bin/env bash
# Real XDND drops and real keys on the real window module, under Xvfb: x11_drop_test.sh GUI_PREVIEW MODULE DND_SOURCE
set -u
preview=$1 module=$2
export DND_SOURCE=$3
for tool in Xvfb xdotool; do
  command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
. "$(dirname "$0")/x11_input.sh"
work=$(mktemp -d)
app=
finish() {
  [ -n "$app" ] && kill "$app" 2>/dev/null && wait "$app" 2>/dev/null
  stop_display
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "FAILED: $1"; echo "--- commands"; cat "$work/out"; echo "--- stderr"; cat "$work/err"; exit 1; }
expect() { # TEXT in the window's commands, within 20 s
  for _ in $(seq 100); do
    grep -qF -- "$1" "$work/out" && return 0
    sleep 0.2
  done
  fail "never saw: $1"
}

export XDG_CONFIG_HOME="$work/config"
start_display 1440 900
"$preview" "$module" empty >"$work/out" 2>"$work/err" &
app=$!
wait_window Univrs >/dev/null || fail "no window"
sleep 1

printf 'services:\n  web:\n    image: nginx:1.27-alpine\n' >"$work/my compose.yaml"
printf 'name: two\ncontainers: []\n' >"$work/two.yaml"
drop_files Univrs "$work/my compose.yaml" "$work/two.yaml" || fail "the files were not taken"
expect '"file_name":"my compose.yaml"'
expect '"file_name":"two.yaml"'
grep -q ' real ' "$work/out" && fail "a drop alone deployed something"
press Univrs ctrl+Return
expect 'command deploy real'
sleep 1

: >"$work/out"
drop_text Univrs "redis:7-alpine" || fail "the text was not taken"
expect '"manifest":"redis:7-alpine"'
press Univrs Escape
sleep 0.5

: >"$work/out"
head -c 4096 /dev/zero >"$work/binary.img"
drop_files Univrs "$work/binary.img" || fail "the binary file was not even offered"
sleep 1
grep -q command "$work/out" && fail "a binary file reached the engine"

kill -0 "$app" || fail "the window is gone"
grep -qiE 'qrc:|TypeError|ReferenceError|binding loop' "$work/err" && fail "QML complained"
echo "x11 drops: ok"
