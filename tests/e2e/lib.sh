# Sourced by the end-to-end tests: a real node of ours on a real container engine, in a network namespace of its own.
# usage: . lib.sh; e2e_begin podman|docker|process
# Then: start_node, u (the command line on that node), api (curl on its API), in_ns, wait_until.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
UNIVRS=${UNIVRS:-$here/../../build/release/app/univrs}
[ -x "$UNIVRS" ] || { echo "there is no program at $UNIVRS" >&2; exit 1; }
engine_env=$here/../plugins/docker/engine_env.sh
NODE_PID=""
PIDS=()

say() { echo "-- $*"; }
fail() {
  echo "FAILED: $*" >&2
  if [ -n "${DATA:-}" ] && [ -d "$DATA" ]; then
    echo "--- node log (last lines)" >&2
    tail -n 40 "$WORK/node.log" >&2
    echo "--- workloads" >&2
    u ps -a >&2 || true
    u events >&2 || true
  fi
  exit 1
}

# A namespace for nodes without a container engine.
bare_namespace() {
  UNIVRS_TEST_NETNS=univrs-e2e-$$
  ip netns add "$UNIVRS_TEST_NETNS" || { echo "SKIP: no network namespaces here"; exit 77; }
  ip -n "$UNIVRS_TEST_NETNS" link set lo up
}

e2e_begin() {
  [ "$(id -u)" = 0 ] || { echo "SKIP: not root"; exit 77; }
  ENGINE=$1
  WORK=$(mktemp -d /tmp/ue2e.XXXX)
  DATA=$WORK/node
  trap e2e_end EXIT
  if [ "$ENGINE" = process ]; then
    bare_namespace
    return
  fi
  local out rc
  out=$(bash "$engine_env" start "$ENGINE" "$WORK/e" $$)
  rc=$?
  [ $rc != 77 ] || { echo "SKIP: engine not available"; exit 77; }
  [ $rc = 0 ] || fail "the $ENGINE engine did not start"
  eval "$out"
}

e2e_end() {
  local rc=$?
  trap - EXIT
  stop_node KILL
  local p
  for p in "${PIDS[@]}"; do
    kill -KILL "$p" 2>/dev/null
    wait "$p" 2>/dev/null
  done
  if [ "$ENGINE" = process ]; then
    # Shims outlive a killed node by design: end what this test left, found by its data folder.
    for p in $(pgrep -f "univrs-shim.*$WORK" 2>/dev/null); do kill -KILL "$p" 2>/dev/null; done
    ip netns del "$UNIVRS_TEST_NETNS" 2>/dev/null
  else
    bash "$engine_env" stop "$WORK/e" >/dev/null 2>&1
  fi
  rm -rf "$WORK"
  exit $rc
}

in_ns() { nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$@"; }
u() { in_ns "$UNIVRS" --data "$DATA" "$@"; }
# start_in_ns NAME COMMAND…: runs it in the background until the test ends, its output in $WORK/NAME.log. Not `in_ns … &`: that
# remembers the shell around the command, and the command then lives on and keeps the test's output open.
start_in_ns() {
  local log=$WORK/$1.log
  shift
  nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$@" </dev/null >"$log" 2>&1 &
  PIDS+=($!)
}
API=""
api() { # METHOD PATH [curl options]
  local method=$1 path=$2
  shift 2
  in_ns curl -sS --max-time 60 -X "$method" -H "Authorization: Bearer $(cat "$DATA/api.token")" "$@" "$API$path"
}

# wait_until SECONDS WHAT COMMAND…: polls; fails the test with WHAT.
wait_until() {
  local seconds=$1 what=$2 end
  shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what (waited $seconds s)"
    sleep 0.2
  done
}

# start_node [more options]: waits for its ready line.
start_node() {
  local options=(--headless --data "$DATA" --api "${API_ADDRESS:-127.0.0.1:0}")
  if [ "$ENGINE" = process ]; then
    options+=(--runtime process)
  else
    options+=(--runtime docker --engine-socket "$UNIVRS_TEST_SOCKET")
  fi
  : >"$WORK/node.out"
  nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" up "${options[@]}" "$@" >"$WORK/node.out" 2>>"$WORK/node.log" </dev/null &
  NODE_PID=$!
  local end=$((SECONDS + 60))
  until grep -q '^ready ' "$WORK/node.out"; do
    kill -0 $NODE_PID 2>/dev/null || fail "the node ended at its start"
    [ $SECONDS -lt $end ] || fail "the node is not ready"
    sleep 0.05
  done
  API=$(sed -n 's/^ready api=\([^ ]*\).*/\1/p' "$WORK/node.out")
}

stop_node() { # [SIGNAL]
  [ -n "$NODE_PID" ] || return 0
  kill -s "${1:-TERM}" "$NODE_PID" 2>/dev/null
  wait "$NODE_PID" 2>/dev/null
  local rc=$?
  NODE_PID=""
  return $rc
}

# What the engine itself says: ids of our containers, running ones or all (engine containers NAME-FILTER [all]).
engine_api() { curl -sS --max-time 30 --unix-socket "$UNIVRS_TEST_SOCKET" "$@"; }
containers() { # all|running
  local all=false
  [ "$1" = all ] && all=true
  engine_api "http://d/v1.40/containers/json?all=$all" | jq -r '.[] | select(.Labels["io.univrs.instance"] != null) | .Id'
}
count_containers() { containers "$1" | grep -c .; }
containers_are() { # all|running NUMBER
  [ "$(count_containers "$1")" = "$2" ]
}
healthy() { # WORKLOAD REPLICAS
  api GET "/api/v1/workloads/$1" | jq -e --argjson n "$2" '.status.health == "healthy" and .status.ready == $n and .replicas == $n'
}
gone() { # WORKLOAD
  [ "$(api GET "/api/v1/workloads/$1" -o /dev/null -w '%{http_code}')" = 404 ]
}
