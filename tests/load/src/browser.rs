//! A browser: cookies, redirects, links and forms. It records every response of the portal.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use emulated_tenant::{DEMO_PASSWORD, Devices, Factor, Person};
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use url::Url;

use crate::page::{Form, Page};
use crate::record::RecordedResponse;
use crate::world::World;

/// The portal answers within 10 s. The rest is for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Shorter than the portal's idle timeout, so that no connection is reused while it is being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);

/// One person's browser.
pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) world: Arc<World>,
    email: String,
}

impl Browser {
    /// A browser without cookies, whose own address arrives as a proxy would forward it.
    pub(crate) fn new(world: Arc<World>, email: &str, number: usize) -> anyhow::Result<Self> {
        let address = format!("10.{}.{}.{}", number / 65_536 % 256, number / 256 % 256, number % 256);
        let headers = HeaderMap::from_iter([
            ("x-forwarded-for".parse()?, HeaderValue::from_str(&address)?),
            ("accept-language".parse()?, HeaderValue::from_static("en")),
            ("sec-fetch-dest".parse()?, HeaderValue::from_static("document")),
        ]);
        let client = Client::builder().default_headers(headers).redirect(Policy::none()).cookie_store(true);
        let client = client.no_proxy().timeout(TIMEOUT).pool_idle_timeout(IDLE_TIMEOUT).build()?;
        Ok(Self { client, world, email: email.to_owned() })
    }

    /// The person's phone and mailbox.
    pub(crate) fn devices(&self) -> Devices {
        self.world.tenant.devices(&self.email)
    }

    /// The person as the tenant knows them.
    pub(crate) fn person(&self) -> Option<Person> {
        self.world.tenant.person(&self.email)
    }

    /// Opens a path of the portal, and signs in if asked to.
    pub(crate) async fn open(&self, path: &str) -> anyhow::Result<Page> {
        self.open_url(self.world.portal.join(path)?).await
    }

    /// Opens any URL.
    pub(crate) async fn open_url(&self, url: Url) -> anyhow::Result<Page> {
        self.send_and_follow(self.client.get(url)).await
    }

    /// Follows a link, by the beginning of its accessible name.
    pub(crate) async fn follow(&self, page: &Page, link: &str) -> anyhow::Result<Page> {
        let url = page.link(link).with_context(|| format!("no link «{link}» on «{}»", page.heading))?;
        self.open_url(url).await
    }

    /// Fills in fields and presses a button, by the beginning of its accessible name.
    pub(crate) async fn press(
        &self,
        page: &Page,
        button: &str,
        typed: &[(&str, &str)],
    ) -> anyhow::Result<Page> {
        let form =
            page.form(button).with_context(|| format!("no button «{button}» on «{}»", page.heading))?;
        let form = typed.iter().fold(form, |form, (name, value)| form.with(name, value));
        self.send_and_follow(self.request(page, &form)).await
    }

    /// The request that submitting the form makes.
    pub(crate) fn request(&self, page: &Page, form: &Form) -> RequestBuilder {
        if !form.is_post {
            return self.client.get(form.action.clone()).query(&form.fields);
        }
        let origin = page.url.origin().ascii_serialization();
        let request = self.client.post(form.action.clone()).header("origin", origin);
        request.header("referer", page.url.as_str()).form(&form.fields)
    }

    /// Sends a request and follows redirects, through the tenant's sign-in if need be, to a page of the portal.
    async fn send_and_follow(&self, request: RequestBuilder) -> anyhow::Result<Page> {
        let mut next = request;
        for _ in 0..30 {
            let (url, target, html) = self.send(next).await?;
            next = match target {
                Some(target) => self.client.get(url.join(&target)?),
                None if self.is_portal(&url) => return Ok(Page::read(url, &html)),
                None => self.answer_tenant(url, &html)?,
            };
        }
        bail!("too many redirects")
    }

    /// Sends a request and follows no redirect.
    pub(crate) async fn send_once(&self, request: RequestBuilder) -> anyhow::Result<()> {
        self.send(request).await.map(drop)
    }

    /// Sends a request; returns its URL, the redirect's target and the body.
    async fn send(&self, request: RequestBuilder) -> anyhow::Result<(Url, Option<String>, String)> {
        let request = request.build()?;
        let url = request.url().clone();
        if !self.is_portal(&url) {
            let response = self.client.execute(request).await?;
            return Ok((url, target(&response), response.text().await?));
        }
        self.world.wait_for_pace().await;
        let is_list = request.method() == "GET" && url.path() == "/" && self.world.is_calm();
        let (began, name) = (Instant::now(), format!("{} {}", request.method(), url.path()));
        let response = match self.client.execute(request).await {
            Ok(response) => {
                let (status, target) = (response.status().as_u16(), target(&response));
                let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok());
                let id = id.unwrap_or_default().to_owned();
                let body = response.text().await;
                body.map(|html| (RecordedResponse { name: name.clone(), status, id, html }, target))
            }
            Err(error) => Err(error),
        };
        match response {
            Ok((response, target)) => {
                let took = Some(began.elapsed()).filter(|_| is_list && self.world.is_calm());
                self.world.record.response(&response, took);
                Ok((url, target, response.html))
            }
            Err(_) if self.world.is_over() => bail!("the run is over"),
            Err(error) => {
                self.world.record.no_response(&name, &error);
                Err(error.into())
            }
        }
    }

    fn is_portal(&self, url: &Url) -> bool {
        url.origin() == self.world.portal.origin()
    }

    /// The person's input on a page of the tenant: the password, or the proof by a factor.
    fn answer_tenant(&self, url: Url, html: &str) -> anyhow::Result<RequestBuilder> {
        if html.contains("name=\"password\"") {
            let state =
                html.split_once("name=\"state\" value=\"").and_then(|(_, rest)| rest.split('"').next());
            let fields = [
                ("state", state.context("a sign-in without a state")?),
                ("username", &self.email),
                ("password", DEMO_PASSWORD),
                ("action", "default"),
            ];
            return Ok(self.client.post(url.join("/u/login")?).form(&fields));
        }
        let page = Page::read(url, html);
        let first = page.forms.iter().find(|(name, _)| !name.contains("ecovery"));
        let (_, form) = first.with_context(|| format!("no form on the tenant's page «{}»", page.heading))?;
        anyhow::ensure!(!html.contains("role=\"alert\""), "the tenant refuses on «{}»", page.heading);
        let form = if form.fields.iter().any(|(name, _)| name == "code") {
            form.clone()
                .with("code", &self.code(html.contains("sent")).context("no code to prove a factor with")?)
        } else {
            form.clone()
        };
        Ok(self.request(&page, &form))
    }

    /// The code of the app, or of the last message if the page speaks of one.
    fn code(&self, is_sent: bool) -> Option<String> {
        let person = self.person()?;
        let app = person.active(Factor::Totp).filter(|_| !is_sent);
        match app.and_then(|app| app.secret.as_deref()) {
            Some(secret) => self.devices().totp_code_of(secret),
            None => person.messages.last().map(|message| message.code.clone()),
        }
    }
}

fn target(response: &Response) -> Option<String> {
    let target = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    target.to_str().ok().map(ToOwned::to_owned)
}
