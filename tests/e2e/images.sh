#!/usr/bin/env bash
# An image from an archive without a registry; cancelling a slow pull, an update and a load. usage: images.sh podman|docker
. "$(dirname "$0")/lib.sh"
e2e_begin "$1"
start_node
wait_until 60 "the node is not ready" api GET /readyz -f

# make_archive FILE TAG BYTES: a busybox image with so much noise in it that nothing of it is anywhere yet.
make_archive() {
  local work=$WORK/make d c
  mkdir -p "$work" && tar -C "$work" -xf "$UNIVRS_TEST_DIR/two.tar" layer.tar &&
    head -c "$3" /dev/urandom >"$work/noise" && tar -C "$work" -rf "$work/layer.tar" noise && rm "$work/noise" || return 1
  d=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(case $(uname -m) in x86_64) echo amd64 ;; aarch64) echo arm64 ;; *) uname -m ;; esac)" "$d" >"$work/config.json"
  c=$(sha256sum "$work/config.json" | cut -d' ' -f1)
  mv "$work/config.json" "$work/$c.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$c" "$2" >"$work/manifest.json"
  tar -C "$work" -cf "$1" manifest.json "$c.json" layer.tar && rm -r "$work"
}

say "an archive is loaded and its image runs by its tag"
archive=$UNIVRS_TEST_DIR/two.tar
tag=localhost/univrs-test/busybox:2
u image ls -q | grep -qx "$tag" && fail "the image is there before it was loaded"
(cd "$UNIVRS_TEST_DIR" && u image load two.tar) >"$WORK/load.txt" 2>"$WORK/load.err" || { cat "$WORK/load.err"; fail "image load"; }
grep -q "$tag" "$WORK/load.txt" || { cat "$WORK/load.txt"; fail "load does not name the image"; }
u image ls | grep -q "$tag" || fail "image ls does not show it"
api GET /api/v1/images | jq -e --arg t "$tag" '[.items[].tags[]] | index($t) != null' >/dev/null || fail "GET /api/v1/images"
u events | grep -q "two.tar loaded: $tag" || fail "no event of the load"
cat >"$WORK/loaded.yaml" <<Y
name: loaded
image: $tag
command: [httpd, -f, -p, "8080", -h, /www]
ports: [{container_port: 8080, host_port: 18081}]
readiness: {tcp: {port: 8080}, period_seconds: 1}
Y
u deploy "$WORK/loaded.yaml" --timeout 120s || fail "deploy of the loaded image"
[ "$(in_ns curl -s --max-time 10 http://127.0.0.1:18081/)" = two ] || fail "the loaded image does not serve"

say "what is no archive is refused in words, by every door"
echo hello >"$WORK/note.tar"
u image load "$WORK/note.tar" 2>"$WORK/err.txt" && fail "a text file was loaded"
grep -q 'a text file' "$WORK/err.txt" || { cat "$WORK/err.txt"; fail "not said what it is"; }
code=$(api POST /api/v1/images/load -H 'Content-Type: application/json' -d '{"path":"note.tar"}' -o "$WORK/err.json" -w '%{http_code}')
[ "$code" = 400 ] || fail "a relative path was taken: $code"
grep -q 'not absolute' "$WORK/err.json" || { cat "$WORK/err.json"; fail "not said that the path must be absolute"; }
code=$(api POST /api/v1/images/load -H 'Content-Type: application/json' -d '{"path":"/nowhere.tar"}' -o "$WORK/err.json" -w '%{http_code}')
[ "$code" = 404 ] || fail "a file that is not there: $code"
head -c 300000 "$archive" >"$WORK/cut.tar"
u image load "$WORK/cut.tar" 2>"$WORK/err.txt" && fail "half an archive was loaded"
grep -Eq 'cut short|not whole' "$WORK/err.txt" || { cat "$WORK/err.txt"; fail "not said that it is cut short"; }

say "a pull from a slow registry is cancelled, and not tried again by itself"
for n in 1 2; do
  make_archive "$WORK/slow.tar" slow:$n 3000000 || fail "the image for the registry was not made"
  in_ns skopeo --insecure-policy --tmpdir "$WORK" copy -q --dest-tls-verify=false "docker-archive:$WORK/slow.tar" \
    "docker://127.0.0.1:5000/team/slow:$n" || fail "the image was not pushed"
done
start_in_ns slow_proxy python3 "$here/slow_proxy.py" 5001 5000 20000 "$WORK/fast"
wait_until 20 "the proxy does not listen" in_ns curl -sf http://127.0.0.1:5001/v2/
cat >"$WORK/slow.yaml" <<Y
name: slow
image: 127.0.0.1:5001/team/slow:1
replicas: 2
command: [sleep, "1000"]
stop_grace_seconds: 1
Y
u deploy "$WORK/slow.yaml" --no-wait || fail "deploy"
pulls() { api GET /api/v1/operations | jq -e '[.items[] | select(.kind == "pull")] | length >= 1'; }
wait_until 60 "no pull is under way" pulls
u operations | tee "$WORK/ops.txt"
grep -q 'pull' "$WORK/ops.txt" || fail "operations does not show the pull"
id=$(u operations -q | head -1)
api POST "/api/v1/commands/cancel_operation?dry_run=true" -H 'Content-Type: application/json' -d "{\"operation\":\"$id\"}" |
  jq -e '.plan[0].action == "cancel"' >/dev/null || fail "dry run of cancel_operation"
pulls >/dev/null || fail "the dry run cancelled it"
u cancel "$id" || fail "cancel"
cancelled() {
  api GET /api/v1/workloads/slow/instances |
    jq -e '[.items[] | select(.status == "failed" and .cancelled and (.message | contains("restart to try again")))] | length == 2'
}
wait_until 60 "the instances do not say that their pull was cancelled" cancelled
before=$(api GET /api/v1/workloads/slow/instances | jq -r '[.items[].id] | sort | join(" ")')
degraded() { api GET /api/v1/workloads/slow | jq -e '.status.health == "degraded" and (.status.reason | contains("cancelled by"))'; }
wait_until 20 "the workload does not say why" degraded
sleep 8 # longer than control's resync and its first waits
[ "$(api GET /api/v1/workloads/slow/instances | jq -r '[.items[].id] | sort | join(" ")')" = "$before" ] || fail "it was tried again by itself"
pulls >/dev/null && fail "it pulls again by itself"
u audit | grep -q cancel_operation || fail "the cancel was not audited"
u cancel "$id" 2>"$WORK/err.txt" && fail "cancelled twice"
grep -qi 'under way' "$WORK/err.txt" || { cat "$WORK/err.txt"; fail "not said that it is over"; }

say "a restart tries again"
touch "$WORK/fast"
u restart slow --timeout 120s || fail "restart"
healthy slow 2 >/dev/null || fail "not healthy after the restart"

say "an update shows its progress; cancelling it takes it back"
rm "$WORK/fast"
u update slow --image 127.0.0.1:5001/team/slow:2 --no-wait || fail "update"
rolling() { api GET /api/v1/operations | jq -e '[.items[] | select(.kind == "update" and .total == 2 and .cancellable and (.message | startswith("rolling to 2")))] | length == 1'; }
wait_until 60 "no update is shown" rolling
u cancel update-"$(api GET /api/v1/workloads/slow | jq -r .id)" | tee "$WORK/cancel.txt" || fail "cancel of the update"
grep -q undo "$WORK/cancel.txt" || fail "not said that it was an undo"
api GET /api/v1/workloads/slow | jq -e '.containers[0].image == "127.0.0.1:5001/team/slow:1"' >/dev/null || fail "the update was not taken back"
touch "$WORK/fast"
wait_until 120 "not healthy after the cancelled update" healthy slow 2
no_operations() { api GET /api/v1/operations | jq -e '.count == 0'; }
wait_until 60 "operations are left" no_operations
u rm slow -y || fail "rm"
u rm loaded -y || fail "rm"
wait_until 60 "containers are left" containers_are all 0

say "a load is cancelled"
make_archive "$WORK/big.tar" localhost/univrs-test/big:1 700000000 || fail "the big archive was not made"
u image load "$WORK/big.tar" >"$WORK/load.txt" 2>"$WORK/load.err" &
loader=$!
loading() { api GET /api/v1/operations | jq -e '[.items[] | select(.kind == "load" and .subject == "big.tar")] | length == 1'; }
wait_until 30 "the load is not shown" loading
u cancel big.tar || fail "cancel of the load"
wait $loader
[ $? != 0 ] || fail "a cancelled load succeeded"
grep -q 'cancelled' "$WORK/load.err" || { cat "$WORK/load.err"; fail "the caller is not told"; }
wait_until 30 "the load is still shown" no_operations
rss() { awk '/VmHWM/ {print $2}' "/proc/$NODE_PID/status"; }
[ "$(rss)" -lt 600000 ] || fail "the node grew to $(rss) KiB"

say "done"
