#!/usr/bin/env bash
# The real program among js-libp2p nodes: both directions, QUIC and TCP; ping, identify, gossipsub, Kademlia.
# usage: UNIVRS=PROGRAM js_peer.sh FOLDER — js-libp2p is installed into FOLDER (from js/package-lock.json) and kept there.
. "$(dirname "$0")/../e2e/lib.sh"
interop=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?usage: js_peer.sh FOLDER}
for tool in node npm; do
  command -v $tool >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
# Not `npm ci`: a mirror may lack the packages for other systems, which the lock file then does not name.
mkdir -p "$folder"
cp "$interop"/js/* "$folder/"
if ! cmp -s "$folder/package-lock.json" "$folder/installed-lock.json"; then
  (cd "$folder" && npm install --no-save --no-audit --no-fund --loglevel=error) >"$folder/npm.log" 2>&1 ||
    { tail -n 5 "$folder/npm.log"; echo "SKIP: js-libp2p cannot be installed here (is the npm registry within reach?)"; exit 77; }
  cp "$folder/package-lock.json" "$folder/installed-lock.json"
fi
e2e_begin process
start_node --port 0 --mdns off --listen 127.0.0.1
P2P=$(sed -n 's/^ready .* p2p=\([^ ]*\).*/\1/p' "$WORK/node.out")
in_ns timeout 300 python3 "$interop/js_peer.py" "$folder" "$API" "$DATA/api.token" "$P2P" || fail "with js-libp2p"
stop_node TERM || fail "exit code"
say "done"
