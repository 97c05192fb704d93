//! Every mistake that can be told from outside: what causes it, and what to click or set. These are the operator's words.

/// What is set up wrongly. Its text names the cause; [`Cause::remedy`] says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The domain's name is not known.
    #[error("no host is called {0}")]
    NoSuchHost(String),
    /// Nothing takes a connection there.
    #[error("{host} takes no connection on port {port}: {why}")]
    NotListening {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// In the system's words.
        why: String,
    },
    /// No TLS that we trust.
    #[error("{host} can be connected to, but not securely: {why}")]
    NoTls {
        /// The host.
        host: String,
        /// In the TLS library's words.
        why: String,
    },
    /// It takes the connection and says nothing.
    #[error("{host} takes the connection, but does not answer: {why}")]
    Silent {
        /// The host.
        host: String,
        /// What happened.
        why: String,
    },
    /// The clocks are too far apart; how far this machine's is ahead.
    #[error("this machine's clock is {} s {}", seconds.abs(), if *seconds > 0 { "ahead of the tenant's" } else { "behind the tenant's" })]
    ClockWrong {
        /// Negative where it is behind.
        seconds: i64,
    },
    /// There is no discovery document.
    #[error("{domain} is no Auth0 tenant: it answers with status {status} where a tenant describes itself")]
    NoTenant {
        /// The domain.
        domain: String,
        /// What it answered.
        status: u16,
    },
    /// There is something else than a discovery document.
    #[error("{0} is no Auth0 tenant: it does not describe itself as one")]
    NotATenant(String),
    /// It calls itself otherwise, or sends us elsewhere.
    #[error("{0}")]
    OtherIssuer(String),
    /// No key that ID tokens can be signed with.
    #[error("the tenant publishes no RSA key, so no sign-in could be verified")]
    NoUsableKey,
    /// The application does not exist there.
    #[error("the tenant knows no application with the id in AUTH0_CLIENT_ID")]
    UnknownClient,
    /// The application's secret is wrong.
    #[error("the tenant refuses the application's secret")]
    WrongSecret,
    /// The application may not use the MFA grants.
    #[error("the application does not have the grant type MFA, so no set-up could be confirmed")]
    MfaGrantOff,
    /// Our callback is not on the application's list.
    #[error("{0} is not an allowed callback URL, so nobody could sign in")]
    CallbackNotAllowed(String),
    /// The custom-domain mistake, as people meet it first.
    #[error("the tenant has no API {audience}: AUTH0_TENANT_DOMAIN is not its canonical domain")]
    NotCanonical {
        /// What was asked for.
        audience: String,
    },
    /// The custom-domain mistake, hidden by an API of that name.
    #[error("{audience} is an API made by hand, not the MFA API: lists would work, confirming would not")]
    HandMadeApi {
        /// What was asked for.
        audience: String,
    },
    /// The canonical domain is right, and still there is no MFA API.
    #[error("the tenant has no API {audience} although its domain is right")]
    NoMfaApi {
        /// What was asked for.
        audience: String,
    },
    /// The application may not sign people in for the MFA API.
    #[error("the tenant lets the application sign nobody in for the MFA API: {0}")]
    SignInGrantOff(String),
    /// The MFA API is open to chosen applications only.
    #[error("the application is not authorized to call the MFA API")]
    NotAuthorizedForMfaApi,
    /// Our sign-out page is not on the application's list.
    #[error("{0} is not an allowed logout URL, so signing out would end on an error page")]
    LogoutNotAllowed(String),
    /// The management application's credentials are wrong.
    #[error("the tenant refuses the id or the secret of the management application")]
    WrongManagementSecret,
    /// The management application is no machine.
    #[error("the management application does not have the grant type Client Credentials")]
    NoClientCredentials,
    /// The management application may not call the Management API.
    #[error("the management application is not authorized to call the Management API")]
    NotAuthorizedForManagement,
    /// The management application lacks the one scope it is there for.
    #[error("the management application lacks update:users, so nobody could get a new recovery code")]
    MissingScope,
    /// The store cannot be opened or written.
    #[error("{0}")]
    StoreAway(String),
    /// The store did not give back what was written.
    #[error("what was written to the session store could not be read again")]
    StoreForgets,
    /// Browsers would refuse the public address.
    #[error("browsers would refuse {address}: {why}")]
    PublicTls {
        /// The public address.
        address: String,
        /// In the TLS library's words.
        why: String,
    },
    /// The path does not arrive.
    #[error("{address} leads past the portal: its pages are not found there")]
    PublicPath {
        /// The public address.
        address: String,
        /// Its path.
        path: String,
    },
    /// Something else is there.
    #[error("something else than the portal answers at {address} (status {status})")]
    PublicOther {
        /// The public address.
        address: String,
        /// What it answered.
        status: u16,
    },
    /// A portal with other settings is there.
    #[error("the portal at {address} runs with another application or another APP_BASE_URL")]
    OtherPortal {
        /// The public address.
        address: String,
    },
    /// The proxy changes our cookies.
    #[error("the cookie of {address} does not arrive as the portal sets it, so nobody could sign in")]
    CookieChanged {
        /// The public address.
        address: String,
    },
}

/// Where the application's settings are in Auth0's dashboard.
const SETTINGS: &str = "Auth0 dashboard: Applications → Applications → (the portal's) → Settings";
/// Where the tenant's canonical domain stands.
const CANONICAL: &str = "Set AUTH0_TENANT_DOMAIN to the domain of the tenant itself (….auth0.com), which stands in the \
                         Auth0 dashboard under Settings → Custom Domains and in the identifier of Applications → APIs → \
                         Auth0 Management API";

impl Cause {
    /// What to click in which screen, or what to set.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::NoSuchHost(_) => {
                format!("Correct AUTH0_DOMAIN: it is the Domain under {SETTINGS}, or one of Branding → Custom Domains")
            }
            Self::NotListening { .. } | Self::Silent { .. } => {
                "Let this machine out to the tenant (firewall, proxy), or correct AUTH0_DOMAIN".to_owned()
            }
            Self::NoTls { .. } => "Look at the domain under Branding → Custom Domains in the Auth0 dashboard: it must be \
                                   verified and its certificate ready. Where your network has a CA of its own, name it \
                                   in SSL_CERT_FILE"
                .to_owned(),
            Self::ClockWrong { .. } => {
                "Let this machine take its time from the network (NTP); sign-in tolerates a minute".to_owned()
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
            Self::MfaGrantOff => {
                format!("{SETTINGS} → Advanced Settings → Grant Types: tick MFA, then Save Changes")
            }
            Self::SignInGrantOff(_) => {
                format!("{SETTINGS} → Advanced Settings → Grant Types: tick Authorization Code and MFA")
            }
            Self::CallbackNotAllowed(url) => {
                format!("{SETTINGS} → Application URIs → Allowed Callback URLs: add {url}, exactly so")
            }
            Self::LogoutNotAllowed(url) => {
                format!("{SETTINGS} → Application URIs → Allowed Logout URLs: add {url}, exactly so")
            }
            _ => self.remedy_elsewhere(),
        }
    }

    /// The remedies that are not in the portal's own application.
    fn remedy_elsewhere(&self) -> String {
        match self {
            Self::HandMadeApi { audience } => {
                format!("{CANONICAL}. Then delete the API {audience} under Applications → APIs")
            }
            Self::NoMfaApi { .. } => "Auth0 dashboard: Security → Multi-factor Auth: switch on a factor, and the grant \
                                      type MFA of the application"
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
            Self::StoreAway(_) | Self::StoreForgets => "Correct SESSION_STORE. A file needs a folder that the portal's \
                                                        own user may write; run this check as that user"
                .to_owned(),
            Self::PublicTls { .. } => {
                "Give the proxy before the portal a certificate for this name that browsers trust".to_owned()
            }
            Self::PublicPath { path, .. } => {
                format!("The proxy must pass requests on with their path as it came, {path:?} included")
            }
            Self::PublicOther { .. } | Self::OtherPortal { .. } => {
                "Correct APP_BASE_URL, or let the proxy lead this address to the portal that has these settings".to_owned()
            }
            Self::CookieChanged { .. } => "Let the proxy pass Set-Cookie on unchanged: no other path, domain or \
                                           attributes. APP_BASE_URL must be https where people use https"
                .to_owned(),
            _ => CANONICAL.to_owned(),
        }
    }
}
