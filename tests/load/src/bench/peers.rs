//! Peers: the same page as others would build it, in `tests/load/peers`. Each must show its list.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use hyper::header::{COOKIE, HeaderValue};
use tempfile::TempDir;

use super::drive::{Ask, Expected, Run, drive};
use super::page::Page;
use super::portal::Store;
use super::process::{Process, free_address};
use super::stand::{COUNTS, Sessions, Stand};
use super::table::Spread;
use super::tenant::CLIENT_ID;
use super::visitor::{self, Visitor, stranger};

const CONNECTIONS: usize = 8;

/// A peer with people who are signed in to it.
struct Peer {
    name: &'static str,
    process: Process,
    asks: Vec<Ask>,
    /// The runs of the portal and of the peer.
    runs: Vec<[Run; 2]>,
}

/// Measures the portal's list beside those of the peers, and prints the table.
pub(super) async fn compare(stand: &Stand, rounds: usize, lasts: Duration) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut peers = [express(stand, &folder).await?, allauth(&folder).await?];
    for round in 0..rounds {
        let sessions = Sessions::sign_in(stand).await?;
        let portal = sessions.of_portal(stand, Store::Memory, (COUNTS[0], Page::List, false));
        for peer in &mut peers {
            eprint!("\rround {} of {rounds}, {}            ", round + 1, peer.name);
            let portal = drive(&stand.portal(Store::Memory)?.process, &portal[..CONNECTIONS], lasts).await?;
            peer.runs.push([portal, drive(&peer.process, &peer.asks, lasts).await?]);
        }
    }
    eprintln!();
    println!("\n| list, {CONNECTIONS} connections | requests/s | p99 ms | MB | portal ÷ peer, requests/s |");
    println!("|---|---|---|---|---|");
    for peer in &peers {
        let of = |value: fn(&Run) -> f64| Spread::of(peer.runs.iter().map(|[_, peer]| value(peer))).median;
        let ratio = Spread::of(peer.runs.iter().map(|[portal, peer]| portal.rate / peer.rate));
        let (name, memory) = (peer.name, peer.process.peak()?);
        println!("| {name} | {:.0} | {:.1} | {memory:.0} | {ratio} |", of(|run| run.rate), of(|run| run.p99));
    }
    Ok(())
}

async fn express(stand: &Stand, folder: &TempDir) -> anyhow::Result<Peer> {
    let address = free_address()?;
    let mut command = Command::new("node");
    command.arg("app.js").current_dir(sources("express")).env("NODE_ENV", "production");
    command.env("PORT", address.port().to_string()).env("CLIENT_ID", CLIENT_ID);
    command.env("TENANT", stand.tenant.url()?.as_str().trim_end_matches('/'));
    let process = Process::start(command, address, &folder.path().join("express.log")).await?;
    let (client, url) = (visitor::client()?, process.url()?);
    let expected = Arc::new(Expected {
        status: 200,
        contains: "<h2>Push notification</h2>".to_owned(),
        is_packed: false,
    });
    let mut asks = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut visitor = Visitor::new(&client, COUNTS[0]);
        let landed = visitor.open(url.clone()).await?;
        let entries = landed.html.matches("<li>\n<h2>").count();
        ensure!(entries == COUNTS[0], "express lists {entries}: {}", landed.html);
        asks.push(Ask { path: "/".to_owned(), headers: visitor.headers(&url), expected: expected.clone() });
    }
    Ok(Peer { name: "express-openid-connect", process, asks, runs: Vec::new() })
}

async fn allauth(folder: &TempDir) -> anyhow::Result<Peer> {
    let programs = top().join("target/peers/bin");
    let python = |program: &str| {
        let mut command = Command::new(programs.join(program));
        command.current_dir(sources("allauth")).env("PEER_FOLDER", folder.path());
        command.env("HOME", folder.path()).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    };
    let prepared = python("python").args(["peer.py", &CONNECTIONS.to_string()]).output();
    let prepared = prepared.context("target/peers is missing; tests/load/bench --peers makes it")?;
    ensure!(prepared.status.success(), "{}", String::from_utf8_lossy(&prepared.stderr));
    let address = free_address()?;
    let mut command = python("gunicorn");
    let workers = std::thread::available_parallelism()?.to_string();
    command.args(["--bind", &address.to_string(), "--workers", &workers, "--threads", "4"]);
    command.args(["--keep-alive", "60", "peer:application"]);
    let process = Process::start(command, address, &folder.path().join("allauth.log")).await?;
    let contains = "Authentication using an authenticator app is active.".to_owned();
    let expected = Arc::new(Expected { status: 200, contains, is_packed: false });
    let ask = |cookie: &str| {
        let mut headers = stranger();
        headers.insert(COOKIE, HeaderValue::from_str(cookie)?);
        Ok(Ask { path: "/accounts/2fa/".to_owned(), headers, expected: expected.clone() })
    };
    let asks = String::from_utf8(prepared.stdout)?.lines().map(ask).collect::<anyhow::Result<_>>()?;
    Ok(Peer { name: "django-allauth", process, asks, runs: Vec::new() })
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(peer: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(peer)
}
