"""Peers of the interop tests: programs that speak the language of ../README.md."""
import atexit
import json
import subprocess
import sys
import threading
import time

DEADLINE = 60
QUIC = "/ip4/127.0.0.1/udp/0/quic-v1"
TCP = "/ip4/127.0.0.1/tcp/0"
STRANGER = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq"
AGENTS = {"univrs": "univrs/", "js": "js-libp2p", "go": "univrs-interop-go", "rust": "univrs-interop-rust"}
running = []


def check(good, what):
    if not good:
        sys.exit("FAILED: " + what)


def until(what, condition, step=0.05):
    """Waits until the condition holds and answers its value; `what` may be a function that says more."""
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, what() if callable(what) else what)
        time.sleep(step)


def steady(what, condition, seconds):
    """Waits until the condition has held all the time for so long."""
    since = None

    def held():
        nonlocal since
        since = (since or time.monotonic()) if condition() else None
        return since and time.monotonic() - since >= seconds

    until(what, held)


class Peer:
    """A program of one implementation, started in `folder`, with gossipsub and Kademlia unless told otherwise."""

    def __init__(self, folder, which, **options):
        self.which, self.id = which, ""
        self.process = subprocess.Popen([f"{folder}/{which}"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        running.append(self.process)
        self.answers, self.events, self.n = {}, [], 0
        self.told, self.over = threading.Condition(), False
        threading.Thread(target=self.read, daemon=True).start()
        started = self.do("start", **{"limits": "test", "gossipsub": {}, "kad": "server", "listen": [], **options})
        self.id, self.addresses, self.implementation = started["id"], started["addresses"], started["implementation"]

    def __str__(self):
        return f"{self.which} {self.id[-6:]}"

    def read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            with self.told:
                if "re" in said:
                    self.answers[said["re"]] = said
                    self.told.notify_all()
                else:
                    self.events.append(said)
        with self.told:
            self.over = True
            self.told.notify_all()

    def send(self, command, **arguments):
        self.n += 1
        self.process.stdin.write(json.dumps({"n": self.n, "cmd": command, **arguments}) + "\n")
        self.process.stdin.flush()
        return self.n

    def answer(self, n):
        with self.told:
            check(self.told.wait_for(lambda: n in self.answers or self.over, DEADLINE), f"{self} did not answer")
        check(n in self.answers, f"{self} ended")
        return self.answers[n]

    def ask(self, command, **arguments):
        return self.answer(self.send(command, **arguments))

    def do(self, command, **arguments):
        answer = self.ask(command, **arguments)
        check(answer["ok"], f"{self}: {command} {arguments}: {answer}")
        return answer

    def stop(self):
        self.do("stop")
        check(self.process.wait(DEADLINE) == 0, f"{self} ended badly")

    def is_connected(self, other):
        return any(c["peer"] == other.id for c in self.do("connections")["connections"])

    def mesh(self, topic):
        return set(self.do("mesh", topic=topic)["peers"])

    def messages(self, topic):
        """What arrived, in its order: (author, hash)."""
        return [(e["from"], e["sha256"]) for e in list(self.events) if e["event"] == "message" and e["topic"] == topic]


def once_each(peers, topic, expected):
    """Waits until every peer has what others said (pairs of author and hash), a moment longer, and wants no message twice."""
    wanted = {p.id: {m for m in expected if m[0] != p.id} for p in peers}
    names = {p.id: str(p) for p in peers}
    lacking = lambda: {str(p): [names[author] for author, _ in wanted[p.id] - set(p.messages(topic))] for p in peers}
    until(lambda: f"messages that did not arrive: {lacking()}", lambda: not any(lacking().values()))
    time.sleep(2)  # two heartbeats, for copies that should not come
    for p in peers:
        seen = p.messages(topic)
        check(len(seen) == len(set(seen)), f"{p}: a message came twice")
        check(set(seen) == wanted[p.id], f"{p}: a message that nobody sent")


@atexit.register
def end_all():
    for process in running:
        process.kill()
        process.wait()
