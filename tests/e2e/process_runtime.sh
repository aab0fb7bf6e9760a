#!/usr/bin/env bash
# The same loop without a container engine: plain processes.
. "$(dirname "$0")/lib.sh"
e2e_begin process
start_node
cat >"$WORK/web.yaml" <<Y
name: web
replicas: 2
stop_grace_seconds: 2
containers:
  - name: main
    image: "host:"
    command: ["/bin/sh", "-c", "mkdir -p $WORK/www; echo hi >$WORK/www/index.html; exec busybox httpd -f -p 127.0.0.1:\$PORT -h $WORK/www"]
    ports: [{container_port: 8080, host_port: 18081}]
Y
u deploy "$WORK/web.yaml" || fail "deploy"
healthy web 2 || fail "not healthy"
[ "$(in_ns curl -s --max-time 10 http://127.0.0.1:18081/)" = hi ] || fail "the port does not answer"
say "a busy program's CPU shows near its real use"
cat >"$WORK/busy.yaml" <<Y
name: busy
stop_grace_seconds: 1
containers:
  - name: main
    image: "host:"
    command: ["/bin/sh", "-c", "while :; do :; done"]
Y
u deploy "$WORK/busy.yaml" || fail "deploy busy"
# Two programs may share few cores with others: what it really got is what its processes' time says.
busy_shows() { api GET '/api/v1/usage?of=workload&id=busy' | jq -e '[.items[0].points[].cpu_millicores] | max > 100'; }
wait_until 90 "no usage of a busy program" busy_shows
busy_pid=$(pgrep -f '^/bin/sh -c while :; do :; done$' -n) || fail "the busy program does not run"
ticks() { awk '{print $14 + $15}' "/proc/$busy_pid/stat"; }
t0=$(ticks) && s0=$(date +%s%N) && sleep 31 && t1=$(ticks) && s1=$(date +%s%N)
real=$(((t1 - t0) * 1000000000000 / $(getconf CLK_TCK) / (s1 - s0)))
shown=$(api GET '/api/v1/usage?of=workload&id=busy&from=31s' | jq '[.items[0].points[].cpu_millicores] | add / length | floor')
[ $((shown * 10)) -gt $((real * 6)) ] && [ $((shown * 10)) -lt $((real * 14)) ] || fail "CPU $shown m shown, $real m used"
u stats busy | grep -q '^busy ' || fail "stats"
u stats --nodes -o json | jq -e '.items[0].current.memory_bytes > 0' >/dev/null || fail "stats of nodes"
u rm busy -y || fail "rm busy"
say "kill -9 of one program, then of the node"
pkill -KILL -f "busybox httpd -f -p 127.0.0.1:[0-9]* -h $WORK/www" -o || fail "nothing to kill"
restarted() { api GET /api/v1/workloads/web | jq -e '.status.restarts >= 1 and .status.ready == 2'; }
wait_until 60 "not replaced" restarted
stop_node KILL
[ "$(pgrep -fc "busybox httpd -f -p 127.0.0.1:[0-9]* -h $WORK/www")" = 2 ] || fail "programs died with the node"
start_node
wait_until 60 "not found again" healthy web 2
[ "$(pgrep -fc "busybox httpd -f -p 127.0.0.1:[0-9]* -h $WORK/www")" = 2 ] || fail "programs were doubled"
u rm web -y || fail "rm"
wait_until 60 "still there" gone web
wait_until 30 "programs are left" sh -c "! pgrep -f 'busybox httpd -f -p 127.0.0.1:[0-9]* -h $WORK/www'"
stop_node TERM || fail "exit code"
echo "process runtime: ok"
