//! Start-up options, and the settings that a test may change while the tenant runs.

use std::net::IpAddr;

use crate::wire::refusals::Refusals;
use crate::world::authenticator::Factor;
use crate::world::clock::Clock;
use crate::world::organization::{Organization, OrganizationUsage};

/// Start-up options.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The address to listen on; the default is 127.0.0.1. URLs in responses always have 127.0.0.1 or localhost.
    pub listen: Option<IpAddr>,
    /// The port; 0 takes any free one.
    pub port: u16,
    /// The tenant's clock.
    pub clock: Clock,
    /// Makes every id, code and secret repeatable. `None` uses the system's randomness, as signing keys always do.
    pub seed: Option<u64>,
    /// The settings, which [`Tenant::configure`](crate::Tenant::configure) changes later.
    pub settings: Settings,
}

/// How the list of authenticators names the channel of an out-of-band authenticator; sources differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChannelSpelling {
    /// `"oob_channel":"sms"` (recorded traffic).
    #[default]
    Channel,
    /// `"oob_channels":"sms"` (thread 95815).
    ChannelsText,
    /// `"oob_channels":["sms"]` (mocks in Auth0's SDK auth0-auth-js).
    ChannelsList,
    /// No channel; only the id's prefix names the factor.
    Absent,
}

/// The settings of the tenant, as in Auth0's dashboard.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a dashboard is a page of switches")]
pub struct Settings {
    /// The application's client id.
    pub client_id: String,
    /// The application's client secret.
    pub client_secret: String,
    /// The application's public keys in PEM. With any, it authenticates by Private Key JWT, and has no secret.
    pub client_keys: Vec<String>,
    /// The client id of the machine-to-machine application, which may call the Management API.
    pub management_client_id: String,
    /// The client secret of the machine-to-machine application.
    pub management_client_secret: String,
    /// The same as `client_keys` of the machine-to-machine application.
    pub management_client_keys: Vec<String>,
    /// Whether the machine-to-machine application has the grant type Client Credentials.
    pub management_grant: bool,
    /// Whether the machine-to-machine application is authorized for the Management API (a client grant).
    pub management_authorized: bool,
    /// The Management API scopes of the machine-to-machine application.
    pub management_scopes: Vec<String>,
    /// Allowed Callback URLs, compared exactly.
    pub callback_urls: Vec<String>,
    /// Allowed Logout URLs, compared exactly.
    pub logout_urls: Vec<String>,
    /// Allowed Web Origins, whose scripts may call the APIs (CORS).
    pub web_origins: Vec<String>,
    /// The tenant's name, in authenticator apps and on its pages.
    pub friendly_name: String,
    /// The organizations, and who is a member of each.
    pub organizations: Vec<Organization>,
    /// Whether the application's sign-ins may, must or must not name an organization.
    pub organization_usage: OrganizationUsage,
    /// Whether an organization's name may stand for its id, and ID tokens have `org_name` (Auth0, Organization names).
    pub organization_names: bool,

    /// The enabled factors. If both `Sms` and `Voice` are, every phone number becomes a pair of authenticators.
    pub factors: Vec<Factor>,
    /// Whether a person's first association brings a recovery code.
    pub recovery_codes: bool,
    /// Whether the profile's verified e-mail address is listed as an authenticator.
    pub profile_email_listed: bool,
    /// Whether removing the last active authenticator removes the recovery code too (no source).
    pub last_removal_takes_recovery_code: bool,
    /// How many authenticators, active or not, a person may have (thread 95815).
    pub authenticator_limit: usize,
    /// How the list names the channel.
    pub channel_spelling: ChannelSpelling,
    /// Whether list entries have the Early Access field `type`. Some SDKs drop entries without it.
    pub type_field: bool,

    /// Whether the application has the MFA grant types.
    pub mfa_grant: bool,
    /// Whether the application has the implicit grant, as Auth0's dashboard creates applications with a secret (Auth0,
    /// Application Grant Types).
    pub implicit_grant: bool,
    /// Whether the application has the password grant.
    pub password_grant: bool,
    /// Whether the password grant always asks for a second factor (the policy "Always"). Otherwise it asks only
    /// for the MFA API's audience, and only people whom Universal Login would challenge.
    pub mfa_always: bool,
    /// The scopes that may be granted; `None` grants every known scope.
    pub granted_scopes: Option<Vec<String>>,
    /// Whether a token response has `scope`, which may be left out where all requested scopes are granted (RFC 6749 §5.1).
    pub scope_in_response: bool,
    /// Lifetime of an access token, in seconds. Auth0's is 600 for the MFA API (Auth0, Manage factors).
    pub token_lifetime: i64,
    /// Whether an API with the identifier `https://CUSTOM_DOMAIN/mfa/` was made by hand. Its tokens open the MFA API,
    /// but the confirmation fails with "invalid audience" (thread 44384).
    pub custom_domain_api: bool,
    /// Whether the MFA API refuses tokens that were issued on the other domain.
    pub issuer_must_match_host: bool,

    /// Whether the discovery document has an `end_session_endpoint`.
    pub end_session_endpoint: bool,
    /// Whether the callback has `iss` (RFC 9207) and the discovery document says so.
    pub callback_issuer: bool,
    /// Whether an existing browser session signs the person in without a page.
    pub silent_sign_in: bool,
    /// Whether a browser session that has passed a challenge skips the next one (no source).
    pub session_skips_challenge: bool,
    /// Whether it skips the challenge even when `max_age` or `prompt` demands the password again (no source).
    pub forced_sign_in_skips_challenge: bool,
    /// Whether ID tokens say by `amr` and `acr` that a challenge was passed. An Action may leave them out.
    pub amr: bool,
    /// Whether an Action adds the claim `https://mfa-portal/recovery_code_used` to ID tokens of sign-ins by recovery code.
    pub recovery_code_claim: bool,
    /// Whether `prompt=none` without a session is refused before the audience is checked (no source).
    pub login_required_first: bool,
    /// The company's own page for errors that must not be redirected to the application (Auth0, Error pages).
    pub error_page: Option<String>,
    /// Refuses every authorization request with this `error` and `error_description`.
    pub authorize_error: Option<(String, String)>,

    /// The value of X-RateLimit-Remaining, of the 300 in X-RateLimit-Limit.
    pub rate_limit_remaining: u32,
    /// Status and texts of every refusal.
    pub refusals: Refusals,
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
            client_keys: Vec::new(),
            management_client_id: "mfa-portal-management".to_owned(),
            management_client_secret: "emulated-tenant-management-secret".to_owned(),
            management_client_keys: Vec::new(),
            management_grant: true,
            management_authorized: true,
            management_scopes: vec!["update:users".to_owned()],
            callback_urls: both_hosts("/callback"),
            logout_urls: both_hosts("/signed-out"),
            web_origins: Vec::new(),
            friendly_name: "Example Company".to_owned(),
            organizations: Vec::new(),
            organization_usage: OrganizationUsage::Deny,
            organization_names: true,
            factors: vec![Factor::Totp, Factor::Sms, Factor::Voice, Factor::Email, Factor::Push],
            recovery_codes: true,
            profile_email_listed: true,
            last_removal_takes_recovery_code: false,
            authenticator_limit: 51,
            channel_spelling: ChannelSpelling::Channel,
            type_field: false,
            mfa_grant: true,
            implicit_grant: false,
            password_grant: true,
            mfa_always: false,
            granted_scopes: None,
            scope_in_response: true,
            token_lifetime: 600,
            custom_domain_api: false,
            issuer_must_match_host: true,
            end_session_endpoint: true,
            callback_issuer: false,
            silent_sign_in: true,
            session_skips_challenge: true,
            forced_sign_in_skips_challenge: false,
            amr: true,
            recovery_code_claim: false,
            login_required_first: false,
            error_page: None,
            authorize_error: None,
            rate_limit_remaining: 299,
            refusals: Refusals::default(),
        }
    }
}

fn both_hosts(path: &str) -> Vec<String> {
    ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:3000{path}")).to_vec()
}
