"""Nine nodes of four implementations in one mesh: every message arrives exactly once at every subscriber: mesh.py FOLDER"""
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
expected = set()
for node_number, node in enumerate(nodes):
    for k in range(MESSAGES):
        size, seed = (LARGE if k == 0 else 500 + 100 * k + node_number), node_number
        node.do("publish", topic=TOPIC, size=size, seed=seed)
        expected.add((node.id, hashlib.sha256(bytes((seed + i * 31) % 256 for i in range(size))).hexdigest()))
once_each(nodes, TOPIC, expected)
for node in nodes:
    node.stop()
print(f"-- {len(expected)} messages arrived once at each of {len(nodes) - 1} other nodes")
