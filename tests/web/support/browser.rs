//! A browser: cookies, redirects, links and forms. What it sends is what a real one would.

use std::sync::Arc;

use emulated_tenant::{DEMO_PASSWORD, Devices, Factor};
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
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
    tenant: emulated_tenant::Tenant,
}

impl Browser {
    pub(crate) fn new(world: &World) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .redirect(Policy::none())
            .cookie_provider(jar.clone())
            .no_proxy()
            .build()
            .unwrap();
        let home = world.portal.clone();
        let page = Page {
            url: home.clone(),
            status: reqwest::StatusCode::OK,
            headers: Default::default(),
            html: String::new(),
        };
        let tenant = world.tenant.clone();
        Self { page, journey: Vec::new(), set_cookies: Vec::new(), client, jar, home, tenant }
    }

    /// Types an address of the portal.
    pub(crate) async fn open(&mut self, path: &str) -> &Page {
        let url = self.home.join(path.trim_start_matches('/')).unwrap();
        self.go(url).await
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
            self.client.post(form.action.clone()).header("origin", origin).form(&form.fields)
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
            page: Page {
                url: self.home.clone(),
                status: reqwest::StatusCode::OK,
                headers: Default::default(),
                html: String::new(),
            },
            journey: Vec::new(),
            set_cookies: Vec::new(),
            client: self.client.clone(),
            jar: self.jar.clone(),
            home: self.home.clone(),
            tenant: self.tenant.clone(),
        }
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
        let code = self.challenge_code(&devices);
        self.press("Continue", &[("Code", &code)]).await;
    }

    fn challenge_code(&self, devices: &Devices) -> String {
        let sent = [Factor::Sms, Factor::Voice, Factor::Email].map(|channel| devices.last_code(channel));
        match sent.into_iter().flatten().next().filter(|_| self.page.text().contains("sent")) {
            Some(code) => code,
            None => devices.totp_code(0).unwrap(),
        }
    }

    /// Sends the request and follows redirects to a page.
    async fn travel(&mut self, request: RequestBuilder) -> &Page {
        self.journey.clear();
        let mut response = request.send().await.unwrap();
        for _ in 0..20 {
            let url = response.url().clone();
            self.journey.push(url.clone());
            let cookies = response.headers().get_all(SET_COOKIE).iter();
            self.set_cookies.extend(cookies.map(|value| value.to_str().unwrap().to_owned()));
            let Some(target) =
                response.headers().get(LOCATION).filter(|_| response.status().is_redirection())
            else {
                let (status, headers) = (response.status(), response.headers().clone());
                self.page = Page { url, status, headers, html: response.text().await.unwrap() };
                return &self.page;
            };
            let target = url.join(target.to_str().unwrap()).unwrap();
            response = self.client.get(target).send().await.unwrap();
        }
        panic!("too many redirects: {:?}", self.journey)
    }
}
