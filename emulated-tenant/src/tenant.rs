//! A running tenant, as tests and the demo hold it.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::authenticator::Authenticator;
use crate::clock::Clock;
use crate::devices_of::Devices;
use crate::domains::Domains;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::options::{Options, Settings};
use crate::person::Person;
use crate::routes::routes;
use crate::server::serve;
use crate::tamper::Tamper;
use crate::world::Shared;

/// A running tenant. It stops when its last handle is dropped, or by [`Tenant::stop`].
#[derive(Clone)]
pub struct Tenant {
    shared: Shared,
    running: Arc<Running>,
}

struct Running(Mutex<Option<JoinHandle<()>>>);

impl Running {
    fn take(&self) -> Option<JoinHandle<()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(task) = self.take() {
            task.abort();
        }
    }
}

impl Tenant {
    /// Listens, on 127.0.0.1 unless told otherwise, and serves until it is stopped.
    pub async fn start(options: Options) -> io::Result<Self> {
        let address = options.listen.unwrap_or(Ipv4Addr::LOCALHOST.into());
        let listener = TcpListener::bind((address, options.port)).await?;
        let domains = Domains::new(listener.local_addr()?.port()).map_err(io::Error::other)?;
        let shared = Shared::new(options, domains);
        let serving = serve(listener, routes(shared.clone()), shared.clone());
        let task = tokio::spawn(async move {
            serving.await;
        });
        Ok(Self { shared, running: Arc::new(Running(Mutex::new(Some(task)))) })
    }

    /// Stops serving and closes every connection; returns when the port is free.
    pub async fn stop(&self) {
        if let Some(task) = self.running.take() {
            task.abort();
            // Aborting is all there is to it: the only possible error says so.
            let _ = task.await;
        }
    }

    /// The canonical domain, `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> Url {
        self.shared.world().domains.canonical.clone()
    }

    /// The custom domain, `http://localhost:PORT/`: the same server, told apart by the Host header.
    #[must_use]
    pub fn custom_url(&self) -> Url {
        self.shared.world().domains.custom.clone()
    }

    /// Every request to an endpoint that is not a page.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.shared.journal().clone()
    }

    /// What is to go wrong.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.shared.faults().clone()
    }

    /// The tenant's time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.shared.world().clock.clone()
    }

    /// A copy of the settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.shared.world().settings.clone()
    }

    /// Changes the settings.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.shared.world().settings);
    }

    /// Copies of everybody.
    #[must_use]
    pub fn people(&self) -> Vec<Person> {
        self.shared.world().people.clone()
    }

    /// A copy of somebody, by e-mail address.
    #[must_use]
    pub fn person(&self, email: &str) -> Option<Person> {
        self.shared.world().person_at(email).cloned()
    }

    /// Adds somebody; a verified profile address is listed as an authenticator at once.
    pub fn add_person(&self, mut person: Person) {
        person.list_profile_email();
        self.shared.world().people.push(person);
    }

    /// Changes somebody; `None` when nobody has this e-mail address.
    pub fn change_person<R>(&self, email: &str, change: impl FnOnce(&mut Person) -> R) -> Option<R> {
        self.shared.world().person_at_mut(email).map(change)
    }

    /// Somebody's authenticators, unfinished ones included; none when nobody has this e-mail address.
    #[must_use]
    pub fn authenticators(&self, email: &str) -> Vec<Authenticator> {
        self.person(email).map(|person| person.authenticators).unwrap_or_default()
    }

    /// Somebody's phone and mailbox.
    #[must_use]
    pub fn devices(&self, email: &str) -> Devices {
        Devices::new(self.shared.clone(), email)
    }

    /// Ends every browser session, so that everybody has to sign in again.
    pub fn sign_out_everywhere(&self) {
        self.shared.world().sessions.clear();
    }

    /// Forgets wrong codes, texts, mails and everything else that was counted.
    pub fn clear_limits(&self) {
        self.shared.world().limits.clear();
    }

    /// The next signing key becomes the current one; the previous one stays published.
    pub fn rotate_keys(&self) {
        self.shared.world().keys.rotate();
    }

    /// Stops publishing the keys before the current one.
    pub fn forget_previous_keys(&self) {
        self.shared.world().keys.forget_previous();
    }

    /// Changes the next ID token; several calls are met one after the other.
    pub fn tamper_id_token(&self, tamper: Tamper) {
        self.shared.world().id_token_tampers.push_back(tamper);
    }

    /// Changes the discovery document from now on.
    pub fn tamper_discovery(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.shared.world().discovery_tamper = Some(Arc::new(change));
    }

    /// Takes back every tampering that was not met yet.
    pub fn clear_tampering(&self) {
        let mut world = self.shared.world();
        world.id_token_tampers.clear();
        world.discovery_tamper = None;
    }
}
