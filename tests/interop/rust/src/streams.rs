//! The echo protocol: both its ends.
use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::{PeerId, Stream, StreamProtocol};
use libp2p_stream::{Control, IncomingStreams};
use serde_json::{json, Value};
use std::time::{Duration, Instant};

pub const ECHO: StreamProtocol = StreamProtocol::new("/univrs/interop/echo/1.0.0");
const CHUNK: usize = 64 << 10;

pub async fn serve_echo(mut incoming: IncomingStreams) {
    while let Some((_, mut stream)) = incoming.next().await {
        tokio::spawn(async move {
            let mut chunk = vec![0; CHUNK];
            while let Ok(count) = stream.read(&mut chunk).await {
                if count == 0 {
                    let _ = stream.close().await;
                    return;
                }
                if stream.write_all(&chunk[..count]).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
        });
    }
}

pub async fn echo(mut control: Control, peer: PeerId, count: usize, timeout: Duration) -> Result<Value, String> {
    let work = async {
        let stream = control.open_stream(peer, ECHO).await.map_err(|e| e.to_string())?;
        let began = Instant::now();
        exchange(stream, count).await?;
        Ok(json!({"bytes": count, "time": began.elapsed().as_micros() as u64}))
    };
    tokio::time::timeout(timeout, work).await.unwrap_or(Err("not in time".into()))
}

async fn exchange(stream: Stream, count: usize) -> Result<(), String> {
    let data: Vec<u8> = (0..count).map(|i| ((i * 31 + i / 251) % 256) as u8).collect();
    let (mut reader, mut writer) = stream.split();
    let send = async {
        writer.write_all(&data).await.map_err(|e| e.to_string())?;
        writer.close().await.map_err(|e| e.to_string())
    };
    let receive = async {
        let mut back = Vec::with_capacity(count);
        (&mut reader).take(count as u64 + 1).read_to_end(&mut back).await.map_err(|e| e.to_string())?;
        if back == data { Ok(()) } else { Err(format!("{} bytes came back for {count}, or other ones", back.len())) }
    };
    let (sent, received) = tokio::join!(send, receive);
    sent.and(received)
}
