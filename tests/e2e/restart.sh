#!/usr/bin/env bash
# A node that restarts in place under load: no connection refused on a published port or on the API, instances untouched,
# a log follow that goes on, an upgraded program taken, a broken one refused.
. "$(dirname "$0")/lib.sh"
e2e_begin process
mkdir "$WORK/app"
cp -r "$(dirname "$UNIVRS")/univrs" "$(dirname "$UNIVRS")/univrs-shim" "$(dirname "$UNIVRS")/plugins" "$WORK/app/" || fail "copy"
UNIVRS=$WORK/app/univrs
start_node
cat >"$WORK/m.yaml" <<Y
name: web
replicas: 2
stop_grace_seconds: 2
containers:
  - name: main
    image: "host:"
    command: ["/bin/sh", "-c", "mkdir -p $WORK/www; echo hi >$WORK/www/index.html; exec busybox httpd -f -p 127.0.0.1:\$PORT -h $WORK/www"]
    ports: [{container_port: 8080, host_port: 18081}]
---
name: clock
stop_grace_seconds: 1
containers:
  - name: main
    image: "host:"
    command: ["/bin/sh", "-c", "n=0; while :; do n=\$((n + 1)); echo tick \$n; sleep 0.02; done"]
Y
u deploy "$WORK/m.yaml" || fail "deploy"
picture() { u ps -i -o json | jq -c '[.items[] | {id, restart_count, started_at, containers: [.containers[]? | {container_id, restart_count}]}] | sort_by(.id)'; }
descriptors() { find "/proc/$NODE_PID/fd" -maxdepth 1 -type l | wc -l; }
settled_descriptors() { # waits until connections have ended
  local n before=0 i
  for i in $(seq 50); do n=$(descriptors); [ "$n" = "$before" ] && break; before=$n; sleep 0.2; done
  echo "$n"
}
ready_lines() { grep -c '^ready ' "$WORK/node.out"; }
ready_lines_are() { [ "$(ready_lines)" = "$1" ]; }
before=$(picture)
echo "$before" | jq -e 'length == 3' >/dev/null || fail "not three instances: $before"
pids=$(pgrep -f "busybox httpd -f -p 127.0.0.1:[0-9]* -h $WORK/www" | sort | tr '\n' ' ')

say "clients on a published port and on the API, and a log follow"
in_ns python3 "$here/client_loop.py" "$WORK/stop" "$WORK/report" 127.0.0.1:18081/ "${API#http://}/healthz" &
CLIENT=$!
nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" --data "$DATA" logs clock -f >"$WORK/follow.out" 2>"$WORK/follow.err" &
FOLLOW=$!
PIDS+=("$FOLLOW")
sleep 1

say "restart 1: by command"
u node restart | tee "$WORK/restart.out" || fail "node restart"
grep -q 'is restarting' "$WORK/restart.out" || fail "it does not say so"
ready_lines_are 2 || fail "no second ready line"
sleep 1
say "restart 2: by SIGUSR2"
kill -USR2 "$NODE_PID"
wait_until 60 "no third ready line" ready_lines_are 3
sleep 1
say "restart 3: by REST, to an upgraded program at the same path"
cp "$UNIVRS" "$WORK/app/univrs.new" && mv "$WORK/app/univrs.new" "$UNIVRS"
readlink "/proc/$NODE_PID/exe" | grep -q deleted || fail "the old program should be gone by now"
api POST "/api/v1/nodes/$(hostname)/restart" | jq -e '.changed' >/dev/null || fail "REST"
wait_until 60 "no fourth ready line" ready_lines_are 4
readlink "/proc/$NODE_PID/exe" | grep -q deleted && fail "the new program was not taken"
sleep 1

say "a program that does not run is refused, and the node goes on"
mv "$UNIVRS" "$WORK/app/good"
printf '#!/bin/sh\necho broken >&2\nexit 1\n' >"$UNIVRS"
chmod +x "$UNIVRS"
code=$(api POST "/api/v1/nodes/$(hostname)/restart" -o "$WORK/refused.json" -w '%{http_code}')
mv "$WORK/app/good" "$UNIVRS"
cat "$WORK/refused.json"; echo
[ "$code" = 503 ] || fail "a broken program was answered with $code"
grep -q broken "$WORK/refused.json" || fail "it does not say what the program said"
api POST "/api/v1/nodes/elsewhere/restart" -o /dev/null -w '%{http_code}' | grep -q 404 || fail "another node"

touch "$WORK/stop"
wait $CLIENT
tail -n 20 "$WORK/report"
grep -q FAILED "$WORK/report" && fail "clients were refused"
[ "$(awk '$2 > 300' "$WORK/report" | wc -l)" = 2 ] || fail "the clients did too little"
[ "$before" = "$(picture)" ] || fail "instances changed: $before / $(picture)"
[ "$pids" = "$(pgrep -f "busybox httpd -f -p 127.0.0.1:[0-9]* -h $WORK/www" | sort | tr '\n' ' ')" ] || fail "programs changed"
u audit -o json | jq -e '[.items[] | select(.command == "restart_node" and .ok)] | length == 3' >/dev/null || fail "not audited"

say "the follow went on, no line twice, none left out"
kill -TERM "$FOLLOW"
wait "$FOLLOW"
cat "$WORK/follow.err"
[ "$(grep -c 'The connection is back' "$WORK/follow.err")" = 3 ] || fail "the follow did not come back three times"
awk '$0 != "tick " NR { print "line " NR ": " $0; exit 1 }' "$WORK/follow.out" || fail "the follow's lines are not one after another"
[ "$(wc -l <"$WORK/follow.out")" -gt 100 ] || fail "the follow showed too little"

say "nothing piles up over many restarts"
open=$(settled_descriptors)
for i in 5 6 7 8; do
  u node restart >/dev/null || fail "restart"
  ready_lines_are $i || fail "restart $i"
done
[ "$(settled_descriptors)" -le "$open" ] || fail "descriptors: $open, now $(descriptors)"
[ -z "$(ps -o stat= --ppid "$NODE_PID" | grep Z)" ] || fail "zombies"
wait_until 60 "not healthy" healthy web 2

say "SIGTERM right after SIGUSR2 ends it, and leaves the workloads"
kill -USR2 "$NODE_PID"
kill -TERM "$NODE_PID"
wait "$NODE_PID"
rc=$?
NODE_PID=""
[ $rc = 0 ] || fail "exit code $rc"
[ "$pids" = "$(pgrep -f "busybox httpd -f -p 127.0.0.1:[0-9]* -h $WORK/www" | sort | tr '\n' ' ')" ] || fail "programs ended"
start_node
wait_until 60 "not found again" healthy web 2
u rm web clock -y || fail "rm"
stop_node TERM || fail "exit code"
echo "restart: ok"
