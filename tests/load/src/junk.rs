//! Misuse: unknown paths, forged forms, bytes that are not HTTP, and clients that stop in the middle of a request.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::browser::Browser;

/// The portal closes a silent connection after 10 s. The rest is for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(40);

/// Requests a page and leaves before it has arrived.
pub(crate) async fn leave_early(browser: &Browser) -> Result<()> {
    browser.world.wait_for_pace().await;
    let paths = ["/", "/factors/totp", "/factors", "/authenticators/remove?id=nothing"];
    let url = browser.world.portal.join(paths[fastrand::usize(..paths.len())])?;
    let waits = Duration::from_millis(fastrand::u64(1..15));
    drop(timeout(waits, browser.client.get(url).send()).await);
    Ok(())
}

/// Requests paths and submits forms that no page has.
pub(crate) async fn request_junk(browser: &Browser) -> Result<()> {
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
    browser.send_once(request).await
}

/// Sends bytes that are not HTTP, or hardly.
pub(crate) async fn send_junk_bytes(browser: &Browser) -> Result<()> {
    let messages: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\r\n\r\n\r\n\0\0\0\0 \r\n\r\n",
    ];
    until_closed(browser, messages[fastrand::usize(..messages.len())]).await
}

/// Sends half of a request, and then nothing.
pub(crate) async fn stall(browser: &Browser) -> Result<()> {
    let halves: [&[u8]; 3] = [
        b"GET /signed-out HTTP/1.1\r\nhost: x\r\nx-half",
        b"POST /factors/totp HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf",
        b"",
    ];
    until_closed(browser, halves[fastrand::usize(..halves.len())]).await
}

/// Sends the bytes and waits until the portal closes the connection.
async fn until_closed(browser: &Browser, bytes: &[u8]) -> Result<()> {
    browser.world.wait_for_pace().await;
    let address: SocketAddr = browser.world.portal.socket_addrs(|| None)?.pop().context("an address")?;
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes).await?;
    let mut received = Vec::new();
    if timeout(TIMEOUT, stream.read_to_end(&mut received)).await.is_err() {
        browser.world.record.still_open(bytes);
    }
    Ok(())
}
