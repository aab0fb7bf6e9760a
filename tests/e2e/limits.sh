#!/usr/bin/env bash
# Limits are enforced, and shown to be; digests are checked; broken images are told. usage: limits.sh podman|docker
. "$(dirname "$0")/lib.sh"
e2e_begin "$1"
start_node
workload() { # NAME JSON-of-container-fields [JSON-of-workload-fields]
  local extra=${3:-'{}'}
  jq -n --arg n "$1" --argjson c "$2" --argjson w "$extra" \
    '{name: $n, replicas: 1, stop_grace_seconds: 1, containers: [({name: "main"} + $c)]} + $w' |
    api POST /api/v1/workloads -H 'Content-Type: application/json' -d @- -o "$WORK/answer.json" -w '%{http_code}' | grep -q 201 ||
    { cat "$WORK/answer.json"; fail "$1 was not accepted"; }
}
instance() { # WORKLOAD JQ-CONDITION on its first instance
  api GET "/api/v1/workloads/$1/instances" | jq -e ".items[0] | $2"
}
message() { api GET "/api/v1/workloads/$1/instances" | jq -r '.items[0] | .message + " " + (.containers[0].oom_killed | tostring)'; }

say "memory: a container that takes more is killed, and that is said"
workload hog "{\"image\":\"$UNIVRS_TEST_LOCAL_IMAGE\",\"command\":[\"sh\",\"-c\",\"sleep 1; tail /dev/zero\"],\"resource_limits\":{\"memory_mb\":32}}" '{"restart_policy":"never"}'
wait_until 120 "never ended" instance hog '.status == "failed"'
message hog | tee "$WORK/oom.txt"
grep -qi 'oom' "$WORK/oom.txt" || fail "the reason does not say OOM"
grep -q true "$WORK/oom.txt" || fail "oom_killed is not set"
u rm hog -y || fail "rm hog"

say "CPU: a busy loop gets its share and no more"
workload busy "{\"image\":\"$UNIVRS_TEST_LOCAL_IMAGE\",\"command\":[\"sh\",\"-c\",\"while :; do :; done\"],\"resource_limits\":{\"cpu_cores\":0.25}}"
wait_until 120 "busy does not run" healthy busy 1
pid=$(engine_api "http://d/v1.40/containers/$(containers running | head -1)/json" | jq .State.Pid)
cpu_ms() { awk '{print ($14 + $15) * 10}' "/proc/$pid/stat"; }
a=$(cpu_ms); t0=$(date +%s%N); sleep 8; b=$(cpu_ms); t1=$(date +%s%N)
share=$(( (b - a) * 1000000 * 100 / (t1 - t0) ))
say "busy loop used $share % of a core, limit 25 %"
[ $share -le 32 ] || fail "the CPU limit is not enforced"
u rm busy -y || fail "rm busy"

say "digest: the right one runs, a wrong one is refused"
digest=$(in_ns skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://127.0.0.1:5000/team/bb:1)
workload pinned "{\"image\":\"127.0.0.1:5000/team/bb@$digest\",\"command\":[\"sleep\",\"1000\"]}"
wait_until 120 "the pinned image does not run" healthy pinned 1
instance pinned ".containers[0].image_digest == \"$digest\"" >/dev/null || fail "the digest is not shown"
wrong=sha256:$(printf '0%.0s' $(seq 64))
workload wrong "{\"image\":\"127.0.0.1:5000/team/bb@$wrong\",\"command\":[\"sleep\",\"1000\"]}"
wait_until 120 "the wrong digest is not told" instance wrong '.message | test("manifest|digest|not found|unknown"; "i")'
api GET /api/v1/workloads/wrong | jq -e '.status.health == "degraded"' >/dev/null || fail "a pull that fails is not degraded"
u rm wrong -y || fail "rm wrong"
u rm pinned -y || fail "rm pinned"

say "crash loop is shown as such"
workload crash "{\"image\":\"$UNIVRS_TEST_LOCAL_IMAGE\",\"command\":[\"sh\",\"-c\",\"echo about to fail >&2; exit 3\"]}"
wait_until 180 "no crash loop" instance crash .crash_loop
api GET /api/v1/workloads/crash | jq -r .status.reason
u logs crash | grep -q 'about to fail' || fail "the log of a crashing container"
u rm crash -y || fail "rm crash"
wait_until 60 "containers are left" containers_are all 0
stop_node TERM || fail "exit code"
echo "limits on $ENGINE: ok"
