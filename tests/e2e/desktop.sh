#!/usr/bin/env bash
# The window on a desktop: a real keyring keeps the token of a node elsewhere, a real notification server shows a crash loop
# and leads back to it, a real tray holds the icon with its menu. Then the same without a keyring.
. "$(dirname "$0")/lib.sh"
for tool in Xvfb xdotool dbus-daemon /usr/libexec/at-spi-bus-launcher gnome-keyring-daemon secret-tool dunst dunstctl trayer; do
  command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
/usr/bin/python3 -c 'import pyatspi' 2>/dev/null || { echo "SKIP: python3-pyatspi is not installed"; exit 77; }
e2e_begin process
. "$here/../gui/x11_input.sh"
start_display 1440 900
trap 'rc=$?; stop_display; (exit $rc); e2e_end' EXIT
export QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 QT_QUICK_BACKEND=software HOME=$WORK/home XDG_RUNTIME_DIR=$WORK/run
export XDG_CONFIG_HOME=$WORK/config XDG_DATA_HOME=$WORK/share XDG_CACHE_HOME=$WORK/cache
mkdir -p "$HOME" "$XDG_CONFIG_HOME/dunst" "$XDG_DATA_HOME/keyrings" && mkdir -m 700 "$XDG_RUNTIME_DIR"
# A bus of its own in the same namespace (abstract sockets do not reach over), which starts nothing by itself: a second keyring
# would ask for a password on the screen.
cat >"$WORK/bus.conf" <<X
<busconfig><type>session</type><listen>unix:path=$WORK/bus</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
X
start_in_ns bus dbus-daemon --nofork --config-file="$WORK/bus.conf"
export DBUS_SESSION_BUS_ADDRESS=unix:path=$WORK/bus
wait_until 20 "no bus" test -S "$WORK/bus"
start_in_ns a11y /usr/libexec/at-spi-bus-launcher --launch-immediately
printf 'password' >"$WORK/password"
nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" gnome-keyring-daemon --foreground --unlock --components=secrets \
  --control-directory="$XDG_RUNTIME_DIR/keyring" <"$WORK/password" >"$WORK/keyring.log" 2>&1 &
PIDS+=($!)
KEYRING=$!
printf '[global]\nhistory_length = 50\n[urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n[urgency_critical]\ntimeout = 0\n' >"$XDG_CONFIG_HOME/dunst/dunstrc"
start_in_ns dunst dunst
start_in_ns trayer trayer --edge top --align right --width 20 --height 32 --tint 0x202020
wait_until 20 "no keyring" in_ns bash -c 'echo known | secret-tool store --label=probe probe univrs'
wait_until 20 "no notification server" in_ns dunstctl count
steps() { in_ns timeout 300 /usr/bin/python3 "$here/../gui/screen_reader.py" "$@" || { shot failed; fail "at the window"; }; }
shot() { [ -z "${SHOTS:-}" ] || import -window root "$SHOTS/desktop-$1.png"; }
open_window() {
  nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" up --data "$WORK/own" --api 127.0.0.1:0 --runtime process --name laptop \
    --mdns off --port 0 >"$WORK/window.out" 2>>"$WORK/window.log" </dev/null &
  WINDOW_PID=$!
  PIDS+=($!)
  wait_until 60 "the engine in the window is not ready" grep -q '^ready ' "$WORK/window.out"
  xdotool windowfocus --sync "$(wait_window Univrs)" || fail "no window"
}
close_window() {
  kill "$WINDOW_PID"
  wait "$WINDOW_PID" || fail "the window ended with $?"
}
own() { in_ns "$UNIVRS" --data "$WORK/own" "$@"; }
secret() { in_ns secret-tool search --all server univrs 2>/dev/null; }
notices() { # what was shown, as text
  in_ns dunstctl close-all
  in_ns dunstctl history | jq -r '.data[][] | .summary.data + " | " + .body.data'
}

say "a node elsewhere is added; its token goes into the keyring and nowhere else"
start_node --name far --mdns off --port 0
TOKEN=$(head -n 1 "$DATA/api.token")
open_window
add_node() {
  steps key:ctrl+k focused:"Go to, do, or deploy: restart web, nodes, nginx:1.27" type:"connect to" \
    see_part:"Connect to a node" key:Return focused:Address "type:${API%/}" tab_to:Token "type:$TOKEN" key:Return \
    see_part:"Connected to far"
}
add_node
steps see_part:"is in the desktop's keyring"
shot added
secret | grep -q "$TOKEN" || fail "the token is not in the keyring: $(secret)"
grep -rqF "$TOKEN" "$XDG_CONFIG_HOME" && fail "the token is in a file as well"
close_window
open_window
steps press_part:"Cluster: laptop" press_part:far see_part:"Cluster: far, Connected"

say "the tray has the icon"
TRAY=$(xdotool search --class trayer | tail -1)
wait_until 30 "no icon in the tray" eval "xwininfo -root -tree | grep -qi 'univrs.*16x16\\|univrs.*[23][0-9]x[23][0-9]'"
shot tray

say "a crash loop is told by the desktop while the window is not in front, and leads back to it"
xdotool windowfocus "$TRAY" 2>/dev/null
cat >"$WORK/crash.yaml" <<Y
name: crashing
containers:
  - name: main
    image: "host:"
    command: ["/bin/false"]
---
name: steady
containers:
  - name: main
    image: "host:"
    command: ["/bin/sleep", "3600"]
Y
own deploy --no-wait "$WORK/crash.yaml" || fail "deploy"
wait_until 90 "the desktop was told nothing" eval '[ "$(in_ns dunstctl count displayed)" -gt 0 ]'
shot notice
in_ns dunstctl action 0
steps see_part:"Details of crashing"
notices | tee "$WORK/notices.txt"
grep -q 'crashing keeps crashing' "$WORK/notices.txt" || fail "no word of the crash loop"
say "Quit of its menu asks what is to happen to the workload that runs"
eval "$(xdotool getwindowgeometry --shell "$TRAY" | sed 's/^/TRAY_/')"
xdotool mousemove $((TRAY_X + TRAY_WIDTH - 16)) $((TRAY_Y + 16)) click 3
shot menu
xdotool key Up Return # the last entry: Quit (asks about 1 workload)…
steps see:"1 workload runs on this computer" press:Cancel
own rm -y crashing steady || fail "rm"
close_window

say "without a keyring the token is in a file that only its owner can read, and the window says so"
kill "$KEYRING"
wait "$KEYRING" 2>/dev/null
rm -rf "$XDG_CONFIG_HOME/univrs"
open_window
add_node
steps see_part:"No keyring answered"
FILE=$(grep -rlF "$TOKEN" "$XDG_CONFIG_HOME" | head -1)
[ -n "$FILE" ] && [ "$(stat -c %a "$FILE")" = 600 ] || fail "the token's file: $FILE $(stat -c %a "$FILE" 2>&1)"
close_window
stop_node TERM || fail "exit code"
grep -iE 'TypeError|ReferenceError|binding loop|qrc:' "$WORK/window.log" && fail "QML complained"
say "done"
