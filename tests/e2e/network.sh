#!/usr/bin/env bash
# Three nodes find each other from the command line: one that others begin with, one that dials its QUIC address without knowing
# its id, one that dials a host name over TCP. They see, ping and lose each other, and come together again.
. "$(dirname "$0")/lib.sh"
e2e_begin process
declare -A NODE_PIDS NODE_APIS NODE_P2P
start_peer() { # NAME [options]: a node with a data folder of its own; its ready line is kept
  local name=$1
  shift
  : >"$WORK/$name.out"
  nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" up --headless --data "$WORK/$name" --api 127.0.0.1:0 \
    --runtime process --mdns off "$@" >"$WORK/$name.out" 2>>"$WORK/$name.log" </dev/null &
  NODE_PIDS[$name]=$!
  PIDS+=($!)
  wait_until 60 "$name is not ready" grep -q '^ready ' "$WORK/$name.out"
  NODE_APIS[$name]=$(sed -n 's/^ready api=\([^ ]*\).*/\1/p' "$WORK/$name.out")
  NODE_P2P[$name]=$(sed -n 's/^ready .* p2p=\([^ ]*\).*/\1/p' "$WORK/$name.out")
}
on() { # NAME verb…
  local name=$1
  shift
  in_ns "$UNIVRS" --data "$WORK/$name" "$@"
}
get() { # NAME PATH
  in_ns curl -sS --max-time 60 -H "Authorization: Bearer $(cat "$WORK/$1/api.token")" "${NODE_APIS[$1]}$2"
}
sees() { # NAME PEERID: as a connected peer that has said who it is
  get "$1" /api/v1/peers | jq -e --arg id "$2" '[.items[] | select(.id == $id and .connected and .agent != "")] | length == 1'
}
sees_not() { get "$1" /api/v1/peers | jq -e --arg id "$2" '[.items[] | select(.id == $id and .connected)] | length == 0'; }
show_logs() {
  local n
  for n in "${!NODE_PIDS[@]}"; do
    echo "--- $n"
    tail -n 20 "$WORK/$n.log"
  done >&2
}
trap 'rc=$?; [ $rc = 0 ] || show_logs; (exit $rc); e2e_end' EXIT

say "a node says where others reach it"
start_peer a --bootstrap --port 9000
case ${NODE_P2P[a]} in
  /ip[46]/*/udp/9000/quic-v1/p2p/12D3KooW*) ;;
  *) fail "the ready line: $(cat "$WORK/a.out")" ;;
esac
A=$(on a id -q)
[ "${NODE_P2P[a]##*/}" = "$A" ] || fail "id says $A, the ready line ${NODE_P2P[a]}"
on a id | tee "$WORK/id.txt"
grep -q '/ip4/127.0.0.1/tcp/9000' "$WORK/id.txt" || fail "no TCP address"
get a /api/v1/network | jq -e '.protocols | index("/ipfs/id/1.0.0") and index("/ipfs/ping/1.0.0")' >/dev/null || fail "protocols"

say "others connect: by QUIC without an id, by name over TCP"
start_peer b --port 0 --connect /ip4/127.0.0.1/udp/9000/quic-v1
start_peer c --port 0 --connect /dns/localhost/tcp/9000
B=$(on b id -q)
C=$(on c id -q)
wait_until 60 "a does not see b" sees a "$B"
wait_until 60 "a does not see c" sees a "$C"
wait_until 60 "b does not see a" sees b "$A"
get a /api/v1/peers | jq -e --arg b "$B" --arg c "$C" '
  ([.items[] | select(.id == $b) | .connections[0].transport] == ["quic-v1"]) and
  ([.items[] | select(.id == $c) | .connections[0] | .transport, .security, .muxer] == ["tcp", "noise", "yamux"])' >/dev/null ||
  { get a /api/v1/peers; fail "not over the transports asked for"; }
on a peers
get a /api/stats | jq -e --arg id "$A" '.local_peer_id == $id and .peer_count >= 2' >/dev/null || fail "stats"

say "ping, by id, by the beginning of one, by address; and who is not there"
on a ping "$B" -n 2 || fail "ping by id"
on a ping "${C:0:20}" -n 1 || fail "ping by the beginning of an id"
on b ping /ip4/127.0.0.1/tcp/9000/p2p/"$A" -n 1 || fail "ping by address"
on a ping 12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq -n 1 2>"$WORK/err.txt" && fail "an unknown peer answered"
cat "$WORK/err.txt"
for address in /ip4/127.0.0.1/udp/9000/quic-v1 /ip4/127.0.0.1/tcp/9000; do
  on b ping "$address/p2p/12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq" -n 1 2>"$WORK/err.txt" &&
    fail "a node answered for another one's id"
  cat "$WORK/err.txt"
done

say "b and c find each other through a"
wait_until 120 "b does not know c" eval "get b /api/v1/peers | jq -e --arg c '$C' '[.items[] | select(.id == \$c)] | length == 1'"
on b ping "$C" -n 1 || fail "b cannot reach c"

say "the first node is killed, and comes back with the same id"
kill -KILL "${NODE_PIDS[a]}"
wait "${NODE_PIDS[a]}" 2>/dev/null
wait_until 60 "b does not notice" sees_not b "$A"
get b /healthz | jq -e '[.components[] | select(.name == "network" and .status == "degraded")] | length == 1' >/dev/null ||
  fail "health does not say that the network is degraded"
start_peer a --bootstrap --port 9000
[ "$(on a id -q)" = "$A" ] || fail "another id"
wait_until 120 "b did not come back" sees b "$A"
wait_until 120 "c did not come back" sees c "$A"

say "garbage on the port does no harm"
in_ns python3 - <<'P'
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for size in (0, 1, 20, 100, 1200, 1400, 9000):
    for _ in range(200):
        s.sendto(os.urandom(size), ("127.0.0.1", 9000))
for _ in range(20):
    t = socket.create_connection(("127.0.0.1", 9000))
    t.sendall(os.urandom(500))
    t.close()
P
on b ping "$A" -n 1 || fail "a does not answer after garbage"

say "a taken port, a wrong address: said in words"
in_ns "$UNIVRS" up --headless --data "$WORK/d" --api 127.0.0.1:0 --runtime process --port 9000 >"$WORK/d.out" 2>&1 && fail "two on one port"
cat "$WORK/d.out"
grep -q 9000 "$WORK/d.out" || fail "the port is not named"
in_ns "$UNIVRS" up --headless --data "$WORK/e" --api 127.0.0.1:0 --runtime process --port 0 --connect nonsense >"$WORK/e.out" 2>&1 &&
  fail "nonsense was taken for an address"
grep -q nonsense "$WORK/e.out" || { cat "$WORK/e.out"; fail "the address is not named"; }

say "they end cleanly, and the others know at once"
for n in b c a; do
  kill -TERM "${NODE_PIDS[$n]}"
  wait "${NODE_PIDS[$n]}" || fail "$n ended with $?"
done
say "done"
