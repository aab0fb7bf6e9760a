#!/usr/bin/env bash
# Two laptops behind two NATs, and a bootstrap node on the public network between them. The laptops reserve places at the
# bootstrap node and reach each other through it. Where their NATs keep ports, the way over the relay soon gives way to a
# direct one, which outlives the bootstrap node; where every connection gets another port, it stays and works.
. "$(dirname "$0")/lib.sh"
e2e_begin process
command -v nft >/dev/null || { echo "SKIP: no nft"; exit 77; }
. "$here/two_nats.sh"
NS=$UNIVRS_TEST_NETNS # the public network, with the bootstrap node
declare -A NODE_PIDS NODE_APIS
cleanup() {
  local rc=$? n
  if [ $rc != 0 ]; then
    for n in "${!NODE_PIDS[@]}"; do echo "--- $n"; tail -n 20 "$WORK/$n.log"; done >&2
  fi
  for n in "${PIDS[@]}"; do kill -KILL "$n" 2>/dev/null; wait "$n" 2>/dev/null; done
  PIDS=()
  end_nats
  (exit $rc)
  e2e_end
}
trap cleanup EXIT
peer() { # NAME NAMESPACE [options]
  local name=$1 ns=$2
  shift 2
  : >"$WORK/$name.out"
  nsenter --net="/run/netns/$ns" "$UNIVRS" up --headless --data "$WORK/$name" --api 127.0.0.1:0 --runtime process \
    --mdns off "$@" >"$WORK/$name.out" 2>>"$WORK/$name.log" </dev/null &
  NODE_PIDS[$name]=$!
  PIDS+=($!)
  wait_until 60 "$name is not ready" grep -q '^ready ' "$WORK/$name.out"
  NODE_APIS[$name]=$(sed -n 's/^ready api=\([^ ]*\).*/\1/p' "$WORK/$name.out")
}
on() { # NAME NAMESPACE verb…
  local name=$1 ns=$2
  shift 2
  nsenter --net="/run/netns/$ns" "$UNIVRS" --data "$WORK/$name" "$@"
}
get() { # NAME NAMESPACE PATH
  nsenter --net="/run/netns/$2" curl -sS --max-time 30 -H "Authorization: Bearer $(cat "$WORK/$1/api.token")" "${NODE_APIS[$1]}$3"
}
has_circuit() { get "$1" "$NS-$1" /api/v1/network | jq -e '[.addresses[] | select(test("/p2p-circuit"))] | length > 0'; }
relayed() { # NAME PEERID
  get "$1" "$NS-$1" /api/v1/peers | jq -e --arg id "$2" '[.items[] | select(.id == $id) | .connections[] | select(.relayed)] | length > 0'
}

member() { get "$1" "$NS-$1" /api/v1/membership | jq -e '.state == "member"'; }

direct() { # NAME PEERID: and no way over a relay is left
  get "$1" "$NS-$1" /api/v1/peers | jq -e --arg id "$2" '[.items[] | select(.id == $id) | .connections[] | .relayed] | length > 0 and (any | not)'
}
any_direct() {
  get "$1" "$NS-$1" /api/v1/peers | jq -e --arg id "$2" '[.items[] | select(.id == $id) | .connections[] | select(.relayed | not)] | length > 0'
}
ended() { # NAME
  kill -TERM "${NODE_PIDS[$1]}"
  wait "${NODE_PIDS[$1]}" || fail "$1 ended with $?"
  unset "NODE_PIDS[$1]"
}

two_nats "$NS" 198.51.100
for kind in "" random; do
  say "masquerade ${kind:-keeping ports}"
  nat "$NS" a $kind
  nat "$NS" b $kind
  peer boot$kind "$NS" --bootstrap --port 9000
  # Another port the second time: the routers remember for two minutes how they mapped the first one.
  port=$([ -z "$kind" ] && echo 9000 || echo 9001)
  rm -rf "$WORK/a" "$WORK/b"
  R=$(on boot$kind "$NS" id -q)
  if [ -z "$kind" ]; then # strangers: a relay carries little of theirs, enough to arrange the direct way
    peer a "$NS-a" --port $port --connect "/ip4/198.51.100.1/udp/9000/quic-v1"
    peer b "$NS-b" --port $port --connect "/ip4/198.51.100.1/udp/9000/quic-v1"
  else # members, who know no more of the bootstrap node than their token says
    TOKEN=$(on boot$kind "$NS" token create --uses 2 2>/dev/null) || fail "no token"
    peer a "$NS-a" --port $port --join "$TOKEN"
    peer b "$NS-b" --port $port --join "$TOKEN"
    wait_until 60 "a is no member" member a
    wait_until 60 "b is no member" member b
  fi
  A=$(on a "$NS-a" id -q)
  B=$(on b "$NS-b" id -q)
  wait_until 60 "a has no place at the relay" has_circuit a
  wait_until 60 "b has no place at the relay" has_circuit b
  in_ns timeout 3 bash -c 'echo >/dev/tcp/198.51.100.20/9000' 2>/dev/null && fail "the NAT lets strangers in"
  wait_until 60 "a does not reach b" on a "$NS-a" ping "/ip4/198.51.100.1/udp/9000/quic-v1/p2p/$R/p2p-circuit/p2p/$B" -n 1
  if [ -z "$kind" ]; then
    wait_until 90 "a is not connected to b directly alone" direct a "$B"
    wait_until 90 "b is not connected to a directly alone" direct b "$A"
    on a "$NS-a" peers
    on a "$NS-a" peers | grep -q relayed && fail "peers says relayed"
    say "the relay ends"
    ended boot
    on a "$NS-a" ping "$B" -n 3 || fail "a cannot ping b without the relay"
    on b "$NS-b" ping "$A" -n 3 || fail "b cannot ping a without the relay"
    direct a "$B" && direct b "$A" || fail "they are not connected directly any more"
    ended a
    ended b
  else
    wait_until 60 "a is not connected to b over the relay" relayed a "$B"
    wait_until 60 "b is not connected to a over the relay" relayed b "$A"
    on a "$NS-a" peers
    on a "$NS-a" peers | grep -q relayed || fail "peers does not say relayed"
    sleep 40 # three tries to get through; none can
    any_direct a "$B" && fail "a got through a NAT that nobody gets through"
    relayed a "$B" && relayed b "$A" || fail "they are not connected over the relay any more"
    on b "$NS-b" ping "$A" -n 2 || fail "b cannot ping a"
    say "behind its NAT, a is a member for b as well"
    wait_until 60 "b does not know a as a member" eval "get b '$NS-b' /api/v1/members | jq -e --arg id '$A' '[.items[] | select(.peer_id == \$id and .connected)] | length == 1'"
    for n in a b boot$kind; do
      ended "$n"
    done
  fi
  PIDS=()
done
say "done"
