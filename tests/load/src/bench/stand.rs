//! What stands beside each other in a run: the tenant, the bare handler, and a portal for each store. And who is signed
//! in to them.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use hyper::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, LOCATION};
use tempfile::TempDir;
use url::Url;

use super::bare::FixedPage;
use super::drive::{Ask, once};
use super::page::Page;
use super::portal::{Portal, Store};
use super::process::{Process, free_address};
use super::visitor::{self, Visitor, stranger};

/// The most connections of a run; each has a session.
pub(super) const MOST: usize = 64;
/// The authenticators of people in the measured lists; the first is that of most pairs.
pub(super) const COUNTS: [usize; 3] = [4, 0, 50];
/// Connections of a list that is not the usual one.
const FEW: usize = 8;

/// The programs of a run.
pub(super) struct Stand {
    pages: Vec<FixedPage>,
    pub(super) tenant: Process,
    pub(super) bare: Process,
    pub(super) portals: Vec<Portal>,
    /// The path of the portal's stylesheet.
    stylesheet: String,
    _folder: TempDir,
}

impl Stand {
    /// Starts all programs. The bare handler gets the pages that the first portal answers with.
    pub(super) async fn build(binary: &Path, stores: &[Store]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let tenant = start_tenant(folder.path(), 0).await?;
        let mut portals = Vec::new();
        for store in stores {
            portals.push(Portal::start(binary, *store, &tenant.url()?).await?);
        }
        let first = portals.first().context("no store")?;
        let stylesheet = stylesheet(first).await?;
        let mut session = Session::begin(&visitor::client()?, first, COUNTS[0]).await?;
        session.set_up_app(first).await?;
        let mut pages = Vec::new();
        for page in Page::ALL {
            pages.push(fixed(page, &tenant, first, &session.ask(page, false, &stylesheet)).await?);
        }
        let bare = start_bare(folder.path(), &tenant, &pages).await?;
        Ok(Self { pages, tenant, bare, portals, stylesheet, _folder: folder })
    }

    /// Another bare handler, of another tenant.
    pub(super) async fn beside(&self, tenant: &Process, folder: &Path) -> anyhow::Result<Process> {
        start_bare(folder, tenant, &self.pages).await
    }

    /// The portal with this store.
    pub(super) fn portal(&self, store: Store) -> anyhow::Result<&Portal> {
        self.portals.iter().find(|portal| portal.store == store).context("no portal with this store")
    }
}

/// Starts the tenant, whose lists take so many milliseconds.
pub(super) async fn start_tenant(folder: &Path, delay: u64) -> anyhow::Result<Process> {
    let address = free_address()?;
    let mut command = Process::role("tenant", address)?;
    command.args(["--delay", &delay.to_string()]);
    Process::start(command, address, &folder.join("tenant.log")).await
}

/// Starts the bare handler with these pages.
async fn start_bare(folder: &Path, tenant: &Process, pages: &[FixedPage]) -> anyhow::Result<Process> {
    let file = folder.join("pages.json");
    std::fs::write(&file, serde_json::to_vec(pages)?)?;
    let address = free_address()?;
    let mut command = Process::role("bare", address)?;
    command.args(["--tenant", tenant.url()?.as_str(), "--pages"]).arg(file);
    Process::start(command, address, &folder.join("bare.log")).await
}

/// The path of the portal's stylesheet.
pub(super) async fn stylesheet(portal: &Portal) -> anyhow::Result<String> {
    let mut visitor = Visitor::new(&visitor::client()?, 0);
    let list = visitor.open(portal.url.clone()).await?;
    let (_, rest) = list.html.split_once("<link rel=\"stylesheet\" href=\"").context("no stylesheet")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

/// The page as the portal sends it, and how often it asks the tenant for it.
async fn fixed(page: Page, tenant: &Process, portal: &Portal, ask: &Ask) -> anyhow::Result<FixedPage> {
    let lists = async || -> anyhow::Result<usize> {
        Ok(reqwest::get(tenant.url()?.join("lists")?).await?.text().await?.parse()?)
    };
    let before = lists().await?;
    let (head, body) = once(&portal.process, ask).await?;
    let header = |name| head.headers().get(name).map(|value: &HeaderValue| value.to_str().map(str::to_owned));
    Ok(FixedPage {
        name: page.name().to_owned(),
        status: head.status().as_u16(),
        content_type: header(CONTENT_TYPE).transpose()?,
        location: header(LOCATION).transpose()?,
        body: String::from_utf8(body.to_vec())?,
        has_session: page.has_session(),
        lists: lists().await? - before,
    })
}

/// A person's session with a portal.
pub(super) struct Session {
    visitor: Visitor,
    headers: HeaderMap,
    /// The path of the page with the QR code.
    qr: String,
}

impl Session {
    /// Signs a new person in, who sees the list.
    pub(super) async fn begin(
        client: &reqwest::Client,
        portal: &Portal,
        authenticators: usize,
    ) -> anyhow::Result<Self> {
        let mut visitor = Visitor::new(client, authenticators);
        let landed = visitor.open(portal.url.clone()).await?;
        let page = crate::page::Page::read(landed.url, &landed.html);
        ensure!(page.heading == "Two-step verification", "the sign-in ends on «{}»", page.heading);
        Ok(Self { headers: visitor.headers(&portal.url), visitor, qr: String::new() })
    }

    /// Signs a new person in, who does not look at the list.
    pub(super) async fn sign_in(
        client: &reqwest::Client,
        portal: &Portal,
        authenticators: usize,
    ) -> anyhow::Result<Self> {
        let mut visitor = Visitor::new(client, authenticators);
        visitor.sign_in(&portal.url).await?;
        Ok(Self { headers: visitor.headers(&portal.url), visitor, qr: String::new() })
    }

    /// Begins to set up an app and stops before the QR code.
    pub(super) async fn set_up_app(&mut self, portal: &Portal) -> anyhow::Result<()> {
        let intro = self.visitor.open(portal.url.join("factors/totp")?).await?;
        let landed = self.visitor.press(&intro, "Show me the QR code").await?;
        landed.url.path().clone_into(&mut self.qr);
        self.headers = self.visitor.headers(&portal.url);
        Ok(())
    }

    /// The request for a page.
    pub(super) fn ask(&self, page: Page, is_packed: bool, stylesheet: &str) -> Ask {
        let path = match page {
            Page::List | Page::SignedOut => "/",
            Page::Factors => "/factors",
            Page::Qr => &self.qr,
            Page::Missing => "/no-such-page",
            Page::Stylesheet => stylesheet,
        };
        let headers = if page.has_session() { self.headers.clone() } else { stranger() };
        let headers = if is_packed { visitor::packed(headers) } else { headers };
        Ask { path: path.to_owned(), headers, expected: page.expected(is_packed) }
    }
}

/// Everybody who is signed in to the portals and to the bare handler.
pub(super) struct Sessions {
    portals: HashMap<(&'static str, usize), Vec<Session>>,
    /// The cookies of sessions with the bare handler.
    bare: Vec<HeaderMap>,
}

impl Sessions {
    /// Signs people in: sessions last ten minutes.
    pub(super) async fn sign_in(stand: &Stand) -> anyhow::Result<Self> {
        let client = visitor::client()?;
        let mut portals = HashMap::new();
        for portal in &stand.portals {
            for authenticators in COUNTS {
                let mut sessions = Vec::new();
                for number in 0..if authenticators == COUNTS[0] { MOST } else { FEW } {
                    let mut session = Session::begin(&client, portal, authenticators).await?;
                    if number < FEW && authenticators == COUNTS[0] {
                        session.set_up_app(portal).await?;
                    }
                    sessions.push(session);
                }
                portals.insert((portal.store.name(), authenticators), sessions);
            }
        }
        let mut bare = Vec::new();
        for number in 0..MOST {
            bare.push(begin_bare(&client, &stand.bare.url()?, number).await?);
        }
        Ok(Self { portals, bare })
    }

    /// Requests to a portal, one for each connection.
    pub(super) fn of_portal(
        &self,
        stand: &Stand,
        store: Store,
        (authenticators, page, is_packed): (usize, Page, bool),
    ) -> Vec<Ask> {
        let sessions = self.portals.get(&(store.name(), authenticators)).into_iter().flatten();
        sessions.map(|session| session.ask(page, is_packed, &stand.stylesheet)).collect()
    }

    /// The same requests to the bare handler, in one of its kinds.
    pub(super) fn of_bare(&self, kind: &str, page: Page) -> Vec<Ask> {
        let expected = page.expected(kind == "gzip");
        let ask = |headers: &HeaderMap| Ask {
            path: format!("/{kind}/{}", page.name()),
            headers: if kind == "gzip" { visitor::packed(headers.clone()) } else { headers.clone() },
            expected: expected.clone(),
        };
        self.bare.iter().map(ask).collect()
    }
}

/// Begins a session with the bare handler; returns the headers that carry it.
pub(super) async fn begin_bare(
    client: &reqwest::Client,
    bare: &Url,
    number: usize,
) -> anyhow::Result<HeaderMap> {
    let token = format!("{:.<700}", format!("{}.bare{number}.", COUNTS[0]));
    let url = bare.join(&format!("begin/{number:032x}/{token}"))?;
    client.get(url).send().await?.error_for_status()?;
    let mut headers = stranger();
    headers.insert(COOKIE, HeaderValue::from_str(&format!("session={number:032x}"))?);
    Ok(headers)
}
