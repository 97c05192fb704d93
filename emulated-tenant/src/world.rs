//! Everything the tenant knows, behind one lock. What belongs to one endpoint only stands in that endpoint's file.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use time::OffsetDateTime;

use crate::clock::Clock;
use crate::domains::Domains;
use crate::faults::Faults;
use crate::grants::authorization_code::AuthorizationCode;
use crate::journal::Journal;
use crate::keys::KeyRing;
use crate::limits::Limits;
use crate::login::Login;
use crate::mfa_token::OpaqueToken;
use crate::oob::OobTransaction;
use crate::options::{Options, Settings};
use crate::person::Person;
use crate::random::Random;
use crate::seeds;
use crate::session::BrowserSession;
use crate::tamper::Tamper;

/// What every handler is given.
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

    /// The tenant's knowledge, for one short look or change.
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

/// A change to the discovery document.
pub(crate) type DiscoveryTamper = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// Everything the tenant knows.
pub(crate) struct World {
    pub(crate) domains: Domains,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Settings,
    pub(crate) people: Vec<Person>,
    pub(crate) keys: KeyRing,
    pub(crate) limits: Limits,
    /// Browsers that are signed in, by cookie.
    pub(crate) sessions: HashMap<String, BrowserSession>,
    /// Sign-ins under way, by `state` of the tenant's own pages.
    pub(crate) logins: HashMap<String, Login>,
    pub(crate) codes: HashMap<String, AuthorizationCode>,
    pub(crate) opaque_tokens: HashMap<String, OpaqueToken>,
    pub(crate) oob: HashMap<String, OobTransaction>,
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
            people: seeds::people(),
            keys: KeyRing::new(),
            limits: Limits::default(),
            sessions: HashMap::new(),
            logins: HashMap::new(),
            codes: HashMap::new(),
            opaque_tokens: HashMap::new(),
            oob: HashMap::new(),
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

    pub(crate) fn person_at(&self, email: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.email.eq_ignore_ascii_case(email))
    }

    pub(crate) fn person_at_mut(&mut self, email: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.email.eq_ignore_ascii_case(email))
    }
}
