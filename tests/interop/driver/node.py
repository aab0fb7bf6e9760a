"""The real node, by its REST API, with peers of another implementation: node.py FOLDER WHICH API TOKENFILE P2P"""
import base64
import json
import sys
import urllib.error
import urllib.request

from peers import AGENTS, QUIC, STRANGER, TCP, Peer, check, until

folder, which, api, token_file, p2p = sys.argv[1:6]
token = open(token_file).read().strip()
quic, node_id = p2p.rsplit("/p2p/", 1)
TOPOLOGY = "/univrs/1.0.0/topology"


def rest(method, path, body=None):
    request = urllib.request.Request(
        api + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    try:
        return json.load(urllib.request.urlopen(request, timeout=60))
    except urllib.error.HTTPError as e:
        return json.load(e)


def known(peer):
    return next((p for p in rest("GET", "/api/v1/peers")["items"] if p["id"] == peer), {})


tcp = next(a for a in rest("GET", "/api/v1/network")["listening"] if "/tcp/" in a)
print(f"-- {which} dials the node, by QUIC and by TCP: ping, identify")
dialers = []
for address in (quic, tcp):
    peer = Peer(folder, which)
    dialers.append(peer)
    check(peer.do("dial", address=f"{address}/p2p/{node_id}")["peer"] == node_id, "another id")
    check(peer.do("ping", peer=node_id)["rtt"] > 0, "no round trip")
    told = peer.do("identify", peer=node_id)
    check(told["agent"].startswith("univrs/"), f"identify: {told}")
    # rust reads only signed records in the form of the RFC, which go and js do not read.
    check(told["signed"] or which == "rust", f"no signed peer record: {told}")
    check({"/ipfs/id/1.0.0", "/ipfs/ping/1.0.0", "/ipfs/kad/1.0.0", "/meshsub/1.1.0"} <= set(told["protocols"]), str(told))
    check({quic, tcp} <= {a.split("/p2p/")[0] for a in told["listen"]}, f"addresses: {told}")
    check("/ip4/127.0.0.1/" in told["observed"], f"observed: {told}")
    there = until("the node does not know the peer", lambda: known(peer.id).get("agent") and known(peer.id))
    check(AGENTS[which] in there["agent"], there["agent"])
    check(there["connections"][0]["transport"] == ("tcp" if address == tcp else "quic-v1"), str(there["connections"]))

print(f"-- the node dials {which}, by QUIC and by TCP")
listeners = []
for listen in (QUIC, TCP):
    peer = Peer(folder, which, listen=[listen])
    listeners.append(peer)
    wrong = rest("POST", "/api/v1/network/ping", {"peer": peer.addresses[0].rsplit("/p2p/", 1)[0] + "/p2p/" + STRANGER})
    check(wrong.get("code") and "another peer" in wrong["error"], f"a stranger's id: {wrong}")
    answer = rest("POST", "/api/v1/network/ping", {"peer": peer.addresses[0]})
    check(answer.get("peer_id") == peer.id and answer["rtt_us"] > 0, str(answer))
    until("the peer did not hear who we are", lambda: any(e["event"] == "identified" and e["peer"] == node_id for e in list(peer.events)))
    until("the node does not know whom it dialled", lambda: AGENTS[which] in known(peer.id).get("agent", ""))

print("-- gossip: what the node says arrives, signed, at every subscriber; what others say is believed when it makes sense")
everyone = dialers + listeners
for peer in everyone:
    peer.do("subscribe", topic=TOPOLOGY)
for peer in everyone:
    until("the node does not subscribe", lambda: node_id in peer.do("subscribers", topic=TOPOLOGY)["peers"])
for i, peer in enumerate(everyone):
    peer.do("publish", topic=TOPOLOGY, data=base64.b64encode(b"\x0a\x06peer-%d" % i).decode())
for i, peer in enumerate(everyone):
    until("the node did not take a message of a peer", lambda: known(peer.id).get("name") == f"peer-{i}")
    # Dialers have no connection but ours: what they hear of each other came through the node.
    heard = lambda: {author for author, _ in peer.messages(TOPOLOGY)}
    until("a message did not arrive", lambda: {o.id for o in everyone if o is not peer} <= heard())
until("the node's own word does not arrive", lambda: all(node_id in {m[0] for m in peer.messages(TOPOLOGY)} for peer in everyone))
for peer in everyone:
    seen = peer.messages(TOPOLOGY)
    check(len(seen) == len(set(seen)), "a message came twice")
everyone[0].do("publish", topic=TOPOLOGY, data=base64.b64encode(b"\x0a\xff nonsense").decode())
until("the mesh does not hold us", lambda: any(node_id in peer.mesh(TOPOLOGY) for peer in everyone))

print(f"-- Kademlia: {which} finds another {which} that only our node knows")
until("we are not in the peer's table", lambda: node_id in dialers[0].do("kad_table")["peers"])
until("our node did not lead there",
      lambda: (found := dialers[0].ask("kad_find_peer", peer=listeners[0].id))["ok"] and found["addresses"])

print("-- a peer that goes is noticed")
listeners[1].stop()
until("the node did not notice", lambda: not known(listeners[1].id).get("connected"))
for peer in dialers + listeners[:1]:
    peer.stop()
until("the node did not notice", lambda: rest("GET", "/api/v1/network")["connected_peers"] == 0)
print(f"-- {which} with the node: ok")
