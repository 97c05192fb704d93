//! A small client: an application with its client secret, and a person's browser with its cookies.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use emulated_tenant::{Clock, DEMO_PASSWORD, Options, Settings, Tenant};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use time::OffsetDateTime;
use url::Url;

pub(crate) const CALLBACK: &str = "http://127.0.0.1:3000/callback";
pub(crate) const SCOPE: &str = "openid profile email enroll read:authenticators remove:authenticators";
/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) const NOTHING: &str = "nothing@example.com";
pub(crate) const APP_PHONE: &str = "app.phone@example.com";
pub(crate) const PUSH: &str = "push@example.com";
pub(crate) const EIGHT: &str = "eight@example.com";

/// A tenant, an application and a browser.
pub(crate) struct World {
    pub(crate) tenant: Tenant,
    /// Keeps cookies and follows no redirects.
    pub(crate) http: Client,
    /// The domain that every request goes to.
    pub(crate) base: Url,
}

/// A response of an API.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// `403 invalid_grant Invalid otp_code.`
    pub(crate) fn line(&self) -> String {
        let text = |name: &str| self.body[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", self.status, text("error"), text("error_description"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }
}

pub(crate) async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Clock::manual(OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
        let tenant = Tenant::start(Options { clock, ..Options::default() }).await.unwrap();
        tenant.configure(change);
        let http = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        Self { base: tenant.url(), tenant, http }
    }

    pub(crate) fn at(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    pub(crate) fn audience(&self) -> String {
        format!("{}mfa/", self.tenant.url())
    }

    pub(crate) fn authorize_url(&self, more: &[(&str, &str)]) -> Url {
        let audience = self.audience();
        let defaults = [
            ("response_type", "code"),
            ("client_id", "mfa-portal"),
            ("redirect_uri", CALLBACK),
            ("scope", SCOPE),
            ("audience", &audience),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let mut url = self.at("authorize");
        let kept = defaults.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        url.query_pairs_mut().extend_pairs(kept).extend_pairs(more.iter().filter(|pair| !pair.1.is_empty()));
        url
    }

    /// Sends a request; returns the URL that it redirects to.
    pub(crate) async fn redirect(&self, request: reqwest::RequestBuilder) -> Url {
        let response = request.send().await.unwrap();
        let status = response.status();
        let location = response.headers().get("location").cloned();
        let Some(location) = location else { panic!("{status} {}", response.text().await.unwrap()) };
        self.base.join(location.to_str().unwrap()).unwrap()
    }

    /// Opens `/authorize`; returns the URL that it redirects to.
    pub(crate) async fn authorize(&self, more: &[(&str, &str)]) -> Url {
        self.redirect(self.http.get(self.authorize_url(more))).await
    }

    /// Submits e-mail address and password on the login page; returns the URL that it redirects to.
    pub(crate) async fn log_in(&self, page: &Url, email: &str) -> Url {
        let form = [("state", &*parameter(page, "state")), ("username", email), ("password", DEMO_PASSWORD)];
        self.redirect(self.http.post(self.at("u/login")).form(&form)).await
    }

    /// Submits the form of a challenge page; returns the URL that it redirects to.
    pub(crate) async fn challenge(&self, page: &Url, name: &str, value: &str) -> Url {
        let form = [("state", &*parameter(page, "state")), (name, value)];
        self.redirect(self.http.post(self.at("u/challenge")).form(&form)).await
    }

    /// Signs in, passing a challenge with the authenticator app if there is one; returns the callback URL.
    pub(crate) async fn callback(&self, email: &str, more: &[(&str, &str)]) -> Url {
        let mut page = self.authorize(more).await;
        if page.path() == "/u/login" {
            page = self.log_in(&page, email).await;
        }
        if page.path() == "/u/challenge" {
            let app =
                self.tenant.person(email).unwrap().active(emulated_tenant::Factor::Totp).unwrap().clone();
            page = self.challenge(&page, "authenticator", &app.id).await;
            let code = self.tenant.devices(email).totp_code_of(&app.secret.unwrap()).unwrap();
            page = self.challenge(&page, "code", &code).await;
            // A code works once, so move on to the next one.
            self.tenant.clock().advance(std::time::Duration::from_secs(30));
        }
        page
    }

    /// The tokens of a person who signs in.
    pub(crate) async fn tokens(&self, email: &str, more: &[(&str, &str)]) -> Answer {
        let callback = self.callback(email, more).await;
        self.exchange(&parameter(&callback, "code")).await
    }

    /// The access token for the MFA API of a person who signs in.
    pub(crate) async fn sign_in(&self, email: &str) -> String {
        self.tokens(email, &[]).await.text("access_token")
    }

    pub(crate) async fn exchange(&self, code: &str) -> Answer {
        let parameters = [("code", code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        self.token("authorization_code", &parameters).await
    }

    /// Calls the token endpoint, with `client_secret_post`.
    pub(crate) async fn token(&self, grant_type: &str, parameters: &[(&str, &str)]) -> Answer {
        let client = [
            ("grant_type", grant_type),
            ("client_id", "mfa-portal"),
            ("client_secret", "emulated-tenant-client-secret"),
        ];
        let kept = client.into_iter().filter(|(name, _)| !parameters.iter().any(|(other, _)| other == name));
        let form: Vec<_> = kept.chain(parameters.iter().copied()).collect();
        read(self.http.post(self.at("oauth/token")).form(&form).send().await.unwrap()).await
    }

    /// Calls the token endpoint with one of the three MFA grants.
    pub(crate) async fn prove(&self, grant: &str, token: &str, parameters: &[(&str, &str)]) -> Answer {
        let all: Vec<_> = [("mfa_token", token)].into_iter().chain(parameters.iter().copied()).collect();
        self.token(&format!("http://auth0.com/oauth/grant-type/mfa-{grant}"), &all).await
    }

    pub(crate) async fn list(&self, token: &str) -> Answer {
        read(self.http.get(self.at("mfa/authenticators")).bearer_auth(token).send().await.unwrap()).await
    }

    pub(crate) async fn associate(&self, token: &str, body: &Value) -> Answer {
        read(self.http.post(self.at("mfa/associate")).bearer_auth(token).json(body).send().await.unwrap())
            .await
    }

    pub(crate) async fn associate_sms(&self, token: &str) -> Answer {
        self.associate(token, &oob("sms", &json!({ "phone_number": "+12025550123" }))).await
    }

    pub(crate) async fn remove(&self, token: &str, id: &str) -> Answer {
        let path = format!("mfa/authenticators/{}", id.replace('|', "%7C"));
        read(self.http.delete(self.at(&path)).bearer_auth(token).send().await.unwrap()).await
    }

    /// `POST /mfa/challenge`
    pub(crate) async fn ask(&self, token: &str, parameters: &Value) -> Answer {
        let mut body = json!({
            "mfa_token": token,
            "client_id": "mfa-portal",
            "client_secret": "emulated-tenant-client-secret",
        });
        for (name, value) in parameters.as_object().unwrap() {
            body[name] = value.clone();
        }
        read(self.http.post(self.at("mfa/challenge")).json(&body).send().await.unwrap()).await
    }
}

/// The body of an out-of-band association.
pub(crate) fn oob(channel: &str, more: &Value) -> Value {
    let mut body = json!({ "authenticator_types": ["oob"], "oob_channels": [channel] });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A query parameter of a URL.
pub(crate) fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(other, _)| other == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

/// Header and claims of a token.
pub(crate) fn decode(token: &str) -> (Value, Value) {
    let part = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let mut parts = token.split('.');
    (part(parts.next().unwrap()), part(parts.next().unwrap()))
}
