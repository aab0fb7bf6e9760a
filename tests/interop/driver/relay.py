"""Circuit relay v2 among our engine and another implementation, each as the relay, behind it, and dialling through it:
relay.py FOLDER WHICH"""
import sys

from peers import QUIC, TCP, Peer, check, until

folder, other = sys.argv[1:3]
CASES = [("univrs", other, "univrs"), ("univrs", "univrs", other), (other, "univrs", other), (other, other, "univrs"),
         (other, "univrs", "univrs"), ("univrs", other, other)]
SMALL = 30_000  # bytes: a stranger's circuit carries 128 KiB


def circuit(relay_is, behind_is, dialler_is, transport):
    options = {"gossipsub": None, "kad": None}
    relay = Peer(folder, relay_is, listen=[transport], relay="server", **options)
    behind = Peer(folder, behind_is, relay="client", **options)
    dialler = Peer(folder, dialler_is, relay="client", **options)
    stranger = Peer(folder, dialler_is, relay="client", **options)
    kind = transport.split("/")[3]
    print(f"-- {dialler} through {relay} to {behind}, over {kind}")
    place = next(a for a in relay.addresses if "/p2p-circuit" not in a)  # go names that one too
    way = f"{place}/p2p-circuit/p2p/"
    check(not stranger.ask("dial", address=way + behind.id)["ok"], "a circuit to a peer that reserved no place")
    places = behind.do("reserve", address=place)["addresses"]
    check(any("/p2p-circuit" in p and relay.id in p for p in places), f"addresses over the relay: {places}")
    check(dialler.do("dial", address=way + behind.id)["peer"] == behind.id, "another id")
    for a, b in ((dialler, behind), (behind, dialler)):
        there = until("no circuit", lambda: [c for c in a.do("connections")["connections"] if c["peer"] == b.id])
        check(len(there) == 1 and there[0]["limited"], str(there))
        # rust tells no way back of who came over a relay
        check("/p2p-circuit" in there[0]["address"] or (a is behind and a.which == "rust"), str(there))
        check(there[0]["direction"] == ("outbound" if a is dialler else "inbound"), str(there))
        check(a.do("ping", peer=b.id)["rtt"] > 0, "round trip")
        check(a.do("echo", peer=b.id, bytes=SMALL)["bytes"] == SMALL, "echo")
    # What the relay must not carry: more than its limit allows.
    check(not dialler.ask("echo", peer=behind.id, bytes=1 << 20, timeout_ms=20000)["ok"], "the relay's limit does not hold")
    relay.stop()
    until("the circuit outlives its relay", lambda: not dialler.is_connected(behind))
    check(not stranger.ask("dial", address=way + behind.id)["ok"], "a circuit through a relay that is gone")
    for peer in (behind, dialler, stranger):
        peer.stop()


for case in CASES:
    for transport in (QUIC, TCP):
        circuit(*case, transport)
print(f"-- relays with {other}: ok")
