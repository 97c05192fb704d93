//! What nobody should do: forms from nowhere, half requests, and nothing after them.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::browser::Browser;

/// The portal ends whoever says nothing for 10 s.
const PATIENCE: Duration = Duration::from_secs(40);

/// A page is asked for and not waited for, some of it under way.
pub(crate) async fn leave(browser: &Browser) -> Result<()> {
    browser.world.turn().await;
    let paths = ["/", "/factors/totp", "/factors", "/authenticators/remove?id=nothing"];
    let url = browser.world.portal.join(paths[fastrand::usize(..paths.len())])?;
    let waits = Duration::from_millis(fastrand::u64(1..15));
    // Whatever came of it, nobody looks.
    drop(timeout(waits, browser.client.get(url).send()).await);
    Ok(())
}

/// Addresses and forms that no page of ours has.
pub(crate) async fn ask(browser: &Browser) -> Result<()> {
    let paths =
        ["/wp-login.php", "/factors/unknown", "/%ff%00", "/factors/totp/nothing", "/callback?state=x&code=y"];
    let url = browser.world.portal.join(paths[fastrand::usize(..paths.len())])?;
    let methods = [Method::GET, Method::POST, Method::DELETE, Method::PATCH];
    let request = browser.client.request(methods[fastrand::usize(..methods.len())].clone(), url);
    let junk: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(fastrand::usize(..40_000)).collect();
    let request = match fastrand::u8(..3) {
        0 => request,
        1 => request.form(&[("code", "123456"), ("csrf_token", "made up")]),
        _ => request.header("content-type", "application/x-www-form-urlencoded").body(junk),
    };
    browser.once(request).await
}

/// What is no HTTP, or hardly.
pub(crate) async fn speak(browser: &Browser) -> Result<()> {
    let said: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\r\n\r\n\r\n\0\0\0\0 \r\n\r\n",
    ];
    until_ended(browser, said[fastrand::usize(..said.len())]).await
}

/// Half of something, and then nothing.
pub(crate) async fn be_slow(browser: &Browser) -> Result<()> {
    let halves: [&[u8]; 3] = [
        b"GET /signed-out HTTP/1.1\r\nhost: x\r\nx-half",
        b"POST /factors/totp HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf",
        b"",
    ];
    until_ended(browser, halves[fastrand::usize(..halves.len())]).await
}

/// Says this, and waits until the portal ends the connection.
async fn until_ended(browser: &Browser, said: &[u8]) -> Result<()> {
    browser.world.turn().await;
    let address: SocketAddr = browser.world.portal.socket_addrs(|| None)?.pop().context("an address")?;
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(said).await?;
    let mut heard = Vec::new();
    if timeout(PATIENCE, stream.read_to_end(&mut heard)).await.is_err() {
        browser.world.record.kept(said);
    }
    Ok(())
}
