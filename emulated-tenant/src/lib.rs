//! An Auth0 tenant on loopback, for trying out and testing MFA code offline: Universal Login, the MFA API, the token
//! endpoint, one call of the Management API, and pages that play people's phones and mailboxes. It is an independent
//! reading of Auth0's documentation and shares no code with the portal, so a mistake in one shows up in the other.
//!
//! # Map
//! Each floor uses only the ones above it in this list.
//! - `wire`: HTTP bodies, headers, pages and refusals; knows no tenant
//! - `faults`: responses that go wrong on purpose
//! - `world`: the tenant's state and rules; knows no request and no page
//! - `endpoints`: one file per endpoint or page
//! - `server`: the listener, the route list, and the middleware around every request
//! - [`Tenant`] and [`Devices`]: the handles that tests and the demo hold
//! - [`MailServer`]: takes the mails of other programs to the people
//!
//! # Sources
//! Comments cite these by their short names. Where Auth0's documentation and recorded traffic disagree,
//! recorded traffic wins. Where no source says anything, `wire/refusals.rs` and [`Settings`] hold a guess that
//! a test may change.
//! - *Manage factors*: "Manage Authentication Factors with Authentication API",
//!   <https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authenticator-factors-mfa-api>
//! - *Password grant with MFA*, with its pages *OTP*, *SMS and voice*, *Email*, *Push* and *Recovery codes*:
//!   <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa>
//! - *API reference*: <https://auth0.com/docs/api/authentication>, section "Multi-factor Authentication"
//! - *Access token profiles*: <https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles>
//! - *Step-up*: <https://auth0.com/docs/secure/multi-factor-authentication/step-up-authentication/configure-step-up-authentication-for-web-apps>
//! - *Max age*: <https://auth0.com/docs/authenticate/login/max-age-reauthentication>
//! - *Error pages*: <https://auth0.com/docs/authenticate/login/auth0-universal-login/error-pages>
//! - *Logout*: <https://auth0.com/docs/authenticate/login/logout/log-users-out-of-auth0>
//! - *Organizations*: <https://auth0.com/docs/manage-users/organizations/using-tokens>, and *Organization names*:
//!   <https://auth0.com/docs/manage-users/organizations/configure-organizations/use-org-name-authentication-api>
//! - *Custom domains*: <https://auth0.com/docs/customize/custom-domains>
//! - *Rate limits*: <https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations>
//! - *Thread 44384*: <https://community.auth0.com/t/44384>, an API made by hand for a custom domain
//! - *Thread 90893*: <https://community.auth0.com/t/90893>, "User is already enrolled"
//! - *Thread 95815*: <https://community.auth0.com/t/95815>, unfinished authenticators pile up
//! - *FAQ*: "How to Enroll a User in Both Google Authenticator and SMS with MFA API", <https://community.auth0.com>
//! - *Recorded traffic*: `test/data/recordings/authentication` in <https://github.com/auth0/go-auth0>

mod devices;
mod endpoints;
mod faults;
mod mail;
mod server;
mod tenant;
mod wire;
mod world;

pub use devices::Devices;
pub use faults::gate::Gate;
pub use faults::{Fault, FaultKind, Faults};
pub use mail::{Mail, MailServer, Mood};
pub use tenant::Tenant;
pub use wire::journal::{Exchange, Journal};
pub use wire::refusals::{Refusal, Refusals};
pub use world::authenticator::{Authenticator, Factor};
pub use world::clock::Clock;
pub use world::jws::Token;
pub use world::organization::{Organization, OrganizationUsage};
pub use world::person::{DEMO_PASSWORD, Decision, Letter, Message, Person, PushRequest};
pub use world::settings::{ChannelSpelling, Options, Settings};
pub use world::tamper::Tamper;
pub use world::totp::totp_code;
