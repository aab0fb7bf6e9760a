// A js-libp2p node driven over standard input and output: the language is in ../README.md. Loopback only.
import { createLibp2p } from 'libp2p'
import { quic } from '@chainsafe/libp2p-quic'
import { tcp } from '@libp2p/tcp'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { gossipsub } from '@chainsafe/libp2p-gossipsub'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import * as digest from 'multiformats/hashes/digest'
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { readFileSync } from 'node:fs'

const ECHO = '/univrs/interop/echo/1.0.0'
const IDENTIFY_MS = 10000
let node
const identified = new Map()
const waiting = new Map()

const say = (object) => process.stdout.write(JSON.stringify(object) + '\n')
const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))
const cidOf = (multihash) => CID.createV1(0x55, digest.decode(bytes(multihash)))
const ids = (list) => list.map(String)
// Byte i of the echo protocol, which begins anew after so many.
const PATTERN = Buffer.from(Array.from({ length: 251 * 256 }, (_, i) => (i * 31 + Math.floor(i / 251)) % 256))

// Of namespace /v/: every value is valid; the longer, then the greater wins.
const longer = (a, b) => a.length !== b.length ? a.length > b.length : Buffer.compare(a, b) > 0
const inTime = () => ({ signal: AbortSignal.timeout(20000) })

async function start (c) {
  const options = {
    addresses: { listen: c.listen ?? [] },
    transports: [quic(), tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // Its upkeep pings too, and one at a time is allowed by default.
    services: { identify: identify(), ping: ping({ maxOutboundStreams: 4 }) },
    connectionManager: { inboundConnectionThreshold: c.limits === 'test' ? Infinity : 5 }
  }
  if (c.gossipsub) {
    const g = c.gossipsub
    options.services.pubsub = gossipsub({
      allowPublishToZeroTopicPeers: true,
      D: g.d ?? 6, Dlo: g.d_low ?? 4, Dhi: g.d_high ?? 12, Dlazy: g.d_lazy ?? 6,
      Dscore: Math.min(4, g.d_low ?? 4), Dout: Math.min(2, Math.max(0, (g.d_low ?? 4) - 1), Math.floor((g.d ?? 6) / 2)),
      floodPublish: g.flood_publish ?? true,
      doPX: g.px ?? false,
      maxInboundDataLength: g.max_message ?? 2 << 20,
      ...(g.message_id === 'sha256' ? { msgIdFn: (m) => createHash('sha256').update(m.data).digest() } : {})
    })
  }
  if (c.kad) {
    options.services.kad = kadDHT({ protocol: '/ipfs/kad/1.0.0', clientMode: c.kad === 'client', peerInfoMapper: passthroughMapper,
      validators: { v: async () => {} },
      selectors: { v: (_, values) => values.reduce((best, v, i) => longer(v, values[best]) ? i : best, 0) }
    })
  }
  if (c.relay || c.dcutr) {
    throw new Error('this peer has no relay')
  }
  node = await createLibp2p(options)
  node.addEventListener('peer:connect', (e) => say({ event: 'connected', peer: String(e.detail) }))
  node.addEventListener('peer:disconnect', (e) => say({ event: 'disconnected', peer: String(e.detail) }))
  node.addEventListener('peer:identify', (e) => {
    const d = e.detail
    const facts = {
      agent: d.agentVersion ?? '',
      protocol_version: d.protocolVersion ?? '',
      protocols: d.protocols,
      listen: ids(d.listenAddrs),
      observed: d.observedAddr ? String(d.observedAddr) : '',
      signed: d.signedPeerRecord != null
    }
    const peer = String(d.peerId)
    identified.set(peer, facts)
    for (const done of waiting.get(peer) ?? []) done(facts)
    waiting.delete(peer)
    say({ event: 'identified', peer })
  })
  node.services.pubsub?.addEventListener('gossipsub:message', (e) => {
    const m = e.detail.msg
    if (m.from == null || m.from.equals(node.peerId)) return
    say({
      event: 'message', topic: m.topic, from: String(m.from), size: m.data.length,
      sha256: createHash('sha256').update(m.data).digest('hex'), via: String(e.detail.propagationSource)
    })
  })
  await node.handle(ECHO, async ({ stream }) => {
    await stream.sink(stream.source)
  }, { maxInboundStreams: 256 })
  const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, `file://${process.cwd()}/`))).version
  return {
    id: String(node.peerId), addresses: ids(node.getMultiaddrs()),
    implementation: `js-libp2p ${version('libp2p')}, Node.js ${process.version}`
  }
}

async function echo (c) {
  const all = Buffer.alloc(c.bytes, PATTERN)
  const back = Buffer.alloc(c.bytes)
  const began = performance.now()
  const signal = AbortSignal.timeout(c.timeout_ms ?? 30000)
  const stream = await node.dialProtocol(peerIdFromString(c.peer), ECHO, { signal })
  const write = stream.sink((function * () {
    for (let i = 0; i < all.length; i += 65536) yield all.subarray(i, i + 65536)
  })())
  let got = 0
  for await (const chunk of stream.source) {
    if (got + chunk.length > c.bytes) throw new Error('more bytes came back than were sent')
    for (const part of chunk) {
      back.set(part, got)
      got += part.length
    }
  }
  await write
  if (got !== c.bytes || !all.equals(back)) throw new Error(`${got} bytes came back for ${c.bytes}, or other ones`)
  return { bytes: got, time: Math.round((performance.now() - began) * 1000) }
}

function toldBy (peer) {
  if (identified.has(peer)) return identified.get(peer)
  return new Promise((resolve, reject) => {
    waiting.set(peer, [...(waiting.get(peer) ?? []), resolve])
    setTimeout(() => reject(new Error('the peer did not identify itself')), IDENTIFY_MS)
  })
}

const commands = {
  start,
  dial: async (c) => {
    const connection = await node.dial(multiaddr(c.address), { signal: AbortSignal.timeout(20000) })
    return { peer: String(connection.remotePeer), address: String(connection.remoteAddr) }
  },
  disconnect: async (c) => { await node.hangUp(peerIdFromString(c.peer)); return {} },
  connections: async () => ({
    connections: node.getConnections().map((c) => ({ peer: String(c.remotePeer), address: String(c.remoteAddr), direction: c.direction, limited: c.limits != null }))
  }),
  addresses: async () => ({ addresses: ids(node.getMultiaddrs()) }),
  ping: async (c) => ({ rtt: Math.round(await node.services.ping.ping(peerIdFromString(c.peer)) * 1000) }),
  identify: async (c) => await toldBy(c.peer),
  echo,
  open: async (c) => { (await node.dialProtocol(peerIdFromString(c.peer), c.protocol)).abort(new Error('enough')); return {} },
  subscribe: async (c) => { node.services.pubsub.subscribe(c.topic); return {} },
  unsubscribe: async (c) => { node.services.pubsub.unsubscribe(c.topic); return {} },
  publish: async (c) => {
    const data = c.data != null ? bytes(c.data) : Uint8Array.from({ length: c.size }, (_, i) => (c.seed + i * 31) % 256)
    await node.services.pubsub.publish(c.topic, data)
    return {}
  },
  subscribers: async (c) => ({ peers: ids(node.services.pubsub.getSubscribers(c.topic)) }),
  mesh: async (c) => ({ peers: ids(node.services.pubsub.getMeshPeers(c.topic)) }),
  kad_table: async () => ({ peers: ids([...node.services.kad.routingTable.kb.toIterable()].map((p) => p.peerId)) }),
  kad_bootstrap: async () => { await node.services.kad.refreshRoutingTable(); return {} },
  kad_find_peer: async (c) => ({ addresses: ids((await node.peerRouting.findPeer(peerIdFromString(c.peer), inTime())).multiaddrs) }),
  kad_put: async (c) => { await node.contentRouting.put(bytes(c.key), bytes(c.value), inTime()); return {} },
  kad_get: async (c) => ({ value: Buffer.from(await node.contentRouting.get(bytes(c.key), inTime())).toString('base64') }),
  kad_provide: async (c) => { await node.contentRouting.provide(cidOf(c.key), inTime()); return {} },
  kad_providers: async (c) => {
    const found = new Set()
    for await (const p of node.contentRouting.findProviders(cidOf(c.key), inTime())) {
      found.add(String(p.id))
      if (found.size >= (c.count ?? 20)) break
    }
    return { peers: [...found] }
  }
}

const end = async () => {
  await node?.stop()
  process.exit(0)
}
const lines = createInterface({ input: process.stdin })
lines.on('line', async (line) => {
  let c
  try {
    c = JSON.parse(line)
  } catch {
    console.error('not JSON:', line)
    return
  }
  if (c.cmd === 'stop') {
    say({ re: c.n, ok: true })
    return await end()
  }
  const command = commands[c.cmd]
  if (command == null) return say({ re: c.n, ok: false, error: 'unknown command', unknown: true })
  try {
    say({ re: c.n, ok: true, ...await command(c) })
  } catch (e) {
    say({ re: c.n, ok: false, error: String(e.message ?? e) })
  }
})
lines.on('close', end)
