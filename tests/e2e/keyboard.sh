#!/usr/bin/env bash
# A person without a mouse, and perhaps without sight: deploys, reads the log, scales, removes and takes it back with keys
# alone, and what the window says is read over AT-SPI. Once on the engine in the window, once on a headless node; then that
# node is killed under the window and comes back. Real window, real node, processes instead of containers.
. "$(dirname "$0")/lib.sh"
for tool in Xvfb xdotool dbus-daemon /usr/libexec/at-spi-bus-launcher; do
  command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
/usr/bin/python3 -c 'import pyatspi' 2>/dev/null || { echo "SKIP: python3-pyatspi is not installed"; exit 77; }
e2e_begin process
. "$here/../gui/x11_input.sh"
start_display 1440 900
trap 'rc=$?; stop_display; (exit $rc); e2e_end' EXIT
export QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 QT_QUICK_BACKEND=software UNIVRS_NO_KEYRING=1
# A bus of its own in the same namespace: abstract sockets do not reach over.
start_in_ns bus dbus-daemon --session --nofork --address="unix:path=$WORK/bus"
export DBUS_SESSION_BUS_ADDRESS=unix:path=$WORK/bus
wait_until 20 "no bus" test -S "$WORK/bus"
start_in_ns a11y /usr/libexec/at-spi-bus-launcher --launch-immediately
steps() { in_ns timeout 300 /usr/bin/python3 "$here/../gui/screen_reader.py" "$@" || { shot failed; fail "at the keyboard"; }; }
shot() { [ -z "${SHOTS:-}" ] || import -window root "$SHOTS/keyboard-$1.png"; }
focus() { xdotool windowfocus --sync "$(wait_window Univrs)"; }
cat >"$WORK/keys.yaml" <<Y
name: keys
stop_grace_seconds: 1
containers:
  - name: main
    image: "host:"
    command: ["/bin/sh", "-c", "while :; do echo hello from the keyboard; sleep 1; done"]
Y

keyboard_run() { # NAME: the window is open on an empty node
  focus || fail "no window"
  say "$1: write a manifest, deploy it"
  steps key:ctrl+n focused:Manifest "type_file:$WORK/keys.yaml" "reads:Manifest=$WORK/keys.yaml" see_part:", chosen" \
    tab_to:Deploy key:space gone:Manifest@Deploy
  wait_until 60 "the typed manifest does not run" healthy keys 1
  say "$1: choose it, read its log"
  steps key:ctrl+4 focused_part:"Name keys" key:Home key:Return see:"Details of keys" \
    tab_to:Instances key:Right see:"hello from the keyboard"
  shot "$1-log"
  say "$1: scale to 2 and back"
  steps tab_to:"One replica more" key:space
  wait_until 60 "not scaled to 2" healthy keys 2
  steps tab_to:"One replica fewer" key:space
  wait_until 60 "not scaled to 1" healthy keys 1
  say "$1: scale by a command of the palette"
  steps key:ctrl+k focused:"Go to, do, or deploy: restart web, nodes, nginx:1.27" type:"scale keys 3" \
    see_part:"Scale keys to 3" key:Return
  wait_until 60 "not scaled to 3" healthy keys 3
  steps see:Undo key:ctrl+z
  wait_until 60 "the scaling was not taken back" healthy keys 1
  say "$1: remove it, take that back"
  steps tab_to:Remove key:space
  wait_until 60 "not removed" gone keys
  steps see:Undo key:ctrl+z
  wait_until 60 "the removal was not taken back" healthy keys 1
  shot "$1-undone"
}
quiet_qml() { # LOG
  grep -iE 'TypeError|ReferenceError|binding loop|qrc:' "$1" && fail "QML complained"
  return 0
}

export XDG_CONFIG_HOME=$WORK/config-embedded
nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" up --data "$DATA" --api 127.0.0.1:0 --runtime process >"$WORK/node.out" 2>>"$WORK/node.log" </dev/null &
NODE_PID=$!
wait_until 60 "the engine in the window is not ready" grep -q '^ready ' "$WORK/node.out"
API=$(sed -n 's/^ready api=\([^ ]*\).*/\1/p' "$WORK/node.out")
keyboard_run embedded
u rm keys -y || fail "rm"
wait_until 60 "still there" gone keys
stop_node TERM || fail "the window ended badly"
quiet_qml "$WORK/node.log"

rm -rf "$DATA"
start_node
export XDG_CONFIG_HOME=$WORK/config-remote
cp "$DATA/api.token" "$WORK/token"
start_in_ns window "$UNIVRS" --connect-to "$API" --token-file "$WORK/token"
WINDOW_PID=${PIDS[-1]}
keyboard_run remote

say "the node is killed under the window"
steps key:ctrl+4 focused_part:"Name keys" key:Home key:Return see:"Details of keys"
stop_node KILL
steps see_part:"Connection lost: what you see may be old"
shot lost
say "it comes back at the same address: the window heals by itself"
API_ADDRESS=${API#http://}
API_ADDRESS=${API_ADDRESS%/} start_node
steps gone_part:"Connection lost: what you see may be old" tab_to:"One replica more"
wait_until 60 "the workload did not survive" healthy keys 1
u scale keys 2 || fail "scale"
wait_until 60 "not scaled" healthy keys 2
steps see_part:"Replicas of keys, 2 ready"
shot healed
kill "$WINDOW_PID"
wait "$WINDOW_PID" 2>/dev/null
quiet_qml "$WORK/window.log"
u rm keys -y || fail "rm"
wait_until 60 "still there" gone keys
stop_node TERM || fail "exit code"
echo "keyboard: ok"
