//! What a tenant is started with (`Options`) and what its dashboard may change while it runs (`Settings`).

use std::net::IpAddr;

use crate::answers::Answers;
use crate::authenticator::Factor;
use crate::clock::Clock;

/// What a tenant is started with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where it listens; 127.0.0.1 where nothing is said. What it gives out stays 127.0.0.1 and localhost.
    pub listen: Option<IpAddr>,
    /// The port there; 0 takes any that is free.
    pub port: u16,
    /// The tenant's time.
    pub clock: Clock,
    /// Makes every id, code and secret repeatable; `None` draws them from the system. Signing keys are always drawn.
    pub seed: Option<u64>,
    /// What the dashboard may change later, through `Tenant::configure`.
    pub settings: Settings,
}

/// How the list of authenticators names the channel of an out-of-band authenticator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChannelSpelling {
    /// `"oob_channel":"sms"`, as recorded.
    #[default]
    Channel,
    /// `"oob_channels":"sms"`, as in old documents.
    ChannelsText,
    /// `"oob_channels":["sms"]`, as in Auth0's own mocks.
    ChannelsList,
    /// No channel at all: only the id tells.
    Absent,
}

/// The tenant's dashboard.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a dashboard is a page of switches")]
pub struct Settings {
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: String,
    /// The id of the application that may call the Management API.
    pub management_client_id: String,
    /// The secret of the application that may call the Management API.
    pub management_client_secret: String,
    /// Whether that application has the grant type Client Credentials.
    pub management_grant: bool,
    /// Whether that application is authorized for the Management API at all (a client grant).
    pub management_authorized: bool,
    /// The scopes which that application was granted for the Management API.
    pub management_scopes: Vec<String>,
    /// Allowed Callback URLs, compared exactly.
    pub callback_urls: Vec<String>,
    /// Allowed Logout URLs, compared exactly.
    pub logout_urls: Vec<String>,
    /// Allowed Web Origins: pages whose scripts may call the APIs (CORS).
    pub web_origins: Vec<String>,
    /// The tenant's name, in authenticator apps and on its pages.
    pub friendly_name: String,

    /// The factors that are enabled. `Sms` together with `Voice` makes every phone number a pair.
    pub factors: Vec<Factor>,
    /// Whether the very first association brings a recovery code.
    pub recovery_codes: bool,
    /// Whether the profile's verified e-mail address is listed as an authenticator.
    pub profile_email_listed: bool,
    /// Whether removing the last active authenticator removes the recovery code with it (no source says).
    pub last_removal_takes_recovery_code: bool,
    /// How many authenticators, active or not, a person may have.
    pub authenticator_limit: usize,
    /// How the list names the channel.
    pub channel_spelling: ChannelSpelling,
    /// Whether list entries carry the Early Access field `type`, without which some SDKs drop them.
    pub type_field: bool,

    /// Whether the application has the MFA grant.
    pub mfa_grant: bool,
    /// Whether the application has the password grant.
    pub password_grant: bool,
    /// Whether the password grant asks everybody for a second factor (the policy "Always"). Otherwise it asks only for
    /// the MFA API, and only people whom Universal Login would challenge.
    pub mfa_always: bool,
    /// At most these scopes are granted; `None` grants whatever is asked for.
    pub granted_scopes: Option<Vec<String>>,
    /// How many seconds a token for the MFA API lives.
    pub token_lifetime: i64,
    /// Whether an API with the identifier `<custom domain>/mfa/` was made: the trap of seed 001.
    pub custom_domain_api: bool,
    /// Whether the MFA API refuses a token that was issued on the other domain.
    pub issuer_must_match_host: bool,

    /// Whether discovery names an `end_session_endpoint`.
    pub end_session_endpoint: bool,
    /// Whether the callback carries `iss` (RFC 9207) and discovery says so.
    pub callback_issuer: bool,
    /// Whether an existing browser session signs a person in without a page.
    pub silent_sign_in: bool,
    /// Whether a browser session that passed a challenge is spared the next one.
    pub session_skips_challenge: bool,
    /// Whether `prompt=none` without a session is answered before the audience is looked at (no source says).
    pub login_required_first: bool,
    /// The company's own page for errors that cannot be redirected to the application (contract §1.2).
    pub error_page: Option<String>,
    /// Redirects every authorization at once with this `error` and `error_description`.
    pub authorize_error: Option<(String, String)>,

    /// The refusals.
    pub answers: Answers,
}

impl Settings {
    /// Whether a factor is enabled.
    #[must_use]
    pub fn enables(&self, factor: Factor) -> bool {
        self.factors.contains(&factor)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            client_id: "mfa-portal".to_owned(),
            client_secret: "emulated-tenant-client-secret".to_owned(),
            management_client_id: "mfa-portal-management".to_owned(),
            management_client_secret: "emulated-tenant-management-secret".to_owned(),
            management_grant: true,
            management_authorized: true,
            management_scopes: vec!["update:users".to_owned()],
            callback_urls: both_hosts("/callback"),
            logout_urls: both_hosts("/signed-out"),
            web_origins: Vec::new(),
            friendly_name: "Example Company".to_owned(),
            factors: vec![Factor::Totp, Factor::Sms, Factor::Voice, Factor::Email, Factor::Push],
            recovery_codes: true,
            profile_email_listed: true,
            last_removal_takes_recovery_code: false,
            authenticator_limit: 51,
            channel_spelling: ChannelSpelling::Channel,
            type_field: false,
            mfa_grant: true,
            password_grant: true,
            mfa_always: false,
            granted_scopes: None,
            token_lifetime: 600,
            custom_domain_api: false,
            issuer_must_match_host: true,
            end_session_endpoint: true,
            callback_issuer: false,
            silent_sign_in: true,
            session_skips_challenge: true,
            login_required_first: false,
            error_page: None,
            authorize_error: None,
            answers: Answers::default(),
        }
    }
}

fn both_hosts(path: &str) -> Vec<String> {
    ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:3000{path}")).to_vec()
}
