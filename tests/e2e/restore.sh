#!/usr/bin/env bash
# univrs restore: what a backup says runs again, after it was removed and after the state file was damaged.
. "$(dirname "$0")/lib.sh"
e2e_begin process
start_node
cat >"$WORK/web.yaml" <<Y
name: web
stop_grace_seconds: 1
containers:
  - name: main
    image: "host:"
    command: ["/bin/sh", "-c", "mkdir -p $WORK/www; echo hi >$WORK/www/index.html; exec busybox httpd -f -p 127.0.0.1:\$PORT -h $WORK/www"]
    ports: [{container_port: 8080, host_port: 18081}]
Y
u deploy "$WORK/web.yaml" || fail "deploy"
(cd "$WORK" && u backup backup.db) || fail "backup"
u rm web -y || fail "rm"

say "refused while the node runs, with a file that is none, with one that is not there"
u restore "$WORK/backup.db" 2>"$WORK/err" && fail "restored under a running node"
cat "$WORK/err"
grep -q 'runs' "$WORK/err" && grep -q 'Stop it' "$WORK/err" || fail "it does not say why"
stop_node TERM || fail "exit code"
head -c 8192 /dev/urandom >"$WORK/noise.db"
sum=$(sha256sum <"$DATA/state.db")
u restore "$WORK/noise.db" 2>"$WORK/err" && fail "restored noise"
cat "$WORK/err"
[ "$sum" = "$(sha256sum <"$DATA/state.db")" ] || fail "the state was changed"
u restore "$WORK/none.db" 2>"$WORK/err"
[ $? = 4 ] || fail "exit code for a missing file"

say "what was removed runs again"
(cd "$WORK" && u restore backup.db -o json) | tee "$WORK/restored.json" || fail "restore"
aside=$(jq -r .replaced "$WORK/restored.json")
[ -s "$aside" ] || fail "what was replaced is not kept"
start_node
wait_until 60 "not back" healthy web 1
wait_until 30 "the port does not answer" sh -c "nsenter --net=/run/netns/$UNIVRS_TEST_NETNS curl -sf --max-time 5 http://127.0.0.1:18081/ | grep -qx hi"
stop_node TERM || fail "exit code"

say "a damaged state file names the way out, which works"
dd if=/dev/urandom of="$DATA/state.db" bs=1024 count=16 conv=notrunc status=none
in_ns "$UNIVRS" up --headless --data "$DATA" --api 127.0.0.1:0 --runtime process 2>"$WORK/err" && fail "started on a damaged file"
cat "$WORK/err"
grep -q "univrs --data $DATA restore FILE" "$WORK/err" || fail "the error does not name the command"
u restore "$WORK/backup.db" || fail "restore over a damaged file"
start_node
wait_until 60 "not back" healthy web 1
u rm web -y || fail "rm"
stop_node TERM || fail "exit code"
echo "restore: ok"
