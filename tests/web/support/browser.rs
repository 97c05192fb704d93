//! A browser: cookies, redirects, links and forms. What it sends is what a real one would.

use std::sync::Arc;

use emulated_tenant::{DEMO_PASSWORD, Factor, Tenant};
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder};
use url::Url;

use super::page::Form;
use super::{Page, World};

/// One person's browser.
pub(crate) struct Browser {
    pub(crate) page: Page,
    /// The addresses of the last journey, redirects included.
    pub(crate) journey: Vec<Url>,
    /// Every cookie that was ever set, as sent.
    pub(crate) set_cookies: Vec<String>,
    client: Client,
    jar: Arc<Jar>,
    home: Url,
    tenant: Tenant,
    /// The portal's public origin, where a proxy is thought to stand before the listener.
    public: Url,
    /// Whether a journey ends in front of the callback.
    holds: bool,
    /// Whether all this happens in a frame of another page.
    framed: bool,
}

impl Browser {
    pub(crate) fn new(world: &World) -> Self {
        Self { public: world.public.clone(), ..Self::at(&world.portal, &world.tenant) }
    }

    /// A browser set to these languages, as `Accept-Language` has them.
    pub(crate) fn speaking(world: &World, languages: &str) -> Self {
        Self::telling(world, ACCEPT_LANGUAGE, languages)
    }

    /// A browser that tells this of itself.
    pub(crate) fn telling(world: &World, header: HeaderName, value: &str) -> Self {
        let headers = HeaderMap::from_iter([(header, HeaderValue::from_str(value).unwrap())]);
        Self { public: world.public.clone(), ..Self::sending(headers, &world.portal, &world.tenant) }
    }

    /// A browser for any portal, by its address.
    pub(crate) fn at(home: &Url, tenant: &Tenant) -> Self {
        Self::sending(HeaderMap::new(), home, tenant)
    }

    /// A browser that connects anew for each request, so that each may meet another replica.
    pub(crate) fn unsettled(home: &Url, tenant: &Tenant) -> Self {
        Self::by(Client::builder().pool_max_idle_per_host(0), home, tenant)
    }

    fn sending(headers: HeaderMap, home: &Url, tenant: &Tenant) -> Self {
        Self::by(Client::builder().default_headers(headers), home, tenant)
    }

    fn by(client: ClientBuilder, home: &Url, tenant: &Tenant) -> Self {
        let jar = Arc::new(Jar::default());
        let client = client.redirect(Policy::none()).cookie_provider(jar.clone()).no_proxy().build().unwrap();
        let (home, tenant, public) = (home.clone(), tenant.clone(), home.clone());
        let (journey, set_cookies) = (Vec::new(), Vec::new());
        let page = Page::blank(&home);
        Self { page, journey, set_cookies, client, jar, home, tenant, public, holds: false, framed: false }
    }

    /// Types an address of the portal.
    pub(crate) async fn open(&mut self, path: &str) -> &Page {
        self.go(self.address(path)).await
    }

    /// The whole address of one of the portal's pages.
    pub(crate) fn address(&self, path: &str) -> Url {
        self.home.join(path.trim_start_matches('/')).unwrap()
    }

    /// Goes to any address.
    pub(crate) async fn go(&mut self, url: Url) -> &Page {
        self.travel(self.client.get(url)).await
    }

    /// Follows the link with this name.
    pub(crate) async fn follow(&mut self, link: &str) -> &Page {
        self.go(self.page.link(link)).await
    }

    /// Fills in fields by their labels and presses a button.
    pub(crate) async fn press(&mut self, button: &str, typed: &[(&str, &str)]) -> &Page {
        let mut form = self.page.form(button);
        for (label, value) in typed {
            form.set(&self.page.field(label), value);
        }
        self.send(&form).await
    }

    /// Sends a form.
    pub(crate) async fn send(&mut self, form: &Form) -> &Page {
        let request = self.request(form);
        self.travel(request).await
    }

    /// The request that sending a form would make.
    pub(crate) fn request(&self, form: &Form) -> RequestBuilder {
        if form.post {
            let origin = self.page.url.origin().ascii_serialization();
            self.client
                .post(form.action.clone())
                .header("origin", origin)
                .header("referer", self.page.url.as_str())
                .form(&form.fields)
        } else {
            self.client.get(form.action.clone()).query(&form.fields)
        }
    }

    /// A client with this browser's cookies that follows no redirects.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Another tab: the same cookies.
    pub(crate) fn tab(&self) -> Self {
        Self {
            page: Page::blank(&self.home),
            journey: Vec::new(),
            set_cookies: Vec::new(),
            client: self.client.clone(),
            jar: self.jar.clone(),
            home: self.home.clone(),
            tenant: self.tenant.clone(),
            public: self.public.clone(),
            holds: false,
            framed: false,
        }
    }

    /// A frame in a page of another site: it has cookies of its own, and says with each request what it is.
    pub(crate) fn framed(self) -> Self {
        Self { framed: true, ..self }
    }

    /// What the browser would send as its cookies to the portal.
    pub(crate) fn cookies(&self) -> String {
        self.jar.cookies(&self.home).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    /// Puts a cookie into the jar.
    pub(crate) fn plant(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &self.home);
    }

    /// Signs in at the tenant's pages, with whatever second factor the person has.
    pub(crate) async fn pass_sign_in(&mut self, email: &str) -> &Page {
        if self.page.heading() == "Sign in" {
            self.press("Continue", &[("E-mail address", email), ("Password", DEMO_PASSWORD)]).await;
        }
        if self.page.path().starts_with("/u/") {
            self.pass_challenge(email).await;
        }
        &self.page
    }

    /// Signs in at the tenant and stops in front of the callback; gives its address.
    pub(crate) async fn until_callback(&mut self, email: &str) -> Url {
        self.until_callback_from("sign-in", email).await
    }

    /// The same, from a page that leads through the sign-in.
    pub(crate) async fn until_callback_from(&mut self, path: &str, email: &str) -> Url {
        self.holds = true;
        self.open(path).await;
        self.pass_sign_in(email).await;
        self.holds = false;
        assert!(self.page.path().ends_with("/callback"), "at {} instead", self.page.url);
        self.page.url.clone()
    }

    async fn pass_challenge(&mut self, email: &str) {
        let devices = self.tenant.devices(email);
        let choice = self.page.controls().into_iter().find(|it| it != "Cancel" && !it.contains("ecovery"));
        if self.page.heading().starts_with("How do you want") {
            self.press(&choice.unwrap(), &[]).await;
        }
        if self.page.controls().iter().any(|it| it == "I have approved it") {
            assert!(devices.approve_push());
            self.press("I have approved it", &[]).await;
            return;
        }
        let sent = devices.messages().pop().filter(|_| !self.page.heading().contains("authenticator app"));
        let code = sent.map_or_else(|| self.app_code(email), |message| message.code);
        self.press("Continue", &[("Code", &code)]).await;
    }

    /// What one of the person's apps shows now.
    fn app_code(&self, email: &str) -> String {
        let person = self.tenant.person(email).unwrap();
        let key = person.active(Factor::Totp).and_then(|app| app.secret.clone()).unwrap();
        self.tenant.devices(email).totp_code_of(&key).unwrap()
    }

    /// Sends the request and follows redirects to a page.
    async fn travel(&mut self, request: RequestBuilder) -> &Page {
        self.try_to(request).await.unwrap();
        &self.page
    }

    /// The same at a portal that may die meanwhile; the browser then stays on the page it had.
    pub(crate) async fn try_to(&mut self, request: RequestBuilder) -> reqwest::Result<()> {
        self.journey.clear();
        let says_what_for = |request: RequestBuilder| {
            request.header("sec-fetch-dest", if self.framed { "iframe" } else { "document" })
        };
        let mut response = says_what_for(request).send().await?;
        for _ in 0..20 {
            let url = response.url().clone();
            self.journey.push(url.clone());
            let cookies = response.headers().get_all(SET_COOKIE).iter();
            self.set_cookies.extend(cookies.map(|value| value.to_str().unwrap().to_owned()));
            let Some(target) =
                response.headers().get(LOCATION).filter(|_| response.status().is_redirection())
            else {
                let (status, headers) = (response.status(), response.headers().clone());
                self.page = Page { url, status, headers, html: response.text().await? };
                return Ok(());
            };
            let target = self.behind_proxy(url.join(target.to_str().unwrap()).unwrap());
            if (self.holds && target.path().ends_with("/callback")) || self.is_elsewhere(&target) {
                self.page = Page { headers: response.headers().clone(), ..Page::blank(&target) };
                return Ok(());
            }
            response = says_what_for(self.client.get(target)).send().await?;
        }
        panic!("too many redirects: {:?}", self.journey)
    }

    /// Whether it is neither the portal's nor the tenant's; nothing is asked there.
    fn is_elsewhere(&self, url: &Url) -> bool {
        let known = [&self.home, &self.public, &self.tenant.url(), &self.tenant.custom_url()];
        known.iter().all(|known| known.origin() != url.origin())
    }

    /// A public address as the listener's own.
    fn behind_proxy(&self, mut url: Url) -> Url {
        if url.origin() == self.public.origin() && url.origin() != self.home.origin() {
            let listener = &self.home;
            url.set_scheme(listener.scheme()).unwrap();
            url.set_host(listener.host_str()).unwrap();
            url.set_port(listener.port()).unwrap();
        }
        url
    }
}
