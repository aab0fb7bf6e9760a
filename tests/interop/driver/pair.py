"""Peers of our engine and of another implementation do everything with each other, each in both roles: pair.py FOLDER WHICH"""
import base64
import hashlib
import sys

from peers import AGENTS, QUIC, STRANGER, TCP, Peer, check, once_each, steady, until

folder, other = sys.argv[1:3]
ROLES = [("univrs", other), (other, "univrs")]
PROTOCOLS = {"/ipfs/id/1.0.0", "/ipfs/ping/1.0.0", "/ipfs/kad/1.0.0", "/meshsub/1.1.0"}
TOPIC = "interop"
MIB = 1 << 20


def b64(data):
    return base64.b64encode(data).decode()


def says(teller, hearer, dialled):
    """What identify told of `teller`."""
    told = hearer.do("identify", peer=teller.id)
    check(AGENTS[teller.which] in told["agent"], f"agent: {told}")
    # go signs no record without an address; rust reads only records in the form of the RFC, which go and js do not read.
    if teller.addresses and hearer.which != "rust":
        check(told["signed"], f"no signed peer record: {told}")
    check(PROTOCOLS <= set(told["protocols"]), f"protocols: {told}")
    check({a.rsplit("/p2p/", 1)[0] for a in teller.addresses} <= {a.split("/p2p/")[0] for a in told["listen"]}, f"listen: {told}")
    check("/ip4/127.0.0.1/" in told["observed"], f"observed: {told}")
    if dialled:  # we see ourselves as the other has dialled us
        check(hearer.addresses[0].rsplit("/p2p/", 1)[0] == told["observed"].split("/p2p/")[0], f"observed: {told}")


def connections():
    for dialer_is, listener_is in ROLES:
        for transport in (QUIC, TCP):
            kind = transport.split("/")[3]
            dialer = Peer(folder, dialer_is)
            listener = Peer(folder, listener_is, listen=[transport])
            print(f"-- {dialer.implementation} dials {listener.implementation} by {kind}: a wrong id, ping, identify, streams")
            way = listener.addresses[0].rsplit("/p2p/", 1)[0]
            wrong = dialer.ask("dial", address=way + "/p2p/" + STRANGER)
            if wrong["ok"] and dialer_is == "js":  # this js-libp2p tells who is there, and does not mind
                check(wrong["peer"] == listener.id, "the listener has another id")
                dialer.do("disconnect", peer=listener.id)
            else:
                check(not wrong["ok"], "a stranger's id was taken")
            check(not dialer.do("connections")["connections"], "connected to a stranger")
            check(dialer.do("dial", address=listener.addresses[0])["peer"] == listener.id, "another id")
            there = dialer.do("connections")["connections"]
            check(len(there) == 1 and way == there[0]["address"].split("/p2p/")[0] and there[0]["direction"] == "outbound", str(there))
            for a, b in ((dialer, listener), (listener, dialer)):
                check(0 < a.do("ping", peer=b.id)["rtt"] < 30e6, "round trip")
                says(b, a, a is listener)
                for size in (0, 1, 70_000, 3 * MIB + 1):
                    check(a.do("echo", peer=b.id, bytes=size)["bytes"] == size, "echo")
                check(not a.ask("open", peer=b.id, protocol="/no/such/protocol")["ok"], "a protocol that nobody speaks")
                if b.which != "rust":  # its library drops streams that come quicker than they are taken
                    many = [a.send("echo", peer=b.id, bytes=30_000) for _ in range(20)]
                    for n in many:
                        check(a.answer(n)["ok"], f"one of many streams: {a.answers[n]}")
            dialer.do("disconnect", peer=listener.id)
            until("the end was not noticed", lambda: not listener.is_connected(dialer))
            dialer.stop()
            listener.stop()


def gossip():
    """A hub whose mesh has room for two of four leaves: GRAFT and PRUNE settle which, the others live on IHAVE and IWANT."""
    # js answers an IWANT with all the messages in one RPC, so what is taken at once must hold all large ones together.
    settings = {"d": 2, "d_low": 1, "d_high": 2, "d_lazy": 6, "flood_publish": False, "max_message": 8 * MIB}
    for hub_is, leaf_is in ROLES:
        print(f"-- gossip: {hub_is} amid {leaf_is}")
        hub = Peer(folder, hub_is, listen=[QUIC, TCP], gossipsub=settings, kad=None)
        leaves = [Peer(folder, leaf_is, gossipsub=settings, kad=None) for _ in range(4)]
        hub.do("subscribe", topic=TOPIC)
        for i, leaf in enumerate(leaves):
            leaf.do("subscribe", topic=TOPIC)
            leaf.do("dial", address=hub.addresses[i % 2])

        def settled():
            mesh = hub.mesh(TOPIC)
            return len(mesh) == 2 and all((hub.id in leaf.mesh(TOPIC)) == (leaf.id in mesh) for leaf in leaves)

        ids = {leaf.id for leaf in leaves}
        until("the hub does not know its subscribers", lambda: ids <= set(hub.do("subscribers", topic=TOPIC)["peers"]))
        # For two heartbeats: who is grafted between a message and the next gossip gets neither, in every implementation.
        steady(lambda: f"the mesh does not settle: {hub.mesh(TOPIC)}, {[(l.id, l.mesh(TOPIC)) for l in leaves]}", settled, 2.5)
        expected = set()
        for author in [hub] + leaves:
            for seed, size in ((1, 900), (2, MIB)):
                seed += 10 * len(expected)
                author.do("publish", topic=TOPIC, size=size, seed=seed)
                data = bytes((seed + i * 31) % 256 for i in range(size))
                expected.add((author.id, hashlib.sha256(data).hexdigest()))
        once_each([hub] + leaves, TOPIC, expected)
        meshed = next(leaf for leaf in leaves if leaf.id in hub.mesh(TOPIC))
        meshed.do("unsubscribe", topic=TOPIC)
        until("a peer that left the topic is in the mesh", lambda: meshed.id not in hub.mesh(TOPIC))
        until("a peer that left the topic subscribes", lambda: meshed.id not in hub.do("subscribers", topic=TOPIC)["peers"])
        for peer in [hub] + leaves:
            peer.stop()


def kademlia():
    """Two peers that know only one in the middle."""
    for end_is, middle_is in ROLES:
        print(f"-- Kademlia: {end_is}, {middle_is}, {end_is}")
        a, middle, c = (Peer(folder, which, listen=[QUIC], gossipsub=None) for which in (end_is, middle_is, end_is))
        for end in (a, c):
            end.do("dial", address=middle.addresses[0])
        for end in (a, c):
            until("the middle is not in the table", lambda: middle.id in end.do("kad_table")["peers"])
            until("the end is not in the middle's table", lambda: end.id in middle.do("kad_table")["peers"])
        for one, two in ((a, c), (c, a)):
            found = until("the other end is not found", lambda: (r := one.ask("kad_find_peer", peer=two.id))["ok"] and r["addresses"])
            check(two.addresses[0].rsplit("/p2p/", 1)[0] in [f.split("/p2p/")[0] for f in found], str(found))
        key, short, long = b"/v/interop", b"first", b"second, longer"
        for writer, reader, value in ((a, c, short), (middle, a, long)):
            writer.do("kad_put", key=b64(key), value=b64(value))
            got = until("the value is not found", lambda: (r := reader.ask("kad_get", key=b64(key)))["ok"] and r["value"])
            check(base64.b64decode(got) == value, f"another value: {got}")
        for provider, asker in ((a, c), (middle, a)):
            what = b"\x12\x20" + hashlib.sha256(provider.id.encode()).digest()
            provider.do("kad_provide", key=b64(what))
            until("the provider is not found", lambda: provider.id in asker.do("kad_providers", key=b64(what), count=1)["peers"])
        for peer in (a, middle, c):
            peer.stop()


connections()
gossip()
kademlia()
print(f"-- {other}: ok")
