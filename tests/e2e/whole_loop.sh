#!/usr/bin/env bash
# From a manifest to real containers and back, by command line and by REST. usage: whole_loop.sh podman|docker
. "$(dirname "$0")/lib.sh"
e2e_begin "$1"
start_node

say "the node is open for business"
[ "$(stat -c %a "$DATA/api.token")" = 600 ] || fail "the token file is not private"
[ "$(api GET /readyz -o /dev/null -w '%{http_code}')" = 200 ] || wait_until 60 "the node is not ready" \
  sh -c "[ \$(nsenter --net=/run/netns/$UNIVRS_TEST_NETNS curl -s -o /dev/null -w '%{http_code}' $API/readyz) = 200 ]"
[ "$(in_ns curl -s -o /dev/null -w '%{http_code}' "$API/api/v1/workloads")" = 401 ] || fail "the API answers without a token"

cat >"$WORK/web.yaml" <<Y
name: web
replicas: 1
containers:
  - name: main
    image: $UNIVRS_TEST_LOCAL_IMAGE
    command: ["/bin/sh", "-c", "echo serving as \$HOSTNAME; exec httpd -f -p 8080 -h /www"]
    ports: [{container_port: 8080, host_port: 18080}]
    resource_requests: {cpu_cores: 0.1, memory_mb: 32}
    readiness: {http: {port: 8080, path: /}, period_seconds: 1}
stop_grace_seconds: 2
Y

say "plan changes nothing"
u plan "$WORK/web.yaml" | tee "$WORK/plan.txt" || fail "plan"
grep -q web "$WORK/plan.txt" || fail "the plan does not name the workload"
gone web || fail "a plan created the workload"

say "deploy by command line, waiting until healthy"
u deploy "$WORK/web.yaml" --timeout 120s || fail "deploy"
healthy web 1 || fail "deploy returned before it was healthy"
containers_are running 1 || fail "the engine does not run one container"
[ "$(in_ns curl -s --max-time 10 http://127.0.0.1:18080/)" = one ] || fail "the published port does not answer"
u logs web | grep -q 'serving as' || fail "no log"
u why web | tee "$WORK/why.txt"
grep -q "$(hostname)" "$WORK/why.txt" || fail "why does not name the node"

say "a client in a loop sees no refused connection from here on"
(
  n=0
  while [ ! -e "$WORK/client.stop" ]; do
    if [ -e "$WORK/client.pause" ]; then
      touch "$WORK/client.paused"
      sleep 0.1
      continue
    fi
    answer=$(in_ns curl -s --max-time 15 http://127.0.0.1:18080/) || { echo "curl $? after $n requests" >>"$WORK/client.failures"; }
    case "$answer" in one | two) ;; *) echo "answer '$answer' after $n requests" >>"$WORK/client.failures" ;; esac
    n=$((n + 1))
    echo $n >"$WORK/client.count"
  done
) &
PIDS+=($!)

say "scale 1 → 3 → 1"
u scale web 3 || fail "scale up"
wait_until 120 "never three" healthy web 3
wait_until 20 "not three containers" containers_are running 3

say "the node restarts in place: its containers do not notice, nor does the client"
ids=$(containers all | sort)
u node restart || fail "node restart"
wait_until 60 "not healthy after the restart" healthy web 3
[ "$ids" = "$(containers all | sort)" ] || fail "the restart touched containers"
u scale web 1 || fail "scale down"
wait_until 120 "never one again" healthy web 1
wait_until 60 "more than one container left" containers_are all 1

say "a container killed by hand is replaced"
victim=$(containers running)
u scale web 2 || fail "scale"
wait_until 120 "never two" healthy web 2
# A request that is inside a killed container is lost with it: the client rests for this one step.
touch "$WORK/client.pause"
wait_until 30 "the client does not pause" test -e "$WORK/client.paused"
engine_api -X POST "http://d/v1.40/containers/$victim/kill" || fail "kill"
told() { u events --workload web | grep -q 'backoff → .*running\|starting → running.*' && u events --workload web | grep -qi 'exited with code 137'; }
restarted() { api GET /api/v1/workloads/web | jq -e '.status.restarts >= 1 and .status.ready == 2'; }
wait_until 120 "the killed container was not replaced" restarted
wait_until 20 "the events do not tell of it" told
containers_are running 2 || fail "not two containers after the kill"
rm "$WORK/client.pause"

say "rolling update to another image"
sed 's|/www"\]|/tmp"]|; s|echo serving|echo two >/tmp/index.html; echo serving|' "$WORK/web.yaml" | sed 's/replicas: 1/replicas: 2/' >"$WORK/web2.yaml"
u deploy "$WORK/web2.yaml" --timeout 180s || fail "update"
healthy web 2 || fail "not healthy after the update"
[ "$(in_ns curl -s --max-time 10 http://127.0.0.1:18080/)" = two ] || fail "the new version does not serve"
wait_until 60 "old containers left" containers_are all 2
u update web --image 127.0.0.1:5000/team/bb:2 || fail "update --image"
image_updated() {
  api GET /api/v1/workloads/web/instances |
    jq -e '[.items[] | select(.containers[0].image == "127.0.0.1:5000/team/bb:2" and .ready)] | length == 2'
}
wait_until 180 "image not updated" image_updated
wait_until 180 "not healthy after the image update" healthy web 2
u undo web || fail "undo"
wait_until 180 "not healthy after the undo" healthy web 2

touch "$WORK/client.stop"
wait "${PIDS[-1]}" 2>/dev/null
say "the client made $(cat "$WORK/client.count") requests"
[ ! -s "$WORK/client.failures" ] || { cat "$WORK/client.failures"; fail "the client met failures"; }

say "exec"
[ "$(u exec web -- sh -c 'echo out; exit 0')" = out ] || fail "exec output"
u exec web -- sh -c 'exit 7'
[ $? = 7 ] || fail "exec exit code"
[ "$(echo hello | u exec -i web -- cat)" = hello ] || fail "exec with input"

say "remove"
u rm web -y || fail "rm"
wait_until 120 "the workload is still there" gone web
wait_until 60 "containers are left" containers_are all 0
in_ns curl -s --max-time 5 http://127.0.0.1:18080/ && fail "the port is still served"

say "the same by REST"
code=$(api POST /api/workloads -H 'Content-Type: application/json' -o "$WORK/created.json" -w '%{http_code}' \
  -d "{\"name\":\"short\",\"image\":\"$UNIVRS_TEST_LOCAL_IMAGE\",\"replicas\":1}")
[ "$code" = 201 ] || { cat "$WORK/created.json"; fail "the short form of the seed: $code"; }
api DELETE /api/workloads/short -o /dev/null
id=$(api POST /api/v1/workloads -H 'Content-Type: application/yaml' --data-binary @"$WORK/web.yaml" | jq -r .id)
[ -n "$id" ] && [ "$id" != null ] || fail "POST of a YAML manifest"
wait_until 120 "not healthy by REST" healthy "$id" 1
api GET "/api/v1/workloads/$id/logs?tail=5" | jq -e '.logs | contains("serving as")' >/dev/null || fail "logs by REST"
api GET "/api/v1/cluster/status" | jq -e '.total_nodes == 1 and .running_instances >= 1' >/dev/null || fail "cluster status"
api GET "/api/v1/nodes" | jq -e '.items[0].status == "ready"' >/dev/null || fail "nodes"
api GET "/api/v1/decisions" | jq -e '.count > 0' >/dev/null || fail "decisions"
etag=$(api GET "/api/v1/workloads/$id" -D - -o /dev/null | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
api POST "/api/v1/workloads/$id/scale" -H 'Content-Type: application/json' -d '{"replicas":2}' | jq -e .changed >/dev/null || fail "scale by REST"
code=$(api DELETE "/api/v1/workloads/$id" -H "If-Match: $etag" -o /dev/null -w '%{http_code}')
[ "$code" = 412 ] || fail "a stale If-Match was taken: $code"
wait_until 120 "not scaled by REST" healthy "$id" 2
code=$(api POST /api/v1/workloads -H 'Content-Type: application/json' -o "$WORK/bad.json" -w '%{http_code}' \
  -d '{"name":"Bad Name","containers":[{"name":"a","image":"x","ports":[{"container_port":70000}]}],"replicas":1,"colour":"red"}')
[ "$code" = 400 ] || fail "bad input: $code"
jq -e '.code == "VALIDATION_ERROR" and (.details.fields | length >= 3)' "$WORK/bad.json" >/dev/null || { cat "$WORK/bad.json"; fail "not all errors at once"; }
jq -r '.details.fields[].path' "$WORK/bad.json" | grep -qF 'containers[0].ports[0].container_port' || fail "no path to the fault"
api DELETE "/api/v1/workloads/$id" -o /dev/null -w '%{http_code}\n' | grep -q 204 || fail "DELETE"
wait_until 120 "still there" gone "$id"
wait_until 60 "containers are left" containers_are all 0

say "metrics"
api GET /metrics >"$WORK/metrics.txt"
if command -v promtool >/dev/null; then
  promtool check metrics <"$WORK/metrics.txt" || fail "promtool"
fi
grep -q '^orchestrator_container_creates_total [1-9]' "$WORK/metrics.txt" || fail "no containers were counted"

say "a clean end"
stop_node TERM || fail "exit code of the node"
[ ! -e "$DATA/api.address" ] || fail "api.address is left"
grep -iE 'error|assert' "$WORK/node.log" | grep -v 'level=error' | head -5
echo "whole loop on $ENGINE: ok"
