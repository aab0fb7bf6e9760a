package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	circuit "github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
	ma "github.com/multiformats/go-multiaddr"
)

const (
	echoProtocol  = "/univrs/interop/echo/1.0.0"
	dialTimeout   = 20 * time.Second
	identifyWait  = 10 * time.Second
	identityLimit = 4096 // identify results kept
)

type peerNode struct {
	host   host.Host
	pubsub *pubsub.PubSub
	mesh   *meshTracer
	kad    *dht.IpfsDHT

	lock       sync.Mutex
	identified map[peer.ID]event.EvtPeerIdentificationCompleted
	topics     map[string]*topic
	relayed    []string // our addresses over relays
}

func implementation() string {
	text := "go-libp2p " + runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if name, ours := strings.CutPrefix(module.Path, "github.com/libp2p/"); ours &&
				(name == "go-libp2p" || name == "go-libp2p-kad-dht" || name == "go-libp2p-pubsub") {
				text += " " + name + "@" + module.Version
			}
		}
	}
	return text
}

func start(c command) (*peerNode, error) {
	var listen []string
	if list, ok := c.values["listen"].([]any); ok {
		for _, address := range list {
			if text, isText := address.(string); isText {
				listen = append(listen, text)
			}
		}
	}
	options := []libp2p.Option{libp2p.DisableMetrics(), libp2p.UserAgent("univrs-interop-go")}
	if len(listen) == 0 {
		options = append(options, libp2p.NoListenAddrs)
	} else {
		options = append(options, libp2p.ListenAddrStrings(listen...))
	}
	if c.text("limits") == "test" {
		limiter := rcmgr.NewFixedLimiter(rcmgr.InfiniteLimits)
		manager, err := rcmgr.NewResourceManager(limiter, rcmgr.WithMetricsDisabled())
		if err != nil {
			return nil, err
		}
		options = append(options, libp2p.ResourceManager(manager))
	}
	switch c.text("relay") {
	case "server":
		resources := relay.DefaultResources()
		resources.MaxReservationsPerIP = 1024 // everybody is on one address here
		options = append(options, libp2p.EnableRelay(), libp2p.EnableRelayService(relay.WithResources(resources)),
			libp2p.ForceReachabilityPublic())
	case "client":
		options = append(options, libp2p.EnableRelay())
	default:
		options = append(options, libp2p.DisableRelay())
	}
	if c.flag("dcutr", false) {
		options = append(options, libp2p.EnableHolePunching())
	}
	made, err := libp2p.New(options...)
	if err != nil {
		return nil, err
	}
	n := &peerNode{host: made, identified: map[peer.ID]event.EvtPeerIdentificationCompleted{}, topics: map[string]*topic{}}
	made.SetStreamHandler(echoProtocol, serveEcho)
	if err := n.watch(); err != nil {
		return nil, err
	}
	if settings, on := c.object("gossipsub"); on {
		if err := n.startGossipsub(settings); err != nil {
			return nil, err
		}
	}
	if mode := c.text("kad"); mode != "" {
		if err := n.startKad(mode); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n *peerNode) close() {
	if n.kad != nil {
		n.kad.Close()
	}
	n.host.Close()
}

// Tells of connections and of what identify said.
func (n *peerNode) watch() error {
	n.host.Network().Notify(&network.NotifyBundle{
		ConnectedF: func(_ network.Network, c network.Conn) {
			say(object{"event": "connected", "peer": c.RemotePeer().String(), "address": c.RemoteMultiaddr().String(),
				"direction": direction(c)})
		},
		DisconnectedF: func(net network.Network, c network.Conn) {
			if len(net.ConnsToPeer(c.RemotePeer())) == 0 {
				n.lock.Lock()
				delete(n.identified, c.RemotePeer())
				n.lock.Unlock()
				say(object{"event": "disconnected", "peer": c.RemotePeer().String()})
			}
		},
	})
	events, err := n.host.EventBus().Subscribe(new(event.EvtPeerIdentificationCompleted))
	if err != nil {
		return err
	}
	go func() {
		for e := range events.Out() {
			done := e.(event.EvtPeerIdentificationCompleted)
			n.lock.Lock()
			if len(n.identified) < identityLimit {
				n.identified[done.Peer] = done
			}
			n.lock.Unlock()
			say(object{"event": "identified", "peer": done.Peer.String()})
		}
	}()
	return nil
}

func direction(c network.Conn) string {
	if c.Stat().Direction == network.DirInbound {
		return "inbound"
	}
	return "outbound"
}

func (n *peerNode) addresses() []string {
	out := []string{}
	for _, address := range n.host.Network().ListenAddresses() {
		out = append(out, address.String()+"/p2p/"+n.host.ID().String())
	}
	n.lock.Lock()
	defer n.lock.Unlock()
	return append(out, n.relayed...)
}

func (n *peerNode) run(name string, c command) (object, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	ctx = network.WithAllowLimitedConn(ctx, "interop")
	switch name {
	case "dial":
		return n.dial(ctx, c.text("address"))
	case "connections":
		list := []object{}
		for _, conn := range n.host.Network().Conns() {
			list = append(list, object{"peer": conn.RemotePeer().String(), "address": conn.RemoteMultiaddr().String(),
				"direction": direction(conn), "limited": conn.Stat().Limited})
		}
		return object{"connections": list}, nil
	case "addresses":
		return object{"addresses": n.addresses()}, nil
	case "reserve":
		return n.reserve(ctx, c.text("address"))
	case "subscribe", "unsubscribe", "publish", "subscribers", "mesh":
		return n.runGossipsub(ctx, name, c)
	case "kad_table", "kad_bootstrap", "kad_find_peer", "kad_put", "kad_get", "kad_provide", "kad_providers":
		return n.runKad(ctx, name, c)
	case "disconnect", "ping", "identify", "echo", "open":
		id, err := peer.Decode(c.text("peer"))
		if err != nil {
			return nil, err
		}
		return n.runWithPeer(ctx, name, id, c)
	}
	return nil, errUnknown
}

func (n *peerNode) runWithPeer(ctx context.Context, name string, id peer.ID, c command) (object, error) {
	switch name {
	case "disconnect":
		return nil, n.host.Network().ClosePeer(id)
	case "ping":
		result := <-ping.Ping(ctx, n.host, id)
		return object{"rtt": result.RTT.Microseconds()}, result.Error
	case "identify":
		return n.identify(id)
	case "echo":
		return n.echo(ctx, id, c.number("bytes", 0), time.Duration(c.number("timeout_ms", 30_000))*time.Millisecond)
	default:
		stream, err := n.host.NewStream(ctx, id, protocol.ID(c.text("protocol")))
		if err != nil {
			return nil, err
		}
		defer stream.Reset()
		// go agrees lazily when it knows the protocol already; with no such knowledge NewStream asked.
		return nil, nil
	}
}

func (n *peerNode) dial(ctx context.Context, text string) (object, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	address, err := ma.NewMultiaddr(text)
	if err != nil {
		return nil, err
	}
	info, err := peer.AddrInfoFromP2pAddr(address)
	if errors.Is(err, peer.ErrInvalidAddr) {
		return nil, errors.New("go-libp2p dials only addresses that end in /p2p/ID")
	} else if err != nil {
		return nil, err
	}
	if err := n.host.Connect(ctx, *info); err != nil {
		return nil, err
	}
	for _, conn := range n.host.Network().ConnsToPeer(info.ID) {
		return object{"peer": info.ID.String(), "address": conn.RemoteMultiaddr().String()}, nil
	}
	return nil, errors.New("the connection was closed at once")
}

func (n *peerNode) identify(id peer.ID) (object, error) {
	for deadline := time.Now().Add(identifyWait); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		n.lock.Lock()
		told, ok := n.identified[id]
		n.lock.Unlock()
		if !ok {
			continue
		}
		listen := []string{}
		for _, address := range told.ListenAddrs {
			listen = append(listen, address.String())
		}
		observed := ""
		if told.ObservedAddr != nil {
			observed = told.ObservedAddr.String()
		}
		return object{"agent": told.AgentVersion, "protocol_version": told.ProtocolVersion,
			"protocols": protocol.ConvertToStrings(told.Protocols), "listen": listen, "observed": observed,
			"signed": told.SignedPeerRecord != nil}, nil
	}
	return nil, errors.New("identify told nothing within 10 s")
}

func serveEcho(s network.Stream) {
	if _, err := io.CopyBuffer(struct{ io.Writer }{s}, struct{ io.Reader }{s}, make([]byte, 64<<10)); err != nil {
		s.Reset()
		return
	}
	s.Close()
}

func (n *peerNode) echo(ctx context.Context, id peer.ID, count int, timeout time.Duration) (object, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	stream, err := n.host.NewStream(ctx, id, echoProtocol)
	if err != nil {
		return nil, err
	}
	defer stream.Reset()
	began := time.Now()
	if err := stream.SetDeadline(began.Add(timeout)); err != nil {
		return nil, err
	}
	data := make([]byte, count)
	for i := range data {
		data[i] = byte(i*31 + i/251)
	}
	sent := make(chan error, 1)
	go func() {
		_, err := stream.Write(data)
		if err == nil {
			err = stream.CloseWrite()
		}
		sent <- err
	}()
	back, err := io.ReadAll(io.LimitReader(stream, int64(count)+1))
	if err != nil {
		return nil, fmt.Errorf("after %d bytes: %w", len(back), err)
	}
	if err := <-sent; err != nil {
		return nil, err
	}
	if !bytes.Equal(back, data) {
		return nil, fmt.Errorf("%d bytes came back for %d, or other ones", len(back), count)
	}
	return object{"bytes": count, "time": time.Since(began).Microseconds()}, nil
}

func (n *peerNode) reserve(ctx context.Context, text string) (object, error) {
	info, err := peer.AddrInfoFromString(text)
	if err != nil {
		return nil, err
	}
	if err := n.host.Connect(ctx, *info); err != nil {
		return nil, err
	}
	reservation, err := circuit.Reserve(ctx, n.host, *info)
	if err != nil {
		return nil, err
	}
	ours := []string{}
	over := reservation.Addrs
	if len(over) == 0 { // a relay that knows no public address of its own names none
		over = info.Addrs
	}
	for _, address := range over {
		way := address.String()
		if !strings.Contains(way, "/p2p/"+info.ID.String()) {
			way += "/p2p/" + info.ID.String()
		}
		if !strings.HasSuffix(way, "/p2p-circuit") {
			way += "/p2p-circuit"
		}
		ours = append(ours, way+"/p2p/"+n.host.ID().String())
	}
	n.lock.Lock()
	n.relayed = ours
	n.lock.Unlock()
	return object{"addresses": ours}, nil
}
