"""Nine nodes of four implementations in one mesh: every message arrives exactly once at every subscriber, also after some
of them have gone: mesh.py FOLDER"""
import hashlib
import sys

from peers import QUIC, TCP, Peer, once_each, until

folder = sys.argv[1]
TOPIC = "interop"
MESSAGES = 5  # of each node
LARGE = 1 << 20
ORDER = ["univrs", "js", "go", "rust", "univrs", "go", "js", "univrs", "rust"]

nodes = [Peer(folder, which, listen=[(QUIC, TCP)[i % 2]], kad=None) for i, which in enumerate(ORDER)]
print("--", ", ".join(sorted({n.implementation for n in nodes})))
for node in nodes:
    node.do("subscribe", topic=TOPIC)
# A ring with chords: each node has two neighbours it dialled and two that dialled it.
for i, node in enumerate(nodes):
    for step in (1, 4):
        node.do("dial", address=nodes[(i + step) % len(nodes)].addresses[0])
until(lambda: f"the mesh: {[(str(n), len(n.mesh(TOPIC))) for n in nodes]}", lambda: all(len(n.mesh(TOPIC)) >= 4 for n in nodes))


def talk(authors, first_seed):
    """Everyone says something, and a large message; answers what was said."""
    said = set()
    for number, node in enumerate(authors, first_seed):
        for k in range(MESSAGES):
            size = LARGE if k == 0 else 500 + 100 * k + number
            node.do("publish", topic=TOPIC, size=size, seed=number)
            said.add((node.id, hashlib.sha256(bytes((number + i * 31) % 256 for i in range(size))).hexdigest()))
    return said


expected = talk(nodes, 0)
once_each(nodes, TOPIC, expected)
print(f"-- {len(expected)} messages arrived once at each of {len(nodes) - 1} other nodes")

leaving = [nodes[0], nodes[6]]  # one of ours and another; no neighbours, and everyone else keeps two at least
staying = [n for n in nodes if n not in leaving]
print("-- leaving:", ", ".join(n.which for n in leaving))
leaving[0].stop()
leaving[1].process.kill()  # without a word
gone = {n.id for n in leaving}
until(lambda: f"the mesh does not heal: {[(str(n), n.mesh(TOPIC)) for n in staying]}",
      lambda: all(len(n.mesh(TOPIC)) >= 2 and not gone & n.mesh(TOPIC) for n in staying))
expected |= talk(staying, len(nodes))
once_each(staying, TOPIC, expected)
for node in staying:
    node.stop()
print(f"-- after {len(leaving)} left, {MESSAGES * len(staying)} more arrived once at each of {len(staying) - 1} other nodes")
