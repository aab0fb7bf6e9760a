package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"

	"github.com/ipfs/go-cid"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	record "github.com/libp2p/go-libp2p-record"
	"github.com/libp2p/go-libp2p/core/peer"
	ma "github.com/multiformats/go-multiaddr"
	mh "github.com/multiformats/go-multihash"
)

// Of namespace /v/: every value is valid, the longer, then the greater wins.
type longest struct{}

func (longest) Validate(string, []byte) error { return nil }

func (longest) Select(_ string, values [][]byte) (int, error) {
	best := 0
	for i, value := range values {
		if len(value) > len(values[best]) ||
			(len(value) == len(values[best]) && bytes.Compare(value, values[best]) > 0) {
			best = i
		}
	}
	return best, nil
}

func (n *peerNode) startKad(mode string) error {
	role := dht.ModeClient
	if mode == "server" {
		role = dht.ModeServer
	}
	kad, err := dht.New(n.host,
		dht.Mode(role),
		// The public network's rules (only /pk and /ipns) come with its prefix, so the name is set on its own.
		dht.ProtocolPrefix("/univrs-interop"),
		dht.V1ProtocolOverride("/ipfs/kad/1.0.0"),
		dht.Validator(record.NamespacedValidator{"v": longest{}}),
		dht.AddressFilter(func(addresses []ma.Multiaddr) []ma.Multiaddr { return addresses }), // loopback too
		dht.RoutingTableFilter(func(any, peer.ID) bool { return true }),
	)
	n.kad = kad
	return err
}

func (n *peerNode) runKad(ctx context.Context, name string, c command) (object, error) {
	if n.kad == nil {
		return nil, errors.New("kad is off")
	}
	switch name {
	case "kad_table":
		peers := []string{}
		for _, p := range n.kad.RoutingTable().ListPeers() {
			peers = append(peers, p.String())
		}
		return object{"peers": peers}, nil
	case "kad_bootstrap":
		return nil, <-n.kad.ForceRefresh()
	case "kad_find_peer":
		id, err := peer.Decode(c.text("peer"))
		if err != nil {
			return nil, err
		}
		info, err := n.kad.FindPeer(ctx, id)
		return object{"addresses": texts(info.Addrs)}, err
	}
	key, err := c.bytes("key")
	if err != nil {
		return nil, err
	}
	switch name {
	case "kad_put":
		value, err := c.bytes("value")
		if err != nil {
			return nil, err
		}
		return nil, n.kad.PutValue(ctx, string(key), value)
	case "kad_get":
		value, err := n.kad.GetValue(ctx, string(key))
		if err != nil {
			return nil, err
		}
		return object{"value": base64.StdEncoding.EncodeToString(value)}, nil
	}
	hash, err := mh.Cast(key)
	if err != nil {
		return nil, err
	}
	content := cid.NewCidV1(cid.Raw, hash)
	if name == "kad_provide" {
		return nil, n.kad.Provide(ctx, content, true)
	}
	peers := []string{}
	for info := range n.kad.FindProvidersAsync(ctx, content, c.number("count", 20)) {
		peers = append(peers, info.ID.String())
	}
	return object{"peers": peers}, nil
}

func texts(addresses []ma.Multiaddr) []string {
	out := []string{}
	for _, address := range addresses {
		out = append(out, address.String())
	}
	return out
}
