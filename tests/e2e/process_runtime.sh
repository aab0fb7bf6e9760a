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
