//! A browser without a window: it keeps cookies, follows redirects through the tenant's sign-in, and submits forms.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, bail, ensure};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, COOKIE, HOST, HeaderMap, HeaderValue, LOCATION, SET_COOKIE,
};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use url::Url;

use crate::page::Page;

/// The number of the next person. Nobody signs in twice.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A person with so many authenticators.
pub(super) struct Visitor {
    client: Client,
    authenticators: usize,
    serial: u64,
    /// By the port of the server, because all of them are on loopback.
    cookies: BTreeMap<u16, BTreeMap<String, String>>,
    /// The ports of a portal's replicas, of which the first is the public one.
    replicas: Option<[u16; 2]>,
}

/// An answer that is no redirect.
pub(super) struct Landed {
    pub(super) url: Url,
    pub(super) html: String,
}

/// A client for many visitors, who have cookies each.
pub(super) fn client() -> anyhow::Result<Client> {
    Ok(Client::builder().redirect(Policy::none()).no_proxy().build()?)
}

impl Visitor {
    pub(super) fn new(client: &Client, authenticators: usize) -> Self {
        let serial = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { client: client.clone(), authenticators, serial, cookies: BTreeMap::new(), replicas: None }
    }

    /// The same person, whose every request reaches one of these replicas by chance.
    pub(super) fn of_replicas(self, ports: [u16; 2]) -> Self {
        Self { replicas: Some(ports), ..self }
    }

    /// Opens a page, through the tenant's sign-in if need be.
    pub(super) async fn open(&mut self, url: Url) -> anyhow::Result<Landed> {
        self.follow(self.client.get(url)).await
    }

    /// Submits a form of a page by the beginning of its button's name.
    pub(super) async fn press(&mut self, landed: &Landed, button: &str) -> anyhow::Result<Landed> {
        let page = Page::read(landed.url.clone(), &landed.html);
        let form =
            page.form(button).with_context(|| format!("no button «{button}» on «{}»", page.heading))?;
        let origin = landed.url.origin().ascii_serialization();
        let request = self.client.post(form.action.clone()).header("origin", origin).form(&form.fields);
        self.follow(request).await
    }

    /// Signs in and does not look at the page that the sign-in leads to.
    pub(super) async fn sign_in(&mut self, portal: &Url) -> anyhow::Result<()> {
        let mut next = portal.join("sign-in")?;
        for _ in 0..3 {
            let (url, target, _) = self.send(self.client.get(next)).await?;
            next = url.join(&target.with_context(|| format!("no redirect from {url}"))?)?;
        }
        ensure!(next.path() == "/", "the sign-in has led to {next}");
        Ok(())
    }

    async fn follow(&mut self, request: RequestBuilder) -> anyhow::Result<Landed> {
        let mut next = request;
        for _ in 0..10 {
            let (url, target, html) = self.send(next).await?;
            match target {
                Some(target) => next = self.client.get(url.join(&target)?),
                None => return Ok(Landed { url, html }),
            }
        }
        bail!("too many redirects")
    }

    /// Sends a request; returns its URL, the redirect's target and the body.
    async fn send(&mut self, request: RequestBuilder) -> anyhow::Result<(Url, Option<String>, String)> {
        let mut request = request.build()?;
        if request.url().path() == "/authorize" {
            let (authenticators, serial) = (self.authenticators.to_string(), self.serial.to_string());
            let mut query = request.url_mut().query_pairs_mut();
            query.append_pair("authenticators", &authenticators).append_pair("serial", &serial);
        }
        let url = request.url().clone();
        request.headers_mut().extend(self.headers(&url));
        if let Some(replicas) = self.replicas.filter(|[public, _]| url.port() == Some(*public)) {
            let host = url.authority().parse()?;
            request.headers_mut().insert(HOST, host);
            // A loopback URL has a port.
            let _ = request.url_mut().set_port(fastrand::choice(replicas));
        }
        let answer = self.client.execute(request).await?;
        let port = url.port().unwrap_or_default();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            self.keep(port, cookie.to_str()?);
        }
        let target = answer.headers().get(LOCATION).map(|target| target.to_str().map(ToOwned::to_owned));
        Ok((url, target.transpose()?, answer.text().await?))
    }

    fn keep(&mut self, port: u16, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        let cookies = self.cookies.entry(port).or_default();
        if attributes.to_ascii_lowercase().contains("max-age=0") || value.is_empty() {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The headers of a navigation to this URL, as a browser sends them.
    pub(super) fn headers(&self, url: &Url) -> HeaderMap {
        let mut headers = stranger();
        let cookies = self.cookies.get(&url.port().unwrap_or_default()).into_iter().flatten();
        let cookies: Vec<_> = cookies.map(|(name, value)| format!("{name}={value}")).collect();
        if let (false, Ok(value)) = (cookies.is_empty(), HeaderValue::from_str(&cookies.join("; "))) {
            headers.insert(COOKIE, value);
        }
        headers
    }
}

/// The headers of somebody without cookies.
pub(super) fn stranger() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        (ACCEPT_LANGUAGE, "en-GB,en;q=0.5"),
        (hyper::header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [("dest", "document"), ("mode", "navigate"), ("site", "none"), ("user", "?1")] {
        let name = hyper::header::HeaderName::try_from(format!("sec-fetch-{name}"));
        headers.extend(name.map(|name| (name, HeaderValue::from_static(value))));
    }
    headers
}

/// The same headers of a browser that takes gzip, as all do.
pub(super) fn packed(mut headers: HeaderMap) -> HeaderMap {
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers
}
