//! A browser with cookies, redirects, links and forms. It sends the headers that a real one sends.

use std::sync::Arc;

use emulated_tenant::{DEMO_PASSWORD, Factor, Tenant};
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder};
use url::Url;

use super::page::Form;
use super::{Page, World, canary};

/// One person's browser.
pub(crate) struct Browser {
    pub(crate) page: Page,
    /// The URLs of the last navigation, redirects included.
    pub(crate) journey: Vec<Url>,
    /// Every `Set-Cookie` value received so far.
    pub(crate) set_cookies: Vec<String>,
    client: Client,
    jar: Arc<Jar>,
    home: Url,
    tenant: Tenant,
    /// The portal's public URL, which differs from the listener's when the test pretends that there is a proxy.
    public: Url,
    /// Whether a navigation stops before it requests the callback.
    holds: bool,
    /// Whether the browser shows the portal in a frame of another page.
    framed: bool,
}

impl Browser {
    pub(crate) fn new(world: &World) -> Self {
        Self { public: world.public.clone(), ..Self::at(&world.portal, &world.tenant) }
    }

    /// A browser that sends this `Accept-Language`.
    pub(crate) fn speaking(world: &World, languages: &str) -> Self {
        Self::telling(world, ACCEPT_LANGUAGE, languages)
    }

    /// A browser that sends this header with each request.
    pub(crate) fn telling(world: &World, header: HeaderName, value: &str) -> Self {
        let headers = HeaderMap::from_iter([(header, HeaderValue::from_str(value).unwrap())]);
        Self { public: world.public.clone(), ..Self::sending(headers, &world.portal, &world.tenant) }
    }

    /// A browser for the portal at this URL.
    pub(crate) fn at(home: &Url, tenant: &Tenant) -> Self {
        Self::sending(HeaderMap::new(), home, tenant)
    }

    /// A browser that opens a connection for each request, so that each may reach another replica.
    pub(crate) fn unsettled(home: &Url, tenant: &Tenant) -> Self {
        Self::by(Client::builder().pool_max_idle_per_host(0), home, tenant)
    }

    fn sending(headers: HeaderMap, home: &Url, tenant: &Tenant) -> Self {
        Self::by(Client::builder().default_headers(headers), home, tenant)
    }

    fn by(client: ClientBuilder, home: &Url, tenant: &Tenant) -> Self {
        let jar = Arc::new(Jar::default());
        // Everything is plain http on loopback; the roots of the system would be read for each browser.
        let client =
            client.redirect(Policy::none()).cookie_provider(jar.clone()).no_proxy().tls_certs_only([]);
        let client = client.build().unwrap();
        let (home, tenant, public) = (home.clone(), tenant.clone(), home.clone());
        let (journey, set_cookies) = (Vec::new(), Vec::new());
        let page = Page::blank(&home);
        Self { page, journey, set_cookies, client, jar, home, tenant, public, holds: false, framed: false }
    }

    /// Opens a path of the portal.
    pub(crate) async fn open(&mut self, path: &str) -> &Page {
        self.go(self.address(path)).await
    }

    /// The URL of a path of the portal.
    pub(crate) fn address(&self, path: &str) -> Url {
        self.home.join(path.trim_start_matches('/')).unwrap()
    }

    /// Opens a URL.
    pub(crate) async fn go(&mut self, url: Url) -> &Page {
        self.travel(self.client.get(url)).await
    }

    /// Follows the link with this name.
    pub(crate) async fn follow(&mut self, link: &str) -> &Page {
        self.go(self.page.link(link)).await
    }

    /// Fills in fields by their labels and presses the button with this name.
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
            let origin = if self.page.url.origin() == self.home.origin() {
                self.public.origin()
            } else {
                self.page.url.origin()
            };
            self.client
                .post(form.action.clone())
                .header("origin", origin.ascii_serialization())
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

    /// Another tab, which shares the cookies.
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

    /// The same browser in a frame of another site's page: it sends `Sec-Fetch-Dest: iframe`.
    pub(crate) fn framed(self) -> Self {
        Self { framed: true, ..self }
    }

    /// The `Cookie` header that the browser would send to the portal.
    pub(crate) fn cookies(&self) -> String {
        self.jar.cookies(&self.home).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    /// Puts a cookie into the jar.
    pub(crate) fn plant(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &self.home);
    }

    /// Signs in on the tenant's pages, with any second factor that the person has.
    pub(crate) async fn pass_sign_in(&mut self, email: &str) -> &Page {
        if self.page.heading() == "Sign in" {
            self.press("Continue", &[("E-mail address", email), ("Password", DEMO_PASSWORD)]).await;
        }
        if self.page.path().starts_with("/u/") {
            self.pass_challenge(email).await;
        }
        &self.page
    }

    /// Signs in at the tenant and stops before the callback; returns the callback's URL.
    pub(crate) async fn until_callback(&mut self, email: &str) -> Url {
        self.until_callback_from("sign-in", email).await
    }

    /// The same, starting from a page that needs a sign-in.
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

    /// The code that one of the person's apps shows now.
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

    /// Like [`Self::travel`], for a portal that may die meanwhile: the browser then stays on its page.
    pub(crate) async fn try_to(&mut self, request: RequestBuilder) -> reqwest::Result<()> {
        self.journey.clear();
        let with_destination = |request: RequestBuilder| {
            request.header("sec-fetch-dest", if self.framed { "iframe" } else { "document" })
        };
        let mut response = with_destination(request).send().await?;
        for _ in 0..20 {
            let url = response.url().clone();
            self.journey.push(url.clone());
            let cookies = response.headers().get_all(SET_COOKIE).iter();
            self.set_cookies.extend(cookies.map(|value| value.to_str().unwrap().to_owned()));
            let Some(target) =
                response.headers().get(LOCATION).filter(|_| response.status().is_redirection())
            else {
                let (status, headers) = (response.status(), response.headers().clone());
                let html = response.text().await?;
                let mark = html.find('\u{2068}').map(|at| html[at..].chars().take(40).collect::<String>());
                assert_eq!(mark, None, "Fluent's marks of direction are copied along");
                self.page = Page { url, status, headers, html };
                if [&self.home, &self.public].iter().any(|own| own.origin() == self.page.url.origin()) {
                    canary::check_page(&self.tenant, &self.page);
                }
                return Ok(());
            };
            let target = self.behind_proxy(url.join(target.to_str().unwrap()).unwrap());
            if (self.holds && target.path().ends_with("/callback")) || self.is_elsewhere(&target) {
                self.page = Page { headers: response.headers().clone(), ..Page::blank(&target) };
                return Ok(());
            }
            response = with_destination(self.client.get(target)).send().await?;
        }
        panic!("too many redirects: {:?}", self.journey)
    }

    /// Whether a URL belongs to neither the portal nor the tenant; the browser requests nothing there.
    fn is_elsewhere(&self, url: &Url) -> bool {
        let known = [&self.home, &self.public, &self.tenant.url(), &self.tenant.custom_url()];
        known.iter().all(|known| known.origin() != url.origin())
    }

    /// Maps a public URL to the listener's, as a proxy would.
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
