# Two networks behind two NATs, and a public one between them, in network namespaces: source it after lib.sh.
#   two_nats NS PREFIX        the public network is namespace NS (PREFIX.1); NS-a is behind a router at PREFIX.10, NS-b behind
#                             one at PREFIX.20, where nothing comes in that was not asked for
#   nat NS NAME [random]      what the router of NAME does from now on: ports are kept, or every connection gets another
#   end_nats                  takes them away; NS itself stays
NAT_SPACES=()
must() { "$@" || fail "$*"; }
nat_space() {
  must ip netns add "$1"
  NAT_SPACES+=("$1")
  must ip -n "$1" link set lo up
}
nat_side() { # NS PREFIX NUMBER NAME: NAME at 192.168.NUMBER.2 behind a router at PREFIX.NUMBER0
  local ns=$1 n=$3 l=$1-$4 r=$1-r$4
  nat_space "$l"
  nat_space "$r"
  must ip -n "$r" link add lan type veth peer name eth0 netns "$l"
  must ip -n "$r" link add wan type veth peer name "r$4" netns "$ns"
  must ip -n "$ns" link set "r$4" master public up
  must ip -n "$r" addr add "$2.${n}0/24" dev wan
  must ip -n "$r" addr add "192.168.$n.1/24" dev lan
  must ip -n "$l" addr add "192.168.$n.2/24" dev eth0
  must ip -n "$r" link set wan up
  must ip -n "$r" link set lan up
  must ip -n "$l" link set eth0 up
  must ip -n "$l" route add default via "192.168.$n.1"
  must ip netns exec "$r" sysctl -qw net.ipv4.ip_forward=1
}
nat() {
  ip netns exec "$1-r$2" nft -f - <<R || { echo "SKIP: no masquerade here"; exit 77; }
flush ruleset
table ip nat {
  chain post {
    type nat hook postrouting priority 100;
    oifname "wan" masquerade ${3:-}
  }
}
table ip guard {
  chain ours {
    type filter hook input priority 0; policy accept;
    iifname "wan" ct state new drop
  }
  chain through {
    type filter hook forward priority 0; policy accept;
    iifname "wan" ct state new drop
  }
}
R
}
two_nats() {
  must ip -n "$1" link add public type bridge
  must ip -n "$1" addr add "$2.1/24" dev public
  must ip -n "$1" link set public up
  nat_side "$1" "$2" 1 a
  nat_side "$1" "$2" 2 b
  nat "$1" a
  nat "$1" b
}
end_nats() {
  local n
  for n in "${NAT_SPACES[@]}"; do ip netns del "$n" 2>/dev/null; done
  NAT_SPACES=()
}
