//! A rust-libp2p node and what it is told to do. Commands that take time leave word in `Pending` and are answered by
//! the event that ends them; they may run side by side.
use crate::streams::{echo, serve_echo, ECHO};
use crate::{answer, say};
use base64::{engine::general_purpose::STANDARD as BASE64, Engine};
use futures::StreamExt;
use libp2p::core::transport::ListenerId;
use libp2p::core::ConnectedPoint;
use libp2p::gossipsub::{self, IdentTopic, MessageAuthenticity, MessageId, ValidationMode};
use libp2p::kad::{self, store::MemoryStore, GetProvidersOk, GetRecordOk, QueryId, QueryResult, Quorum, Record};
use libp2p::multiaddr::Protocol;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{dcutr, identify, identity, noise, ping, relay, tcp, yamux};
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

const KAD: StreamProtocol = StreamProtocol::new("/ipfs/kad/1.0.0");
const IDENTIFY_WAIT: Duration = Duration::from_secs(10);
const LISTEN_WAIT: Duration = Duration::from_secs(10);
const QUEUE_WAIT: Duration = Duration::from_secs(20); // messages wait so long for a slow machine
const PING_INTERVAL: Duration = Duration::from_millis(500); // pings are not sent when asked for: the next one answers
const IDLE: Duration = Duration::from_secs(3600);
const MAX_PAYLOAD: u64 = 16 << 20;

#[derive(NetworkBehaviour)]
struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    streams: libp2p_stream::Behaviour,
    gossipsub: Toggle<gossipsub::Behaviour>,
    kad: Toggle<kad::Behaviour<MemoryStore>>,
    relay: Toggle<relay::Behaviour>,
    relay_client: relay::client::Behaviour,
    dcutr: Toggle<dcutr::Behaviour>,
}

enum Wait {
    Dial(ConnectionId),
    Disconnect(PeerId),
    Ping(PeerId),
    Identify(PeerId),
    Reserve(ListenerId),
}

struct Pending {
    number: Value,
    wait: Wait,
    until: Option<tokio::time::Instant>,
}

#[derive(Default)]
struct Query {
    number: Value,
    target: Option<PeerId>,
    value: Option<Vec<u8>>,
    providers: HashSet<PeerId>,
}

pub struct Node {
    swarm: Swarm<Behaviour>,
    connections: HashMap<ConnectionId, (PeerId, ConnectedPoint)>,
    identified: HashMap<PeerId, Value>,
    pending: Vec<Pending>,
    queries: HashMap<QueryId, Query>,
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn ids<'a>(peers: impl IntoIterator<Item = &'a PeerId>) -> Value {
    json!({"peers": peers.into_iter().map(text).collect::<Vec<_>>()})
}

fn bytes(c: &Value, name: &str) -> Result<Vec<u8>, String> {
    BASE64.decode(c[name].as_str().unwrap_or_default()).map_err(|e| format!("{name}: {e}"))
}

fn peer(c: &Value) -> Result<PeerId, String> {
    c["peer"].as_str().unwrap_or_default().parse().map_err(text)
}

fn direction(endpoint: &ConnectedPoint) -> &'static str {
    if endpoint.is_dialer() { "outbound" } else { "inbound" }
}

fn gossip(key: &identity::Keypair, c: &Value) -> Result<Option<gossipsub::Behaviour>, String> {
    if !c.is_object() {
        return Ok(None);
    }
    let number = |name: &str, otherwise: u64| c[name].as_u64().unwrap_or(otherwise) as usize;
    let (d, low) = (number("d", 6), number("d_low", 4));
    let mut config = gossipsub::ConfigBuilder::default();
    config
        .mesh_n(d)
        .mesh_n_low(low)
        .mesh_n_high(number("d_high", 12))
        .mesh_outbound_min(2.min(low.saturating_sub(1)).min(d / 2))
        .gossip_lazy(number("d_lazy", 6))
        .retain_scores(4.min(d))
        .flood_publish(c["flood_publish"].as_bool().unwrap_or(true))
        .max_transmit_size(number("max_message", 2 << 20))
        .publish_queue_duration(QUEUE_WAIT)
        .forward_queue_duration(QUEUE_WAIT)
        .validation_mode(ValidationMode::Strict);
    if c["px"] == json!(true) {
        config.do_px();
    }
    match c["message_id"].as_str() {
        None | Some("from-seqno") => config.message_id_fn(|m| {
            let mut id = m.source.map(|p| p.to_bytes()).unwrap_or_default();
            id.extend(m.sequence_number.unwrap_or(0).to_be_bytes());
            MessageId::from(id)
        }),
        Some("sha256") => config.message_id_fn(|m| MessageId::from(Sha256::digest(&m.data).to_vec())),
        Some(_) => return Err("unknown message_id".into()),
    };
    let config = config.build().map_err(text)?;
    Ok(Some(gossipsub::Behaviour::new(MessageAuthenticity::Signed(key.clone()), config)?))
}

impl Node {
    pub async fn start(c: &Value) -> Result<(Node, Value), String> {
        let key = identity::Keypair::generate_ed25519();
        let id = key.public().to_peer_id();
        let gossipsub = gossip(&key, &c["gossipsub"])?;
        let kad = c["kad"].as_str().map(|mode| {
            let mut kad = kad::Behaviour::with_config(id, MemoryStore::new(id), kad::Config::new(KAD));
            kad.set_mode(Some(if mode == "server" { kad::Mode::Server } else { kad::Mode::Client }));
            kad
        });
        let relay = (c["relay"] == "server").then(|| relay::Behaviour::new(id, relay::Config::default()));
        let dcutr = (c["dcutr"] == json!(true)).then(|| dcutr::Behaviour::new(id));
        let mut swarm = SwarmBuilder::with_existing_identity(key)
            .with_tokio()
            .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
            .map_err(text)?
            .with_quic()
            .with_relay_client(noise::Config::new, yamux::Config::default)
            .map_err(text)?
            .with_behaviour(|key, relay_client| Behaviour {
                identify: identify::Behaviour::new(
                    identify::Config::new_with_signed_peer_record("univrs-interop/1.0.0".into(), key)
                        .with_agent_version("univrs-interop-rust".into()),
                ),
                ping: ping::Behaviour::new(ping::Config::new().with_interval(PING_INTERVAL)),
                streams: libp2p_stream::Behaviour::new(),
                gossipsub: gossipsub.into(),
                kad: kad.into(),
                relay: relay.into(),
                relay_client,
                dcutr: dcutr.into(),
            })
            .map_err(text)?
            .with_swarm_config(|config| config.with_idle_connection_timeout(IDLE))
            .build();
        let served = swarm.behaviour().streams.new_control().accept(ECHO).map_err(text)?;
        tokio::spawn(serve_echo(served));
        let mut waiting = HashSet::new();
        for address in c["listen"].as_array().into_iter().flatten() {
            let address: Multiaddr = address.as_str().unwrap_or_default().parse().map_err(text)?;
            waiting.insert(swarm.listen_on(address).map_err(text)?);
        }
        let listening = async {
            while !waiting.is_empty() {
                if let SwarmEvent::NewListenAddr { listener_id, .. } = swarm.select_next_some().await {
                    waiting.remove(&listener_id);
                }
            }
        };
        tokio::time::timeout(LISTEN_WAIT, listening).await.map_err(|_| "no listener came up")?;
        for address in swarm.listeners().cloned().collect::<Vec<_>>() {
            swarm.add_external_address(address); // on loopback what we listen on is where we are
        }
        let node =
            Node { swarm, connections: HashMap::new(), identified: HashMap::new(), pending: vec![], queries: HashMap::new() };
        let mut told = node.addresses();
        told["id"] = json!(id.to_string());
        told["implementation"] = json!("rust-libp2p 0.57.1");
        Ok((node, told))
    }

    fn addresses(&self) -> Value {
        let own = Protocol::P2p(*self.swarm.local_peer_id());
        let list: Vec<_> = self
            .swarm
            .listeners()
            .map(|a| if a.iter().last() == Some(own.clone()) { a.clone() } else { a.clone().with(own.clone()) })
            .map(text)
            .collect();
        json!({"addresses": list})
    }

    pub fn run(&mut self, name: &str, c: &Value, number: Value) {
        if name == "echo" || name == "open" {
            return self.open_stream(name, c, number);
        }
        let result = match name {
            "dial" => self.dial(c, &number),
            "disconnect" | "ping" | "identify" => self.with_peer(name, c, &number),
            "connections" => Ok(Some(json!({"connections": self.connections.values().map(|(peer, endpoint)| json!({
                "peer": peer.to_string(), "address": endpoint.get_remote_address().to_string(),
                "direction": direction(endpoint), "limited": endpoint.is_relayed()})).collect::<Vec<_>>()}))),
            "addresses" => Ok(Some(self.addresses())),
            "reserve" => self.reserve(c, &number),
            "subscribe" | "unsubscribe" | "publish" | "subscribers" | "mesh" => self.gossipsub(name, c).map(Some),
            _ if name.starts_with("kad_") => self.kad(name, c, &number),
            _ => return say(&json!({"re": number, "ok": false, "error": "unknown command", "unknown": true})),
        };
        if let Some(result) = result.transpose() {
            answer(&number, result);
        }
    }

    fn wait(&mut self, number: &Value, wait: Wait, time: Option<Duration>) -> Result<Option<Value>, String> {
        let until = time.map(|t| tokio::time::Instant::now() + t);
        self.pending.push(Pending { number: number.clone(), wait, until });
        Ok(None)
    }

    /// Answers everything that waited for this.
    fn done(&mut self, ended: impl Fn(&Wait) -> bool, result: Result<Value, String>) {
        self.pending.retain(|p| {
            let over = ended(&p.wait);
            if over {
                answer(&p.number, result.clone());
            }
            !over
        });
    }

    fn dial(&mut self, c: &Value, number: &Value) -> Result<Option<Value>, String> {
        let address: Multiaddr = c["address"].as_str().unwrap_or_default().parse().map_err(text)?;
        let known = match address.iter().last() {
            Some(Protocol::P2p(id)) => Some(id),
            _ => None,
        };
        if let Some((peer, endpoint)) = self.connections.values().find(|(peer, _)| Some(*peer) == known) {
            return Ok(Some(json!({"peer": peer.to_string(), "address": endpoint.get_remote_address().to_string()})));
        }
        let options = match known {
            Some(id) => DialOpts::peer_id(id).addresses(vec![address]).build(),
            None => DialOpts::unknown_peer_id().address(address).build(),
        };
        let connection = options.connection_id();
        self.swarm.dial(options).map_err(text)?;
        self.wait(number, Wait::Dial(connection), None)
    }

    fn with_peer(&mut self, name: &str, c: &Value, number: &Value) -> Result<Option<Value>, String> {
        let peer = peer(c)?;
        match name {
            "identify" => match self.identified.get(&peer) {
                Some(told) => Ok(Some(told.clone())),
                None => self.wait(number, Wait::Identify(peer), Some(IDENTIFY_WAIT)),
            },
            "ping" if self.swarm.is_connected(&peer) => self.wait(number, Wait::Ping(peer), None),
            "ping" => Err("not connected".into()),
            _ if self.swarm.disconnect_peer_id(peer).is_err() => Ok(Some(json!({}))),
            _ => self.wait(number, Wait::Disconnect(peer), None),
        }
    }

    fn reserve(&mut self, c: &Value, number: &Value) -> Result<Option<Value>, String> {
        let relay: Multiaddr = c["address"].as_str().unwrap_or_default().parse().map_err(text)?;
        let listener = self.swarm.listen_on(relay.with(Protocol::P2pCircuit)).map_err(text)?;
        self.wait(number, Wait::Reserve(listener), None)
    }

    fn open_stream(&mut self, name: &str, c: &Value, number: Value) {
        let mut control = self.swarm.behaviour().streams.new_control();
        let (is_echo, c) = (name == "echo", c.clone());
        tokio::spawn(async move {
            let work = async {
                let peer = peer(&c)?;
                if is_echo {
                    let timeout = Duration::from_millis(c["timeout_ms"].as_u64().unwrap_or(30_000));
                    return echo(control, peer, c["bytes"].as_u64().unwrap_or(0) as usize, timeout).await;
                }
                let protocol = c["protocol"].as_str().unwrap_or_default().to_string();
                let protocol = StreamProtocol::try_from_owned(protocol).map_err(text)?;
                control.open_stream(peer, protocol).await.map_err(text)?;
                Ok(json!({}))
            };
            answer(&number, work.await);
        });
    }

    fn gossipsub(&mut self, name: &str, c: &Value) -> Result<Value, String> {
        let gossipsub = self.swarm.behaviour_mut().gossipsub.as_mut().ok_or("gossipsub is off")?;
        let topic = IdentTopic::new(c["topic"].as_str().unwrap_or_default());
        match name {
            "subscribe" => gossipsub.subscribe(&topic).map(|_| json!({})).map_err(text),
            "unsubscribe" => {
                gossipsub.unsubscribe(&topic);
                Ok(json!({}))
            }
            "mesh" => Ok(ids(gossipsub.mesh_peers(&topic.hash()))),
            "subscribers" => {
                let hash = topic.hash();
                Ok(ids(gossipsub.all_peers().filter(|(_, topics)| topics.contains(&&hash)).map(|(peer, _)| peer)))
            }
            _ => {
                let data = if c["data"].is_string() {
                    bytes(c, "data")?
                } else {
                    let size = c["size"].as_u64().filter(|s| *s <= MAX_PAYLOAD).ok_or("no message of this size is made")?;
                    let seed = c["seed"].as_u64().unwrap_or(0);
                    (0..size).map(|i| ((seed + i * 31) % 256) as u8).collect()
                };
                gossipsub.publish(topic, data).map(|_| json!({})).map_err(text)
            }
        }
    }

    fn kad(&mut self, name: &str, c: &Value, number: &Value) -> Result<Option<Value>, String> {
        let kad = self.swarm.behaviour_mut().kad.as_mut().ok_or("kad is off")?;
        let mut query = Query { number: number.clone(), ..Query::default() };
        let id = match name {
            "kad_table" => {
                let peers: Vec<PeerId> =
                    kad.kbuckets().flat_map(|b| b.iter().map(|e| *e.node.key.preimage()).collect::<Vec<_>>()).collect();
                return Ok(Some(ids(&peers)));
            }
            "kad_bootstrap" => kad.bootstrap().map_err(text)?,
            "kad_find_peer" => {
                let peer = peer(c)?;
                query.target = Some(peer);
                kad.get_closest_peers(peer)
            }
            "kad_put" => kad.put_record(Record::new(bytes(c, "key")?, bytes(c, "value")?), Quorum::One).map_err(text)?,
            "kad_get" => kad.get_record(bytes(c, "key")?.into()),
            "kad_provide" => kad.start_providing(bytes(c, "key")?.into()).map_err(text)?,
            "kad_providers" => kad.get_providers(bytes(c, "key")?.into()),
            _ => return Err("unknown command".into()),
        };
        self.queries.insert(id, query);
        Ok(None)
    }

    /// Handles one event of the swarm, or answers what has waited too long.
    pub async fn step(&mut self) {
        let deadline = self.pending.iter().filter_map(|p| p.until).min();
        let event = tokio::select! {
            event = self.swarm.select_next_some() => event,
            () = async { match deadline { Some(at) => tokio::time::sleep_until(at).await, None => std::future::pending().await } } => {
                let now = tokio::time::Instant::now();
                self.pending.retain(|p| {
                    let over = p.until.is_some_and(|at| at <= now);
                    if over {
                        answer(&p.number, Err("nothing was told in time".into()));
                    }
                    !over
                });
                return;
            }
        };
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let address = endpoint.get_remote_address().to_string();
                say(&json!({"event": "connected", "peer": peer_id.to_string(), "address": address,
                    "direction": direction(&endpoint)}));
                self.connections.insert(connection_id, (peer_id, endpoint));
                let told = json!({"peer": peer_id.to_string(), "address": address});
                self.done(|w| matches!(w, Wait::Dial(id) if *id == connection_id), Ok(told));
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, .. } => {
                self.connections.remove(&connection_id);
                if num_established == 0 {
                    self.identified.remove(&peer_id);
                    say(&json!({"event": "disconnected", "peer": peer_id.to_string()}));
                    self.done(|w| matches!(w, Wait::Disconnect(id) if *id == peer_id), Ok(json!({})));
                    self.done(|w| matches!(w, Wait::Ping(id) if *id == peer_id), Err("disconnected".into()));
                }
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                self.done(|w| matches!(w, Wait::Dial(id) if *id == connection_id), Err(error.to_string()));
            }
            SwarmEvent::NewListenAddr { listener_id, address } => {
                let told = json!({"addresses": [address.to_string()]});
                self.done(|w| matches!(w, Wait::Reserve(id) if *id == listener_id), Ok(told));
            }
            SwarmEvent::ListenerClosed { listener_id, reason, .. } => {
                self.done(|w| matches!(w, Wait::Reserve(id) if *id == listener_id), Err(format!("{reason:?}")));
            }
            SwarmEvent::Behaviour(event) => self.on_behaviour(event),
            _ => {}
        }
    }

    fn on_behaviour(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. }) => self.identified(peer_id, info),
            BehaviourEvent::Ping(ping::Event { peer, result, .. }) => {
                let told = result.map(|rtt| json!({"rtt": rtt.as_micros().max(1) as u64})).map_err(text);
                self.done(|w| matches!(w, Wait::Ping(id) if *id == peer), told);
            }
            BehaviourEvent::Gossipsub(gossipsub::Event::Message { propagation_source, message, .. }) => {
                if let Some(from) = message.source.filter(|p| p != self.swarm.local_peer_id()) {
                    let hash: String = Sha256::digest(&message.data).iter().map(|b| format!("{b:02x}")).collect();
                    say(&json!({"event": "message", "topic": message.topic.to_string(), "from": from.to_string(),
                        "size": message.data.len(), "sha256": hash, "via": propagation_source.to_string()}));
                }
            }
            BehaviourEvent::Kad(kad::Event::OutboundQueryProgressed { id, result, step, .. }) => {
                self.query_progressed(id, result, step.last);
            }
            _ => {}
        }
    }

    fn identified(&mut self, peer: PeerId, info: identify::Info) {
        if info.protocols.contains(&KAD) {
            if let Some(kad) = self.swarm.behaviour_mut().kad.as_mut() {
                for address in &info.listen_addrs {
                    kad.add_address(&peer, address.clone());
                }
            }
        }
        let told = json!({"agent": info.agent_version, "protocol_version": info.protocol_version,
            "protocols": info.protocols.iter().map(text).collect::<Vec<_>>(),
            "listen": info.listen_addrs.iter().map(text).collect::<Vec<_>>(),
            "observed": info.observed_addr.to_string(), "signed": info.signed_peer_record.is_some()});
        self.identified.insert(peer, told.clone());
        say(&json!({"event": "identified", "peer": peer.to_string()}));
        self.done(|w| matches!(w, Wait::Identify(id) if *id == peer), Ok(told));
    }

    fn query_progressed(&mut self, id: QueryId, result: QueryResult, last: bool) {
        let Some(query) = self.queries.get_mut(&id) else { return };
        let outcome = match result {
            QueryResult::GetClosestPeers(result) => result.map_err(text).and_then(|found| {
                let of_target = found.peers.into_iter().find(|p| Some(p.peer_id) == query.target && !p.addrs.is_empty());
                of_target
                    .map(|p| json!({"addresses": p.addrs.iter().map(text).collect::<Vec<_>>()}))
                    .ok_or("the peer was not found".into())
            }),
            QueryResult::GetRecord(result) => {
                if let Ok(GetRecordOk::FoundRecord(found)) = &result {
                    let new = &found.record.value;
                    // Of namespace /v/ the longer, then the greater wins.
                    if query.value.as_ref().is_none_or(|old| (new.len(), new) > (old.len(), old)) {
                        query.value = Some(new.clone());
                    }
                }
                match (&query.value, result) {
                    (Some(value), _) => Ok(json!({"value": BASE64.encode(value)})),
                    (None, Err(error)) => Err(error.to_string()),
                    (None, Ok(_)) => Err("there is no such value".into()),
                }
            }
            QueryResult::GetProviders(result) => {
                if let Ok(GetProvidersOk::FoundProviders { providers, .. }) = &result {
                    query.providers.extend(providers);
                }
                result.map(|_| ids(&query.providers)).map_err(text)
            }
            QueryResult::PutRecord(result) => result.map(|_| json!({})).map_err(text),
            QueryResult::StartProviding(result) => result.map(|_| json!({})).map_err(text),
            QueryResult::Bootstrap(result) => result.map(|_| json!({})).map_err(text),
            QueryResult::RepublishProvider(_) | QueryResult::RepublishRecord(_) => return,
        };
        if last {
            answer(&query.number.clone(), outcome);
            self.queries.remove(&id);
        }
    }
}
