//! Every mistake that can be seen from outside: its cause, and what to click or set. These are the operator's words.

/// A mistake in the set-up. Its text names the cause; [`Cause::remedy`] says what to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's text says what it is")]
pub enum Cause {
    #[error("there is no host named {0}")]
    NoSuchHost(String),
    #[error("{host} does not accept connections on port {port}: {why}")]
    NotListening { host: String, port: u16, why: String },
    #[error("{host} accepts connections, but TLS fails: {why}")]
    NoTls { host: String, why: String },
    #[error("{host} accepts connections, but does not answer: {why}")]
    Silent { host: String, why: String },
    /// Negative seconds: behind.
    #[error("this machine's clock is {} s {} the tenant's", .0.abs(), if *.0 > 0 { "ahead of" } else { "behind" })]
    ClockWrong(i64),
    #[error(
        "{domain} is not an Auth0 tenant: it answers a request for its discovery document with status {status}"
    )]
    NoTenant { domain: String, status: u16 },
    #[error("{0} is not an Auth0 tenant: what it sends is not a discovery document")]
    NotATenant(String),
    #[error("{0}")]
    OtherIssuer(String),
    #[error("the tenant publishes no RSA key, so no sign-in can be verified")]
    NoUsableKey,
    #[error("the tenant knows no application with the id in AUTH0_CLIENT_ID")]
    UnknownClient,
    #[error("the tenant refuses the application's secret")]
    WrongSecret,
    #[error("the tenant refuses the application's key")]
    WrongKey,
    #[error("the application does not have the grant type MFA, so no enrollment can be confirmed")]
    MfaGrantOff,
    #[error(
        "the application has the grant type Implicit, so somebody with a password gets a token that passes the portal by"
    )]
    ImplicitGrantOn,
    #[error("{0} is not an allowed callback URL, so nobody can sign in")]
    CallbackNotAllowed(String),
    /// The custom domain's audience, as people meet it first (community.auth0.com thread 44384).
    #[error("the tenant has no API {0}: AUTH0_TENANT_DOMAIN is not its canonical domain")]
    NotCanonical(String),
    /// The same mistake, hidden by an API that was created under that identifier (same thread).
    #[error("{0} is an API made by hand, not the MFA API: listing would work, confirming would not")]
    HandMadeApi(String),
    #[error("the tenant has no API {0} although AUTH0_TENANT_DOMAIN is right")]
    NoMfaApi(String),
    #[error("the application may not sign people in for the MFA API: {0}")]
    SignInGrantOff(String),
    #[error("the application is not authorized to call the MFA API")]
    NotAuthorizedForMfaApi,
    #[error("the tenant refuses every sign-in: {0}")]
    SignInRefused(String),
    #[error("the tenant answers every sign-in with a page of its own (status {0})")]
    SignInPage(u16),
    #[error(
        "the tenant refuses sign-ins {}: {description}",
        .name.as_ref().map_or("without an organization".to_owned(), |name| format!("for the organization {name}"))
    )]
    OrganizationRefused { name: Option<String>, description: String },
    #[error("{0} is not an allowed logout URL, so signing out would end on an error page")]
    LogoutNotAllowed(String),
    #[error("the tenant refuses the id or the secret of the management application")]
    WrongManagementSecret,
    #[error("the management application does not have the grant type Client Credentials")]
    NoClientCredentials,
    #[error("the management application is not authorized to call the Management API")]
    NotAuthorizedForManagement,
    #[error("the management application lacks update:users, so nobody can get a new recovery code")]
    MissingScope,
    #[error("{0}")]
    FileAway(String),
    #[error("{0}")]
    RedisAway(String),
    #[error(
        "Redis has maxmemory-policy {0}: when its memory is full it drops sessions, counters of limits, and recovery codes \
         that were not saved yet"
    )]
    Evicts(String),
    #[error("the user of Redis may not follow records that move to another node of the cluster")]
    MayNotFollow,
    #[error("the session store did not return the record that was written")]
    StoreForgets,
    #[error("the mail server of SMTP_URL is not reached: {0}")]
    MailAway(String),
    #[error("the connection to the mail server is not protected: {0}")]
    MailTls(String),
    #[error("the mail server does not take the user and the password: {0}")]
    MailPassword(String),
    #[error("the mail server takes no mail from MAIL_FROM: {0}")]
    MailSender(String),
    #[error("the receiver of WEBHOOK_URL is not reached: {0}")]
    WebhookAway(String),
    #[error("{origin} sends webhooks on to another address, and redirects are not followed")]
    WebhookRedirects { origin: String },
    #[error("browsers would refuse {address}: {why}")]
    PublicTls { address: String, why: String },
    #[error("the portal's pages are not found at {address} (status 404)")]
    PublicPath { address: String, path: String },
    #[error("something other than the portal answers at {address} (status {status})")]
    PublicOther { address: String, status: u16 },
    #[error("the portal at {0} runs with another application or another APP_BASE_URL")]
    OtherPortal(String),
    #[error("a proxy takes the header Content-Security-Policy away from {0}, which protects the pages")]
    PolicyGone(String),
    #[error("a proxy adds the header X-Frame-Options to {0}, so no page can show the portal in a frame")]
    FramesRefused(String),
    #[error("the portal's cookie is changed on its way from {0}, so nobody can sign in")]
    CookieChanged(String),
}

const SETTINGS: &str = "Auth0 dashboard: Applications → Applications → (the portal's) → Settings";
const CANONICAL: &str = "Set AUTH0_TENANT_DOMAIN to the domain of the tenant itself (….auth0.com), which the Auth0 dashboard \
                         shows under Settings → Custom Domains and in the identifier of Applications → APIs → Auth0 \
                         Management API";

impl Cause {
    /// The screen and what to click there, or the setting.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::NoSuchHost(_) => {
                format!("Correct AUTH0_DOMAIN: it is the Domain under {SETTINGS}, or one of Branding → Custom Domains")
            }
            Self::NotListening { .. } | Self::Silent { .. } => {
                "Allow connections from this machine to the tenant (firewall), or correct AUTH0_DOMAIN".to_owned()
            }
            Self::NoTls { .. } => "In the Auth0 dashboard, look at the domain under Branding → Custom Domains: it must be \
                                   verified and its certificate ready. If your network has a CA of its own, name its \
                                   file in SSL_CERT_FILE"
                .to_owned(),
            Self::ClockWrong(_) => {
                "Synchronize this machine's clock (NTP); sign-in tolerates a difference of one minute".to_owned()
            }
            Self::NoTenant { .. } | Self::NotATenant(_) => {
                format!("Set AUTH0_DOMAIN to the Domain under {SETTINGS} → Basic Information, or to one of Branding → Custom Domains")
            }
            Self::OtherIssuer(_) => "Set AUTH0_DOMAIN to the issuer's host. If it is a custom domain behind a proxy of \
                                     your own, the proxy must send the cname-api-key of Branding → Custom Domains"
                .to_owned(),
            Self::NoUsableKey => {
                "Auth0 dashboard: Settings → Signing Keys → Rotate Signing Key".to_owned()
            }
            Self::UnknownClient => format!("Copy the Client ID from {SETTINGS} → Basic Information"),
            Self::WrongSecret => format!(
                "Copy the Client Secret from {SETTINGS} → Basic Information. Under Credentials, the authentication \
                 method must be Client Secret (Post)"
            ),
            Self::WrongKey => format!(
                "{SETTINGS} → Credentials: the authentication method must be Private Key JWT, with the public key of \
                 AUTH0_CLIENT_KEY_FILE (openssl pkey -pubout -in …) and the algorithm RS256. A management application \
                 without a secret needs the same"
            ),
            Self::MfaGrantOff => {
                format!("{SETTINGS} → Advanced Settings → Grant Types: tick MFA, then Save Changes")
            }
            Self::ImplicitGrantOn => {
                format!(
                    "{SETTINGS} → Advanced Settings → Grant Types: tick Authorization Code and MFA alone, then Save Changes"
                )
            }
            Self::SignInGrantOff(_) => {
                format!("{SETTINGS} → Advanced Settings → Grant Types: tick Authorization Code and MFA")
            }
            Self::CallbackNotAllowed(url) => {
                format!("{SETTINGS} → Application URIs → Allowed Callback URLs: add exactly {url}")
            }
            Self::LogoutNotAllowed(url) => {
                format!("{SETTINGS} → Application URIs → Allowed Logout URLs: add exactly {url}")
            }
            _ => self
                .remedy_of_notices()
                .or_else(|| self.remedy_at_store())
                .map_or_else(|| self.remedy_elsewhere(), ToOwned::to_owned),
        }
    }

    /// The remedies outside the portal's own application.
    fn remedy_elsewhere(&self) -> String {
        match self {
            Self::SignInRefused(_) => {
                "Look the refusal up in the Auth0 dashboard under Monitoring → Logs. An Action or a rule may be its cause"
                    .to_owned()
            }
            Self::SignInPage(_) => {
                "Open AUTH0_DOMAIN in a browser and look the page up in the Auth0 dashboard under Monitoring → Logs. A \
                 proxy or a firewall in front of the tenant may show it, too"
                    .to_owned()
            }
            Self::OrganizationRefused { name: None, .. } => {
                "Set AUTH0_ORGANIZATION, or allow sign-ins without one in the Auth0 dashboard: Applications → \
                 Applications → (the portal's) → Login Experience → Types of Users"
                    .to_owned()
            }
            Self::OrganizationRefused { .. } => {
                "Correct its id or name, as under Organizations in the Auth0 dashboard. A name needs Settings → Advanced → \
                 Allow Organization Names in Authentication API. The portal's application must be for Business Users, or \
                 Both (Login Experience)"
                    .to_owned()
            }
            Self::HandMadeApi(audience) => {
                format!("{CANONICAL}. The portal uses the API {audience} then no more")
            }
            Self::NoMfaApi(_) => "Auth0 dashboard: Security → Multi-factor Auth: enable a factor, and the grant type MFA of \
                                  the application"
                .to_owned(),
            Self::NotAuthorizedForMfaApi => "Auth0 dashboard: Applications → Applications → (the portal's) → APIs: \
                                             authorize it for the MFA API with all three permissions"
                .to_owned(),
            Self::WrongManagementSecret => "Copy Client ID and Client Secret from Auth0 dashboard: Applications → \
                                            Applications → (the management application) → Settings"
                .to_owned(),
            Self::NoClientCredentials => "Auth0 dashboard: Applications → Applications → (the management application) → \
                                          Settings → Advanced Settings → Grant Types: tick Client Credentials"
                .to_owned(),
            Self::NotAuthorizedForManagement | Self::MissingScope => {
                "Auth0 dashboard: Applications → Applications → (the management application) → APIs → Auth0 Management \
                 API: authorize it and tick update:users, nothing else"
                    .to_owned()
            }
            Self::PublicTls { .. } => {
                "Give the proxy in front of the portal a certificate for this name that browsers trust".to_owned()
            }
            Self::PublicPath { path, .. } => {
                format!("Let the proxy pass requests on with their path unchanged, {path:?} included")
            }
            Self::PublicOther { .. } | Self::OtherPortal(_) => {
                "Correct APP_BASE_URL, or let the proxy lead this URL to the portal that has these settings".to_owned()
            }
            Self::PolicyGone(_) => "Let the proxy pass the portal's headers on unchanged".to_owned(),
            Self::FramesRefused(_) => "Let the proxy add no X-Frame-Options: the portal's Content-Security-Policy says which \
                                       pages may frame it (EMBED_ORIGINS)"
                .to_owned(),
            Self::CookieChanged(_) => "Let the proxy pass Set-Cookie on unchanged: no other path, domain or attributes. \
                                       APP_BASE_URL must be https if people use https"
                .to_owned(),
            _ => CANONICAL.to_owned(),
        }
    }

    /// The remedies around notices of changes.
    fn remedy_of_notices(&self) -> Option<&'static str> {
        Some(match self {
            Self::MailAway(_) => {
                "Correct SMTP_URL, or allow connections from this machine to the mail server (firewall)"
            }
            Self::MailTls(_) => {
                "smtp:// needs STARTTLS, most often on port 587, and smtps:// TLS, most often on 465. The certificate must \
                 name the host of SMTP_URL. If your network has a CA of its own, name its file in SSL_CERT_FILE"
            }
            Self::MailPassword(_) => {
                "Correct the user and the password in SMTP_URL, with characters such as @ and / percent-encoded"
            }
            Self::MailSender(_) => {
                "Allow the sender at the mail server, or correct MAIL_FROM. A server that asks for a password needs one in \
                 SMTP_URL"
            }
            Self::WebhookAway(_) => {
                "Correct WEBHOOK_URL, or allow connections from this machine to it (firewall). If your network has a CA of \
                 its own, name its file in SSL_CERT_FILE"
            }
            Self::WebhookRedirects { .. } => "Set WEBHOOK_URL to the address that answers by itself",
            _ => return None,
        })
    }

    /// The remedies around the session store.
    fn remedy_at_store(&self) -> Option<&'static str> {
        Some(match self {
            Self::FileAway(_) => {
                "Correct SESSION_STORE. An SQLite file needs a directory that the portal's user may write \
                                  to; run this check as that user"
            }
            Self::RedisAway(_) => {
                "Correct SESSION_STORE, or let this machine reach Redis. Its user needs the permissions in \
                                   docs/operate.md. A node of a Redis Cluster holds only a part of the records, so write \
                                   redis+cluster:// for one. If your network has a CA of its own, name its file in \
                                   SSL_CERT_FILE"
            }
            Self::Evicts(_) => {
                "Set maxmemory-policy noeviction, and enough maxmemory: docs/sizing.md says how much a session takes"
            }
            Self::MayNotFollow => "Allow the user +asking: docs/operate.md has all its rights",
            Self::StoreForgets => "Look for what removes records: Redis needs maxmemory-policy noeviction",
            _ => return None,
        })
    }
}
