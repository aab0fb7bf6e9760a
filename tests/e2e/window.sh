#!/usr/bin/env bash
# A file dropped on the window deploys a real container: embedded engine, then the window on a remote headless node.
. "$(dirname "$0")/lib.sh"
for tool in Xvfb xdotool; do
  command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
[ -n "${DND_SOURCE:-}" ] && [ -x "$DND_SOURCE" ] || { echo "SKIP: the drag source was not built"; exit 77; }
e2e_begin podman
. "$here/../gui/x11_input.sh"
start_display 1440 900
trap 'rc=$?; stop_display; (exit $rc); e2e_end' EXIT
export XDG_CONFIG_HOME=$WORK/config LIBGL_ALWAYS_SOFTWARE=1
shot() { [ -z "${SHOTS:-}" ] || import -window root "$SHOTS/$1.png"; }
cat >"$WORK/dropped.yaml" <<Y
name: dropped
replicas: 1
stop_grace_seconds: 1
containers:
  - name: main
    image: $UNIVRS_TEST_LOCAL_IMAGE
    command: ["/bin/sh", "-c", "while :; do echo hello from the window; sleep 1; done"]
Y

say "the window with its engine inside"
nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" up --data "$DATA" --api 127.0.0.1:0 --runtime docker --engine-socket "$UNIVRS_TEST_SOCKET" >"$WORK/node.out" 2>>"$WORK/node.log" </dev/null &
NODE_PID=$!
wait_until 60 "the engine in the window is not ready" grep -q '^ready ' "$WORK/node.out"
API=$(sed -n 's/^ready api=\([^ ]*\).*/\1/p' "$WORK/node.out")
wait_until 60 "no window" wait_window Univrs
sleep 2
shot empty
drop_files Univrs "$WORK/dropped.yaml" || fail "the drop was not taken"
sleep 2
shot sheet
gone dropped || fail "a drop alone deployed it"
press Univrs ctrl+Return
wait_until 120 "the dropped manifest does not run" healthy dropped 1
containers_are running 1 || fail "no container"
sleep 3
shot running
say "the window is closed: the workload goes on"
kill -TERM $NODE_PID
wait $NODE_PID
rc=$?
NODE_PID=""
[ $rc = 0 ] || fail "the window ended with $rc"
containers_are running 1 || fail "the container ended with the window"

say "the same window on a headless node"
start_node
cp "$DATA/api.token" "$WORK/token"
nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" --connect-to "$API" --token-file "$WORK/token" >"$WORK/window.out" 2>"$WORK/window.log" </dev/null &
PIDS+=($!)
wait_window Univrs >/dev/null || { cat "$WORK/window.out" "$WORK/window.log"; fail "no remote window"; }
sleep 3
shot remote
sed 's/name: dropped/name: afar/' "$WORK/dropped.yaml" >"$WORK/afar.yaml"
drop_files Univrs "$WORK/afar.yaml" || fail "the drop was not taken"
sleep 2
press Univrs ctrl+Return
wait_until 120 "the remote window did not deploy" healthy afar 1
sleep 2
shot remote-running
kill "${PIDS[-1]}" 2>/dev/null
grep -iE 'TypeError|ReferenceError|binding loop' "$WORK/window.log" "$WORK/node.log" && fail "QML complained"
u rm afar -y || fail "rm"
u rm dropped -y || fail "rm"
wait_until 60 "containers are left" containers_are all 0
stop_node TERM || fail "exit code"
echo "window: ok"
