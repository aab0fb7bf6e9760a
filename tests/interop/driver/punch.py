"""Hole punching among our engine and another implementation, each behind a NAT of its own, with a relay of ours on the network
between them: punch.py FOLDER WHICH. The peers NAME@a and NAME@b run in the networks behind the two NATs."""
import sys

from peers import Peer, check, until

folder, other, public = sys.argv[1:4]
OPTIONS = {"gossipsub": None, "kad": None}


def direct(a, b):
    """Connections of a to b that go over no relay."""
    return [c for c in a.do("connections")["connections"] if c["peer"] == b.id and not c["limited"]]


for number, (behind_is, dialler_is) in enumerate((("univrs", other), (other, "univrs"))):
    relay = Peer(folder, "univrs", listen=[f"/ip4/{public}/udp/{9000 + number}/quic-v1"], relay="server", **OPTIONS)
    # Other ports in each round: the routers remember how they mapped those of the last.
    listen = [f"/ip4/0.0.0.0/udp/{9100 + number}/quic-v1"]
    behind = Peer(folder, behind_is + "@a", listen=listen, relay="client", dcutr=True, **OPTIONS)
    dialler = Peer(folder, dialler_is + "@b", listen=listen, relay="client", dcutr=True, **OPTIONS)
    print(f"-- {dialler} behind one NAT, {behind} behind another")
    place = relay.addresses[0]
    behind.do("reserve", address=place)
    dialler.do("dial", address=place)
    for end in (behind, dialler):  # identify has told each how the world sees it
        until("the relay was not identified", lambda: any(e["event"] == "identified" and e["peer"] == relay.id for e in list(end.events)))
    check(dialler.do("dial", address=f"{place}/p2p-circuit/p2p/{behind.id}")["peer"] == behind.id, "another id")
    for a, b in ((behind, dialler), (dialler, behind)):
        until(lambda: f"no direct connection: {a.do('connections')}", lambda: direct(a, b))
        check(all("/quic-v1" in c["address"] and "/p2p-circuit" not in c["address"] for c in direct(a, b)), str(direct(a, b)))
    relay.stop()
    for a, b in ((behind, dialler), (dialler, behind)):
        check(a.do("echo", peer=b.id, bytes=1 << 20)["bytes"] == 1 << 20, "echo without the relay")
    behind.stop()
    dialler.stop()
print(f"-- holes with {other}: ok")
