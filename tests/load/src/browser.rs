//! A browser: cookies, redirects, links and forms. Each answer of the portal is looked at and counted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use emulated_tenant::{DEMO_PASSWORD, Devices, Factor, Person};
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use url::Url;

use crate::page::{Form, Page};
use crate::record::Answer;
use crate::world::World;

/// The portal answers within 10 s; the rest is for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Shorter than the portal keeps an idle connection, so that none is closed while it is taken up again.
const IDLE: Duration = Duration::from_secs(3);

/// One person's browser.
pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) world: Arc<World>,
    email: String,
}

impl Browser {
    /// Without cookies, at an address of its own, as a proxy would name it.
    pub(crate) fn new(world: Arc<World>, email: &str, number: usize) -> anyhow::Result<Self> {
        let address = format!("10.{}.{}.{}", number / 65_536 % 256, number / 256 % 256, number % 256);
        let headers = HeaderMap::from_iter([
            ("x-forwarded-for".parse()?, HeaderValue::from_str(&address)?),
            ("accept-language".parse()?, HeaderValue::from_static("en")),
            ("sec-fetch-dest".parse()?, HeaderValue::from_static("document")),
        ]);
        let client = Client::builder().default_headers(headers).redirect(Policy::none()).cookie_store(true);
        let client = client.no_proxy().timeout(PATIENCE).pool_idle_timeout(IDLE).build()?;
        Ok(Self { client, world, email: email.to_owned() })
    }

    /// The person's phone and mailbox.
    pub(crate) fn devices(&self) -> Devices {
        self.world.tenant.devices(&self.email)
    }

    /// The person at the tenant.
    pub(crate) fn person(&self) -> Option<Person> {
        self.world.tenant.person(&self.email)
    }

    /// Types an address of the portal; signs in on the way where that is asked for.
    pub(crate) async fn open(&self, path: &str) -> anyhow::Result<Page> {
        self.go(self.world.portal.join(path)?).await
    }

    /// Goes to any address.
    pub(crate) async fn go(&self, url: Url) -> anyhow::Result<Page> {
        self.travel(self.client.get(url)).await
    }

    /// Follows a link whose name begins so.
    pub(crate) async fn follow(&self, page: &Page, link: &str) -> anyhow::Result<Page> {
        let url = page.link(link).with_context(|| format!("no link «{link}» on «{}»", page.heading))?;
        self.go(url).await
    }

    /// Presses a button whose name begins so, with fields as typed.
    pub(crate) async fn press(
        &self,
        page: &Page,
        button: &str,
        typed: &[(&str, &str)],
    ) -> anyhow::Result<Page> {
        let form =
            page.form(button).with_context(|| format!("no button «{button}» on «{}»", page.heading))?;
        let form = typed.iter().fold(form, |form, (name, value)| form.with(name, value));
        self.travel(self.request(page, &form)).await
    }

    /// The request that sending a form would make.
    pub(crate) fn request(&self, page: &Page, form: &Form) -> RequestBuilder {
        if !form.is_post {
            return self.client.get(form.action.clone()).query(&form.fields);
        }
        let origin = page.url.origin().ascii_serialization();
        let request = self.client.post(form.action.clone()).header("origin", origin);
        request.header("referer", page.url.as_str()).form(&form.fields)
    }

    /// Sends a request and follows where it leads, through the tenant's sign-in too, to a page of the portal.
    async fn travel(&self, request: RequestBuilder) -> anyhow::Result<Page> {
        let mut next = request;
        for _ in 0..30 {
            let (url, target, html) = self.ask(next).await?;
            next = match target {
                Some(target) => self.client.get(url.join(&target)?),
                None if self.is_portal(&url) => return Ok(Page::read(url, &html)),
                None => self.pass(url, &html)?,
            };
        }
        bail!("too many redirects")
    }

    /// Asks once and goes nowhere else.
    pub(crate) async fn once(&self, request: RequestBuilder) -> anyhow::Result<()> {
        self.ask(request).await.map(drop)
    }

    /// Asks once; gives where it was, where it leads and what came.
    async fn ask(&self, request: RequestBuilder) -> anyhow::Result<(Url, Option<String>, String)> {
        let request = request.build()?;
        let url = request.url().clone();
        if !self.is_portal(&url) {
            let answer = self.client.execute(request).await?;
            return Ok((url, target(&answer), answer.text().await?));
        }
        self.world.turn().await;
        let is_list = request.method() == "GET" && url.path() == "/" && self.world.is_calm();
        let (began, name) = (Instant::now(), format!("{} {}", request.method(), url.path()));
        let answer = match self.client.execute(request).await {
            Ok(answer) => {
                let (status, target) = (answer.status().as_u16(), target(&answer));
                let id = answer.headers().get("x-request-id").and_then(|id| id.to_str().ok());
                let id = id.unwrap_or_default().to_owned();
                answer.text().await.map(|html| (Answer { name: name.clone(), status, id, html }, target))
            }
            Err(error) => Err(error),
        };
        match answer {
            Ok((answer, target)) => {
                let took = Some(began.elapsed()).filter(|_| is_list && self.world.is_calm());
                self.world.record.answer(&answer, took);
                Ok((url, target, answer.html))
            }
            Err(_) if self.world.is_over() => bail!("it is over"),
            Err(error) => {
                self.world.record.broken(&name, &error);
                Err(error.into())
            }
        }
    }

    fn is_portal(&self, url: &Url) -> bool {
        url.origin() == self.world.portal.origin()
    }

    /// What the person does on a page of the tenant. Its list of people is long, and not read.
    fn pass(&self, url: Url, html: &str) -> anyhow::Result<RequestBuilder> {
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
        let (_, form) = first.with_context(|| format!("the tenant says «{}»", page.heading))?;
        anyhow::ensure!(!html.contains("role=\"alert\""), "the tenant refuses on «{}»", page.heading);
        let form = if form.fields.iter().any(|(name, _)| name == "code") {
            form.clone().with("code", &self.code(html.contains("sent")).context("nothing to prove it with")?)
        } else {
            form.clone()
        };
        Ok(self.request(&page, &form))
    }

    /// The code of the last message, or of the app.
    fn code(&self, is_sent: bool) -> Option<String> {
        let person = self.person()?;
        let app = person.active(Factor::Totp).filter(|_| !is_sent);
        match app.and_then(|app| app.secret.as_deref()) {
            Some(secret) => self.devices().totp_code_of(secret),
            None => person.messages.last().map(|message| message.code.clone()),
        }
    }
}

fn target(answer: &Response) -> Option<String> {
    let target = answer.headers().get(LOCATION).filter(|_| answer.status().is_redirection())?;
    target.to_str().ok().map(ToOwned::to_owned)
}
