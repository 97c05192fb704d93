//! The tenant's state, behind one lock, and the rules that several endpoints share. A rule that only one
//! endpoint needs is in that endpoint's file.

pub(crate) mod authenticator;
pub(crate) mod browser_session;
pub(crate) mod clients;
pub(crate) mod clock;
pub(crate) mod demo_people;
pub(crate) mod domains;
pub(crate) mod jws;
pub(crate) mod keys;
pub(crate) mod limits;
pub(crate) mod login;
pub(crate) mod mfa_token;
pub(crate) mod oob;
pub(crate) mod organization;
pub(crate) mod person;
pub(crate) mod proofs;
pub(crate) mod random;
pub(crate) mod settings;
pub(crate) mod tamper;
pub(crate) mod tokens;
pub(crate) mod totp;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use time::OffsetDateTime;

use crate::faults::Faults;
use crate::wire::journal::Journal;
use crate::world::browser_session::BrowserSession;
use crate::world::clock::Clock;
use crate::world::domains::Domains;
use crate::world::keys::KeyRing;
use crate::world::limits::Limits;
use crate::world::login::{AuthorizationCode, Login};
use crate::world::mfa_token::OpaqueToken;
use crate::world::oob::OobTransaction;
use crate::world::person::Person;
use crate::world::random::Random;
use crate::world::settings::{Options, Settings};
use crate::world::tamper::Tamper;

/// The state that every handler gets: the world, the journal and the faults.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    journal: Journal,
    faults: Faults,
}

impl Shared {
    pub(crate) fn new(options: Options, domains: Domains) -> Self {
        let world = Mutex::new(World::new(options, domains));
        Self(Arc::new(Inner { world, journal: Journal::default(), faults: Faults::default() }))
    }

    /// Locks the world; never hold the guard across an await.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.0.journal
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.0.faults
    }
}

/// A change that a test makes to the discovery document.
pub(crate) type DiscoveryTamper = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// The tenant's state.
pub(crate) struct World {
    pub(crate) domains: Domains,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Settings,
    pub(crate) people: Vec<Person>,
    pub(crate) keys: KeyRing,
    pub(crate) limits: Limits,
    /// Browsers that are signed in, by cookie value.
    pub(crate) sessions: HashMap<String, BrowserSession>,
    /// Sign-ins in progress, by the `state` of the tenant's own pages.
    pub(crate) logins: HashMap<String, Login>,
    pub(crate) codes: HashMap<String, AuthorizationCode>,
    pub(crate) opaque_tokens: HashMap<String, OpaqueToken>,
    pub(crate) oob: HashMap<String, OobTransaction>,
    /// The ids of the client assertions that were shown.
    pub(crate) used_assertions: HashSet<String>,
    pub(crate) id_token_tampers: VecDeque<Tamper>,
    pub(crate) discovery_tamper: Option<DiscoveryTamper>,
}

impl World {
    fn new(options: Options, domains: Domains) -> Self {
        Self {
            domains,
            clock: options.clock,
            random: Random::new(options.seed),
            settings: options.settings,
            people: demo_people::people(),
            keys: KeyRing::new(),
            limits: Limits::default(),
            sessions: HashMap::new(),
            logins: HashMap::new(),
            codes: HashMap::new(),
            opaque_tokens: HashMap::new(),
            oob: HashMap::new(),
            used_assertions: HashSet::new(),
            id_token_tampers: VecDeque::new(),
            discovery_tamper: None,
        }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The Unix time, never negative.
    pub(crate) fn unix_time(&self) -> u64 {
        u64::try_from(self.now().unix_timestamp()).unwrap_or_default()
    }

    pub(crate) fn person(&self, sub: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.sub == sub)
    }

    pub(crate) fn person_mut(&mut self, sub: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.sub == sub)
    }

    pub(crate) fn person_by_email(&self, email: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.email.eq_ignore_ascii_case(email))
    }

    pub(crate) fn person_by_email_mut(&mut self, email: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.email.eq_ignore_ascii_case(email))
    }
}
