"""Implementations of libp2p beside ours, each with itself, on one machine in one run: peers.py FOLDER NAME…
FOLDER holds the programs of tests/interop. Ratios say how many times as fast as the first named one."""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop", "driver"))
from peers import QUIC, TCP, Peer, until

folder, names = sys.argv[1], sys.argv[2:]
WARM, BYTES, ROUNDS = 4 << 20, 48 << 20, 3
DIALS = 100
MESSAGES, SIZE, AHEAD = 3000, 1000, 100
TOPIC = "bench"


def stream(which, transport):
    """Bytes a second through one stream, there and back at once (MB/s each way), the best of some rounds."""
    a, b = Peer(folder, which, gossipsub=None, kad=None), Peer(folder, which, listen=[transport], gossipsub=None, kad=None)
    a.do("dial", address=b.addresses[0])
    a.do("echo", peer=b.id, bytes=WARM, timeout_ms=50_000)
    best = max(BYTES / a.do("echo", peer=b.id, bytes=BYTES, timeout_ms=50_000)["time"] for _ in range(ROUNDS))
    a.stop()
    b.stop()
    return best


def handshakes(which, transport):
    """Connections a second, one after another, each closed before the next: from the median time of a dial."""
    a, b = Peer(folder, which, gossipsub=None, kad=None), Peer(folder, which, listen=[transport], gossipsub=None, kad=None)
    times = []
    for _ in range(DIALS):
        began = time.monotonic()
        a.do("dial", address=b.addresses[0])
        times.append(time.monotonic() - began)
        a.do("disconnect", peer=b.id)
        until("the end was not noticed", lambda: not b.is_connected(a))
    a.stop()
    b.stop()
    return 1 / statistics.median(times)


def gossip(which, transport):
    """Signed messages a second from one through another to a third."""
    options = {"kad": None, "gossipsub": {"max_message": 1 << 20}}
    hub = Peer(folder, which, listen=[transport], **options)
    ends = [Peer(folder, which, **options) for _ in range(2)]
    for peer in [hub] + ends:
        peer.do("subscribe", topic=TOPIC)
    for end in ends:
        end.do("dial", address=hub.addresses[0])
    until("no mesh", lambda: len(hub.mesh(TOPIC)) == 2 and all(hub.id in e.mesh(TOPIC) for e in ends))
    arrived = lambda: sum(e["event"] == "message" for e in list(ends[1].events))
    began, said = time.monotonic(), 0
    while said < MESSAGES:
        for n in [ends[0].send("publish", topic=TOPIC, size=SIZE, seed=said + k) for k in range(AHEAD)]:
            ends[0].answer(n)
        said += AHEAD
        until("messages were lost", lambda: arrived() >= said - AHEAD, 0.002)
    until("messages were lost", lambda: arrived() >= MESSAGES, 0.002)
    rate = MESSAGES / (time.monotonic() - began)
    for peer in [hub] + ends:
        peer.stop()
    return rate


FIGURES = [("one stream, QUIC, MB/s each way", stream, QUIC), ("one stream, TCP, MB/s each way", stream, TCP),
           ("handshakes/s, QUIC", handshakes, QUIC), ("handshakes/s, TCP", handshakes, TCP),
           ("gossipsub messages/s, QUIC", gossip, QUIC), ("gossipsub messages/s, TCP", gossip, TCP)]
print(f"{'':32}" + "".join(f"{n:>18}" for n in names), flush=True)
for what, measure, transport in FIGURES:
    line, first = f"{what:32}", None
    for name in names:
        try:
            figure = measure(name, transport)
        except SystemExit as e:  # a check failed: said, and the others go on
            print(f"{name}: {what}: {e}", file=sys.stderr)
            line += f"{'-':>18}"
            continue
        first = first or figure
        line += f"{figure:>10.0f} ({figure / first:4.2f}x)"
    print(line, flush=True)
