//! An Auth0 tenant on loopback, for trying and testing offline: Universal Login, the MFA API, the token endpoint,
//! and the devices of its people. It reads Auth0's documents by itself and shares no code with the portal, so that
//! a mistake in one is noticed by the other.
//!
//! `exchange` surrounds every request with journal, faults and headers; `routes` lists the endpoints; each endpoint
//! has a file; what they all know stands in `world`. Every refusal stands in the table of `answers`.

mod answers;
mod authenticator;
mod authorize;
mod clock;
mod cors;
mod cut;
mod devices;
mod devices_of;
mod discovery;
mod domains;
mod drip;
mod exchange;
mod faults;
mod flood;
mod gate;
mod grants;
mod journal;
mod jws;
mod keys;
mod limits;
mod login;
mod logout;
mod management;
mod mfa;
mod mfa_token;
mod oob;
mod options;
mod pages;
mod params;
mod person;
mod random;
mod routes;
mod seeds;
mod server;
mod session;
mod spoil;
mod tamper;
mod tenant;
mod token;
mod tokens;
mod totp;
mod userinfo;
mod world;

pub use answers::{Answer, Answers};
pub use authenticator::{Authenticator, Factor};
pub use clock::Clock;
pub use devices_of::Devices;
pub use faults::{Fault, FaultKind, Faults};
pub use gate::Gate;
pub use journal::{Exchange, Journal};
pub use jws::Token;
pub use options::{ChannelSpelling, Options, Settings};
pub use person::{DEMO_PASSWORD, Decision, Message, Person, PushRequest};
pub use tamper::Tamper;
pub use tenant::Tenant;
pub use totp::totp_code;
