#!/usr/bin/env bash
# A cluster from the command line: one node founds it, others join by a token and by a shared secret, know each other as members,
# keep it over restarts, and one is removed. A stranger, a used-up token, a token of another cluster are refused, in words.
. "$(dirname "$0")/lib.sh"
e2e_begin process
declare -A NODE_PIDS NODE_APIS NODE_P2P
launch() { # NAME [options]: in the background, its output kept
  local name=$1
  shift
  : >"$WORK/$name.out"
  nsenter --net="/run/netns/$UNIVRS_TEST_NETNS" "$UNIVRS" up --headless --data "$WORK/$name" --api 127.0.0.1:0 \
    --runtime process --mdns off --name "$name" --port 0 "$@" >"$WORK/$name.out" 2>>"$WORK/$name.log" </dev/null &
  NODE_PIDS[$name]=$!
  PIDS+=($!)
}
start_member() { # NAME [options]
  launch "$@"
  wait_until 60 "$1 is not ready" grep -q '^ready ' "$WORK/$1.out"
  NODE_APIS[$1]=$(sed -n 's/^ready api=\([^ ]*\).*/\1/p' "$WORK/$1.out")
  NODE_P2P[$1]=$(sed -n 's/^ready .* p2p=\([^ ]*\).*/\1/p' "$WORK/$1.out")
}
end_member() { # NAME [SIGNAL]
  kill -s "${2:-TERM}" "${NODE_PIDS[$1]}"
  wait "${NODE_PIDS[$1]}" 2>/dev/null
}
on() { # NAME verb…
  local name=$1
  shift
  in_ns "$UNIVRS" --data "$WORK/$name" "$@"
}
get() { # NAME PATH
  in_ns curl -sS --max-time 60 -H "Authorization: Bearer $(cat "$WORK/$1/api.token")" "${NODE_APIS[$1]}$2"
}
state_is() { get "$1" /api/v1/membership | jq -e --arg s "$2" '.state == $s'; }
knows() { get "$1" /api/v1/members | jq -e --arg id "$2" '[.items[] | select(.peer_id == $id and .connected)] | length == 1'; }
knows_not() { get "$1" /api/v1/members | jq -e --arg id "$2" '[.items[] | select(.peer_id == $id and .connected)] | length == 0'; }
show_logs() {
  local n
  for n in "${!NODE_PIDS[@]}"; do
    echo "--- $n"
    tail -n 20 "$WORK/$n.log"
  done >&2
}
trap 'rc=$?; [ $rc = 0 ] || show_logs; (exit $rc); e2e_end' EXIT

say "a node founds a cluster, and makes a token"
start_member a --bootstrap
A=$(on a id -q)
state_is a founder >/dev/null || fail "a founded nothing: $(get a /api/v1/membership)"
CLUSTER=$(on a cluster -q)
case $CLUSTER in uc*) ;; *) fail "the cluster is called $CLUSTER" ;; esac
TOKEN=$(on a token create --uses 2 --ttl 1h --note "two workers" 2>"$WORK/err.txt") || fail "no token: $(cat "$WORK/err.txt")"
cat "$WORK/err.txt"
case $TOKEN in univrs1.*) ;; *) fail "not a token: $TOKEN" ;; esac
[ "$(stat -c %a "$WORK/a/cluster.pem")" = 600 ] || fail "the cluster's key is open to others"

say "two nodes join with it and nothing else; a third is told that it is used up"
start_member b --join "$TOKEN"
UNIVRS_JOIN_TOKEN="$TOKEN" start_member c
B=$(on b id -q)
C=$(on c id -q)
wait_until 60 "b is no member" state_is b member
wait_until 60 "c is no member" state_is c member
wait_until 60 "a does not know b" knows a "$B"
wait_until 60 "a does not know c" knows a "$C"
wait_until 60 "b does not know a" knows b "$A"
on a members | tee "$WORK/members.txt"
grep -q 'b .*connected.*worker' "$WORK/members.txt" || fail "b is not in the list"
[ "$(on b cluster -q)" = "$CLUSTER" ] || fail "b is in another cluster"
get b /api/v1/info | jq -e '[.. | strings | select(startswith("univrs1."))] == []' >/dev/null || fail "a node shows its join token"
start_member d --join "$TOKEN"
D=$(on d id -q)
wait_until 60 "d was not told no" eval "get d /api/v1/membership | jq -e '.state == \"joining\" and (.problem | test(\"as often as it may be\"))'"
on d cluster
get d /healthz | jq -e '[.components[] | select(.name == "cluster" and .status == "degraded")] | length == 1' >/dev/null ||
  fail "health does not say that d is in no cluster"
on a token list | tee "$WORK/tokens.txt"
grep -q 'used up .*2 of 2.*two workers' "$WORK/tokens.txt" || fail "the list does not say that the token is used up"

say "who is in no cluster, or not the founder, makes no tokens for it; nonsense is refused"
on b token create >"$WORK/err.txt" 2>&1 && fail "b made a token"
cat "$WORK/err.txt"
on a token create --role boss >"$WORK/err.txt" 2>&1 && fail "a role of boss"
cat "$WORK/err.txt"
in_ns "$UNIVRS" up --headless --data "$WORK/e" --api 127.0.0.1:0 --runtime process --join "${TOKEN:0:60}" >"$WORK/e.out" 2>&1 &&
  fail "half a token was taken"
cat "$WORK/e.out"
grep -q 'cut short' "$WORK/e.out" || fail "the node does not say what is wrong with the token"

say "revoked, a token admits nobody"
SECOND=$(on a token create 2>/dev/null)
on a token revoke "$(get a /api/v1/tokens | jq -r '.items[0].id')" || fail "no revocation"
end_member d
start_member d --join "$SECOND"
wait_until 60 "d was not told of the revocation" eval "get d /api/v1/membership | jq -e '.problem | test(\"revoked\")'"

say "another cluster's token, and a node that has one already"
start_member z
OTHER=$(on z token create 2>/dev/null) || fail "the first token founds no cluster"
state_is z founder >/dev/null || fail "z is no founder"
end_member b
launch b --join "$OTHER"
wait "${NODE_PIDS[b]}" && fail "b went over to another cluster"
tail -n 1 "$WORK/b.log" "$WORK/b.out"
cat "$WORK/b.log" "$WORK/b.out" | grep -q "belongs to the cluster $CLUSTER" || fail "b does not say why"

say "membership outlives restarts, with the token still in the settings, and kill -9 of the founder"
start_member b --join "$TOKEN"
state_is b member >/dev/null || fail "b lost its membership"
wait_until 60 "a does not know b again" knows a "$B"
end_member a KILL
wait_until 60 "b does not notice" knows_not b "$A"
start_member a --bootstrap --port "$(echo "${NODE_P2P[a]}" | sed 's|.*/udp/\([0-9]*\)/.*|\1|')"
[ "$(on a cluster -q)" = "$CLUSTER" ] || fail "another cluster after a kill"
wait_until 120 "b did not come back" knows a "$B"
wait_until 120 "c did not come back" knows a "$C"
[ "$(get a /api/v1/members | jq '.items | length')" = 3 ] || fail "the founder forgot members"

say "a removed node is out everywhere, and learns it"
on b ping "${NODE_P2P[c]}" -n 1 >/dev/null || fail "b cannot reach c"
wait_until 60 "b does not know c as a member" knows b "$C"
on a node remove c || fail "c was not removed"
wait_until 60 "c was not told" state_is c removed
wait_until 60 "b still takes c for a member" knows_not b "$C"
on a members | grep -q "$C" && fail "c is still in the list"
on a node remove a >"$WORK/err.txt" 2>&1 && fail "the founder removed itself"
cat "$WORK/err.txt"
THIRD=$(on a token create 2>/dev/null)
end_member c
start_member c --join "$THIRD"
wait_until 60 "c could not come back with a new token" state_is c member
wait_until 60 "a does not know c again" knows a "$C"

say "a secret that both sides have is enough"
head -c 24 /dev/urandom | base64 >"$WORK/secret"
start_member s --bootstrap --join-secret "$WORK/secret"
start_member t --join-secret "$WORK/secret" --connect "${NODE_P2P[s]%/p2p/*}"
wait_until 60 "t is no member" state_is t member
[ "$(on t cluster -q)" = "$(on s cluster -q)" ] || fail "they are in different clusters"
echo "another secret, long enough" >"$WORK/wrong"
start_member w --join-secret "$WORK/wrong" --connect "${NODE_P2P[s]%/p2p/*}"
wait_until 60 "w was not told no" eval "get w /api/v1/membership | jq -e '.problem | test(\"not one of this cluster\")'"

say "they end cleanly"
for n in a b c d s t w z; do
  kill -TERM "${NODE_PIDS[$n]}"
  wait "${NODE_PIDS[$n]}" || fail "$n ended with $?"
done
say "done"
