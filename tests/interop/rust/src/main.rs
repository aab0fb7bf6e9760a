//! The rust-libp2p peer of the interop tests. It speaks the language of ../README.md on standard input and output.
mod node;
mod streams;

use node::Node;
use serde_json::{json, Value};
use std::io::Write;
use tokio::io::{AsyncBufReadExt, BufReader};

/// One line to whoever drives us.
pub fn say(message: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{message}");
    let _ = out.flush();
}

/// Answers a command: the result's fields, or the error's text.
pub fn answer(number: &Value, result: Result<Value, String>) {
    let mut message = match &result {
        Ok(fields) => fields.clone(),
        Err(text) => json!({"error": text}),
    };
    message["re"] = number.clone();
    message["ok"] = json!(result.is_ok());
    say(&message);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut node: Option<Node> = None;
    loop {
        let line = tokio::select! {
            line = lines.next_line() => line,
            () = async { match &mut node { Some(n) => n.step().await, None => std::future::pending().await } } => continue,
        };
        let Ok(Some(line)) = line else { break };
        let Ok(command) = serde_json::from_str::<Value>(&line) else {
            eprintln!("not a command: {line}");
            continue;
        };
        let number = command["n"].clone();
        let name = command["cmd"].as_str().unwrap_or_default();
        match (&mut node, name) {
            (_, "stop") => {
                answer(&number, Ok(json!({})));
                break;
            }
            (None, "start") => match Node::start(&command).await {
                Ok((made, told)) => {
                    node = Some(made);
                    answer(&number, Ok(told));
                }
                Err(text) => answer(&number, Err(text)),
            },
            (Some(n), name) if name != "start" => n.run(name, &command, number),
            _ => answer(&number, Err("start comes first, and once".into())),
        }
    }
    // What a blocked reader of standard input holds up does not matter any more.
    std::process::exit(0);
}
