package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/peer"
)

type topic struct {
	handle *pubsub.Topic
	inbox  *pubsub.Subscription
}

// Remembers who is in our mesh, which the library does not tell.
type meshTracer struct {
	pubsub.RawTracer // nothing else is traced: set to a tracer that does nothing
	lock             sync.Mutex
	peers            map[string]map[peer.ID]bool
}

func (t *meshTracer) Graft(p peer.ID, name string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.peers[name] == nil {
		t.peers[name] = map[peer.ID]bool{}
	}
	t.peers[name][p] = true
}

func (t *meshTracer) Prune(p peer.ID, name string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	delete(t.peers[name], p)
}

func (t *meshTracer) OnClosedOutboundStream(p peer.ID) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for _, peers := range t.peers {
		delete(peers, p)
	}
}

func (t *meshTracer) Leave(name string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	delete(t.peers, name)
}

func (n *peerNode) startGossipsub(c command) error {
	parameters := pubsub.DefaultGossipSubParams()
	parameters.D = c.number("d", 6)
	parameters.Dlo = c.number("d_low", 4)
	parameters.Dhi = c.number("d_high", 12)
	parameters.Dlazy = c.number("d_lazy", 6)
	parameters.Dscore = min(parameters.Dscore, parameters.Dlo)
	parameters.Dout = min(parameters.Dout, max(0, parameters.Dlo-1), parameters.D/2)
	n.mesh = &meshTracer{RawTracer: noTracer{}, peers: map[string]map[peer.ID]bool{}}
	options := []pubsub.Option{
		pubsub.WithGossipSubParams(parameters),
		pubsub.WithFloodPublish(c.flag("flood_publish", true)),
		pubsub.WithMaxMessageSize(c.number("max_message", 2<<20)),
		pubsub.WithPeerExchange(c.flag("px", false)),
		pubsub.WithMessageSignaturePolicy(pubsub.StrictSign),
		pubsub.WithRawTracer(n.mesh),
	}
	switch c.text("message_id") {
	case "", "from-seqno":
	case "sha256":
		options = append(options, pubsub.WithMessageIdFn(func(m *pb.Message) string {
			sum := sha256.Sum256(m.GetData())
			return string(sum[:])
		}))
	default:
		return errors.New("unknown message_id")
	}
	router, err := pubsub.NewGossipSub(context.Background(), n.host, options...)
	n.pubsub = router
	return err
}

// The library has one handle for a topic; it is made at the first use and kept.
func (n *peerNode) topic(name string) (*topic, error) {
	n.lock.Lock()
	defer n.lock.Unlock()
	if known := n.topics[name]; known != nil {
		return known, nil
	}
	handle, err := n.pubsub.Join(name)
	if err != nil {
		return nil, err
	}
	n.topics[name] = &topic{handle: handle}
	return n.topics[name], nil
}

func (n *peerNode) receive(inbox *pubsub.Subscription) {
	for {
		message, err := inbox.Next(context.Background())
		if err != nil {
			return // unsubscribed, or the end
		}
		if message.GetFrom() == n.host.ID() {
			continue
		}
		sum := sha256.Sum256(message.GetData())
		say(object{"event": "message", "topic": message.GetTopic(), "from": message.GetFrom().String(),
			"size": len(message.GetData()), "sha256": hex.EncodeToString(sum[:]), "via": message.ReceivedFrom.String()})
	}
}

func (n *peerNode) runGossipsub(ctx context.Context, name string, c command) (object, error) {
	if n.pubsub == nil {
		return nil, errors.New("gossipsub is off")
	}
	if name == "mesh" {
		peers := []string{}
		n.mesh.lock.Lock()
		defer n.mesh.lock.Unlock()
		for p := range n.mesh.peers[c.text("topic")] {
			peers = append(peers, p.String())
		}
		return object{"peers": peers}, nil
	}
	if name == "subscribers" {
		peers := []string{}
		for _, p := range n.pubsub.ListPeers(c.text("topic")) {
			peers = append(peers, p.String())
		}
		return object{"peers": peers}, nil
	}
	t, err := n.topic(c.text("topic"))
	if err != nil {
		return nil, err
	}
	switch name {
	case "subscribe":
		n.lock.Lock()
		defer n.lock.Unlock()
		if t.inbox != nil {
			return nil, nil
		}
		inbox, err := t.handle.Subscribe(pubsub.WithBufferSize(4096))
		if err != nil {
			return nil, err
		}
		t.inbox = inbox
		go n.receive(inbox)
		return nil, nil
	case "unsubscribe":
		n.lock.Lock()
		defer n.lock.Unlock()
		if t.inbox != nil {
			t.inbox.Cancel()
			t.inbox = nil
		}
		return nil, nil
	}
	data, err := payload(c)
	if err != nil {
		return nil, err
	}
	return nil, t.handle.Publish(ctx, data)
}

func payload(c command) ([]byte, error) {
	if _, given := c.values["data"]; given {
		return c.bytes("data")
	}
	size, seed := c.number("size", -1), c.number("seed", 0)
	if size < 0 || size > 16<<20 {
		return nil, fmt.Errorf("a message of %d bytes is not to be had", size)
	}
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(seed + i*31)
	}
	return data, nil
}

func init() {
	// The library logs to standard error at this level, if at all.
	if os.Getenv("GOLOG_LOG_LEVEL") == "" {
		os.Setenv("GOLOG_LOG_LEVEL", "error")
	}
}
