"""Drives a univrs node by its REST API and js-libp2p peers by the language of README.md: js_peer.py FOLDER API TOKENFILE P2P"""
import base64
import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

folder, api, token_file, p2p = sys.argv[1:5]
token = open(token_file).read().strip()
quic, node_id = p2p.rsplit("/p2p/", 1)
DEADLINE = 60
TOPOLOGY = "/univrs/1.0.0/topology"
STRANGER = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq"


def check(good, what):
    if not good:
        sys.exit("FAILED: " + what)


def until(what, condition):
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, what)
        time.sleep(0.1)


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


class Js:
    """One js-libp2p peer."""

    def __init__(self, **options):
        self.process = subprocess.Popen(["node", "--import", "./polyfill.mjs", "peer.mjs"], cwd=folder, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answers, self.events, self.n = {}, [], 0
        threading.Thread(target=self.read, daemon=True).start()
        started = self.do("start", limits="test", gossipsub={}, kad="server", **options)
        self.id, self.addresses = started["id"], started["addresses"]
        print("--", started["implementation"], self.id)

    def read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            if "re" in said:
                self.answers[said["re"]] = said
            else:
                self.events.append(said)

    def ask(self, command, **arguments):
        self.n += 1
        n = self.n
        self.process.stdin.write(json.dumps({"n": n, "cmd": command, **arguments}) + "\n")
        self.process.stdin.flush()
        until(command + " was not answered", lambda: n in self.answers or self.process.poll() is not None)
        check(n in self.answers, "the js peer ended")
        return self.answers[n]

    def do(self, command, **arguments):
        answer = self.ask(command, **arguments)
        check(answer["ok"], f"{command} {arguments}: {answer}")
        return answer

    def stop(self):
        self.do("stop")
        check(self.process.wait(DEADLINE) == 0, "the js peer ended badly")


tcp = next(a for a in rest("GET", "/api/v1/network")["listening"] if "/tcp/" in a)
print("-- js dials, by QUIC and by TCP: ping, identify")
dialers = []
for address in (quic, tcp):
    js = Js(listen=[])
    dialers.append(js)
    check(js.do("dial", address=address)["peer"] == node_id, "another id")
    check(js.do("ping", peer=node_id)["rtt"] > 0, "no round trip")
    told = js.do("identify", peer=node_id)
    check(told["agent"].startswith("univrs/") and told["signed"], f"identify: {told}")
    check({"/ipfs/id/1.0.0", "/ipfs/ping/1.0.0", "/ipfs/kad/1.0.0", "/meshsub/1.1.0"} <= set(told["protocols"]), str(told))
    check({quic, tcp} <= {a.split("/p2p/")[0] for a in told["listen"]}, f"addresses: {told}")
    check("/ip4/127.0.0.1/" in told["observed"], f"observed: {told}")
    js.do("ping", peer=node_id)
    peer = until("the node does not know the js peer", lambda: known(js.id).get("agent") and known(js.id))
    check("js-libp2p" in peer["agent"], peer["agent"])
    check(peer["connections"][0]["transport"] == ("tcp" if address == tcp else "quic-v1"), str(peer["connections"]))

print("-- the node dials js, by QUIC and by TCP")
listeners = []
for listen in ("/ip4/127.0.0.1/udp/0/quic-v1", "/ip4/127.0.0.1/tcp/0"):
    js = Js(listen=[listen])
    listeners.append(js)
    wrong = rest("POST", "/api/v1/network/ping", {"peer": js.addresses[0].rsplit("/p2p/", 1)[0] + "/p2p/" + STRANGER})
    check(wrong.get("code") and "another peer" in wrong["error"], f"a stranger's id: {wrong}")
    answer = rest("POST", "/api/v1/network/ping", {"peer": js.addresses[0]})
    check(answer.get("peer_id") == js.id and answer["rtt_us"] > 0, str(answer))
    until("js did not hear who we are", lambda: any(e["event"] == "identified" and e["peer"] == node_id for e in js.events))
    until("the node does not know whom it dialled", lambda: "js-libp2p" in known(js.id).get("agent", ""))

print("-- gossip: what the node says arrives, signed, at every subscriber; what js says is believed when it makes sense")
everyone = dialers + listeners
for js in everyone:
    js.do("subscribe", topic=TOPOLOGY)
for js in everyone:
    until("the node does not subscribe", lambda: node_id in js.do("subscribers", topic=TOPOLOGY)["peers"])
for i, js in enumerate(everyone):
    js.do("publish", topic=TOPOLOGY, data=base64.b64encode(b"\x0a\x04js-%d" % i).decode())
for i, js in enumerate(everyone):
    until("the node did not take a message of js", lambda: known(js.id).get("name") == "js-%d" % i)
    # Dialers have no connection but ours: what they hear of each other came through the node.
    heard = lambda: {e["from"] for e in js.events if e["event"] == "message"}
    until("a message did not arrive", lambda: {o.id for o in everyone if o is not js} <= heard())
until("the node's own word does not arrive",
      lambda: all(any(e["event"] == "message" and e["from"] == node_id for e in js.events) for js in everyone))
for js in everyone:
    seen = [(e["from"], e["sha256"]) for e in js.events if e["event"] == "message"]
    check(len(seen) == len(set(seen)), "a message came twice")
everyone[0].do("publish", topic=TOPOLOGY, data=base64.b64encode(b"\x0a\xff nonsense").decode())
until("the mesh does not hold us", lambda: any(node_id in js.do("mesh", topic=TOPOLOGY)["peers"] for js in everyone))

print("-- Kademlia: js finds another js that only our node knows")
until("we are not in js's table", lambda: node_id in dialers[0].do("kad_table")["peers"])
until("our node did not lead there",
      lambda: (found := dialers[0].ask("kad_find_peer", peer=listeners[0].id))["ok"] and found["addresses"])

print("-- a peer that goes is noticed")
listeners[1].stop()
until("the node did not notice", lambda: not known(listeners[1].id).get("connected"))
for js in dialers + listeners[:1]:
    js.stop()
until("the node did not notice", lambda: rest("GET", "/api/v1/network")["connected_peers"] == 0)
print("-- js: ok")
