#!/usr/bin/env bash
# kill -9 of the node during each phase of a life, then recovery: nothing leaked, nothing doubled; the state file damaged
# or its disk full: a clear error, nothing lost. usage: killed.sh podman
. "$(dirname "$0")/lib.sh"
e2e_begin "$1"
start_node
spec() { # REPLICAS WORD
  cat <<Y
name: web
replicas: $1
stop_grace_seconds: 1
containers:
  - name: main
    image: $UNIVRS_TEST_LOCAL_IMAGE
    command: ["/bin/sh", "-c", "echo $2; exec sleep 10000"]
Y
}
revive() { stop_node KILL; start_node; }
settled() { # REPLICAS: healthy, and exactly that many containers
  wait_until 180 "not healthy after kill -9" healthy web "$1"
  wait_until 60 "not exactly $1 containers" containers_are all "$1"
}

say "killed while deploying, at many moments"
for delay in 0 0.02 0.05 0.1 0.2 0.3 0.5 0.8; do
  spec 2 first >"$WORK/m.yaml"
  u deploy "$WORK/m.yaml" --no-wait >/dev/null || fail "deploy"
  sleep "$delay"
  revive
  settled 2
  u rm web -y >/dev/null || fail "rm"
  wait_until 60 "containers are left" containers_are all 0
done

say "killed while scaling, updating, removing"
spec 2 first >"$WORK/m.yaml"
u deploy "$WORK/m.yaml" >/dev/null || fail "deploy"
u scale web 4 --no-wait >/dev/null || fail "scale"; sleep 0.1; revive; settled 4
u scale web 2 --no-wait >/dev/null || fail "scale"; sleep 0.1; revive; settled 2
for delay in 0.1 0.5 1 2; do
  spec 2 "version-$delay" >"$WORK/m.yaml"
  u deploy "$WORK/m.yaml" --no-wait >/dev/null || fail "update"
  sleep "$delay"
  revive
  settled 2
  wait_until 60 "old version runs" sh -c "nsenter --net=/run/netns/$UNIVRS_TEST_NETNS $UNIVRS --data $DATA logs web | grep -c version-$delay\$ | grep -qx 2"
done
say "containers go on while the node is away, and one that dies is replaced when it is back"
stop_node KILL
containers_are running 2 || fail "containers died with the node"
engine_api -X DELETE "http://d/v1.40/containers/$(containers running | head -1)?force=true"
start_node
settled 2
u rm web -y --no-wait >/dev/null || u rm web -y >/dev/null
sleep 0.1
revive
wait_until 120 "still there" gone web
wait_until 60 "containers are left" containers_are all 0

say "a second node on the same folder is refused"
in_ns "$UNIVRS" up --headless --data "$DATA" --api 127.0.0.1:0 >"$WORK/second.out" 2>&1 && fail "two nodes share a folder"
cat "$WORK/second.out"

say "a damaged state file is told, and left as it is"
spec 1 kept >"$WORK/m.yaml"
u deploy "$WORK/m.yaml" >/dev/null || fail "deploy"
u backup "$WORK/backup.db" || fail "backup"
stop_node TERM || fail "exit code"
cp "$DATA/state.db" "$WORK/good.db"
dd if=/dev/urandom of="$DATA/state.db" bs=1024 count=16 conv=notrunc status=none
sum=$(sha256sum <"$DATA/state.db")
in_ns "$UNIVRS" up --headless --data "$DATA" --api 127.0.0.1:0 --engine-socket "$UNIVRS_TEST_SOCKET" >"$WORK/damaged.out" 2>&1 && fail "started on a damaged file"
cat "$WORK/damaged.out"
grep -q 'state.db' "$WORK/damaged.out" || fail "the error does not name the file"
[ "$sum" = "$(sha256sum <"$DATA/state.db")" ] || fail "the damaged file was changed"
rm -f "$DATA"/state.db*
cp "$WORK/backup.db" "$DATA/state.db"
start_node
settled 1
stop_node TERM

say "a full disk: clear error, the old state stays, goes on when there is room"
mkdir "$WORK/small"
mount -t tmpfs -o size=3m tmpfs "$WORK/small" || fail "tmpfs"
cp -a "$DATA/." "$WORK/small/"
old_data=$DATA
DATA=$WORK/small
start_node
dd if=/dev/zero of="$WORK/small/ballast" bs=1024 count=4000 status=none 2>/dev/null
head -c 900000 /dev/zero | tr '\0' x >"$WORK/big.txt"
jq -n --rawfile big "$WORK/big.txt" --arg i "$UNIVRS_TEST_LOCAL_IMAGE" \
  '{name: "big", replicas: 0, containers: [range(0; 3) | {name: "c\(.)", image: $i, args: ([range(0; 28)] | map($big[. * 32000: (. + 1) * 32000]))}]}' >"$WORK/big.json"
code=$(api POST /api/v1/workloads -H 'Content-Type: application/json' -d @"$WORK/big.json" -o "$WORK/full.json" -w '%{http_code}')
cat "$WORK/full.json" | head -c 600; echo
[ "$code" = 507 ] || { umount -l "$WORK/small"; fail "a full disk answered $code"; }
healthy web 1 || { umount -l "$WORK/small"; fail "the old state is gone"; }
rm "$WORK/small/ballast"
wait_until 60 "does not go on when there is room" sh -c "nsenter --net=/run/netns/$UNIVRS_TEST_NETNS $UNIVRS --data $DATA scale web 0"
wait_until 60 "containers are left" containers_are all 0
stop_node TERM
umount -l "$WORK/small"
DATA=$old_data
echo "killed: ok"
