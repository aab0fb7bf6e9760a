#!/usr/bin/env bash
# Our node and our engine's peer among those of another implementation, over loopback in a network namespace of its own.
# usage: UNIVRS=PROGRAM UNIVRS_PEER=PROGRAM interop.sh js|go|rust|mesh|relay|punch|bench
# bench compares speed among those that can be made here (tests/bench/peers.py).
# Packages and what was compiled of them are kept in ${XDG_CACHE_HOME:-~/.cache}/univrs-interop (and where go keeps its own).
. "$(dirname "$0")/../e2e/lib.sh"
interop=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
which=${1:?usage: interop.sh js|go|rust|mesh|relay|punch|bench}
: "${UNIVRS_PEER:?the program of our peer}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/univrs-interop
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$cache"

skip() { echo "SKIP: $*"; exit 77; }
need() { local tool; for tool in "$@"; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done; }
# attempt LOG COMMAND…: shows the end of what it said when it failed.
attempt() { local log=$1; shift; "$@" >"$log" 2>&1 </dev/null || { tail -n 15 "$log"; return 1; }; }

# Each makes an executable $WORK/NAME that speaks the language of README.md.
prepare_js() {
  need node npm sha256sum
  local lock
  lock=$cache/js-$(sha256sum <"$interop/js/package-lock.json" | cut -c1-16)
  (
    flock 9
    [ -e "$lock/complete" ] && exit 0
    rm -rf "$lock"
    mkdir "$lock"
    cp "$interop"/js/package*.json "$lock/"
    # Not `npm ci`: a mirror may lack the packages for other systems, which the lock file then does not name.
    cd "$lock" && attempt npm.log npm install --no-save --no-audit --no-fund --loglevel=error && touch complete
  ) 9>"$cache/js.lock" || skip "js-libp2p cannot be installed here (is the npm registry within reach?)"
  mkdir "$WORK/js.d"
  cp "$interop"/js/*.mjs "$WORK/js.d/"
  ln -s "$lock/node_modules" "$WORK/js.d/node_modules"
  printf '#!/bin/sh\ncd %q && exec node --import ./polyfill.mjs peer.mjs\n' "$WORK/js.d" >"$WORK/js"
  chmod +x "$WORK/js"
}
prepare_go() {
  need go
  cd "$interop/go" || exit 1
  attempt "$WORK/go.log" go mod download || skip "go-libp2p cannot be had here (is the Go proxy within reach, is this Go new enough?)"
  attempt "$WORK/go.log" go build -trimpath -o "$WORK/go" . || fail "the go peer does not compile"
}
prepare_rust() {
  need cargo
  cd "$interop/rust" || exit 1
  attempt "$WORK/rust.log" cargo fetch --locked || skip "rust-libp2p cannot be had here (is crates.io within reach?)"
  local profile=dev folder=debug
  [ "$which" != bench ] || profile=release folder=release
  if ! attempt "$WORK/rust.log" cargo build --locked --profile "$profile" --target-dir "$cache/rust"; then
    ! grep -q 'requires rustc' "$WORK/rust.log" || skip "this Rust is too old for rust-libp2p"
    fail "the rust peer does not compile"
  fi
  cp "$cache/rust/$folder/univrs-interop-rust" "$WORK/rust"
}

e2e_begin process
ln -s "$UNIVRS_PEER" "$WORK/univrs"
if [ "$which" = mesh ]; then
  for peer in js go rust; do prepare_$peer; done
  in_ns timeout 300 python3 "$interop/driver/mesh.py" "$WORK" || fail "in a mesh of all implementations"
elif [ "$which" = relay ]; then
  there=()
  for peer in go rust; do (prepare_$peer) && there+=("$peer"); done
  [ ${#there[@]} -gt 0 ] || skip "neither go-libp2p nor rust-libp2p is here"
  for peer in "${there[@]}"; do
    in_ns timeout 300 python3 "$interop/driver/relay.py" "$WORK" "$peer" || fail "relays with $peer"
  done
elif [ "$which" = punch ]; then
  need nft
  prepare_rust
  . "$interop/../e2e/two_nats.sh"
  trap 'rc=$?; end_nats; (exit $rc); e2e_end' EXIT
  two_nats "$UNIVRS_TEST_NETNS" 45.33.10 # in namespaces of its own; some implementations want addresses that look public
  for peer in univrs rust; do
    for side in a b; do
      printf '#!/bin/sh\nexec nsenter --net=%q %q\n' "/run/netns/$UNIVRS_TEST_NETNS-$side" "$WORK/$peer" >"$WORK/$peer@$side"
      chmod +x "$WORK/$peer@$side"
    done
  done
  in_ns timeout 200 python3 "$interop/driver/punch.py" "$WORK" rust 45.33.10.1 || fail "hole punching with rust"
elif [ "$which" = bench ]; then
  there=(univrs)
  for peer in js go rust; do (prepare_$peer) && there+=("$peer"); done
  in_ns timeout 1500 python3 "$interop/../bench/peers.py" "$WORK" "${there[@]}"
else
  prepare_"$which"
  in_ns timeout 300 python3 "$interop/driver/pair.py" "$WORK" "$which" || fail "our engine with $which"
  start_node --port 0 --mdns off --listen 127.0.0.1
  P2P=$(sed -n 's/^ready .* p2p=\([^ ]*\).*/\1/p' "$WORK/node.out")
  in_ns timeout 300 python3 "$interop/driver/node.py" "$WORK" "$which" "$API" "$DATA/api.token" "$P2P" || fail "the node with $which"
  stop_node TERM || fail "exit code"
fi
say "done"
