//! The handle to a running tenant.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::devices::Devices;
use crate::faults::Faults;
use crate::server::serve;
use crate::wire::journal::Journal;
use crate::world::Shared;
use crate::world::authenticator::Authenticator;
use crate::world::clock::Clock;
use crate::world::domains::Domains;
use crate::world::person::Person;
use crate::world::settings::{Options, Settings};
use crate::world::tamper::Tamper;

/// A handle to a running tenant. The tenant stops when its last handle is dropped, or by [`Tenant::stop`].
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
    /// Starts a tenant; fails if the address cannot be bound.
    pub async fn start(options: Options) -> io::Result<Self> {
        let address = options.listen.unwrap_or(Ipv4Addr::LOCALHOST.into());
        let listener = TcpListener::bind((address, options.port)).await?;
        let domains = Domains::new(listener.local_addr()?.port()).map_err(io::Error::other)?;
        let shared = Shared::new(options, domains);
        let serving = serve(listener, shared.clone());
        let task = tokio::spawn(async move {
            serving.await;
        });
        Ok(Self { shared, running: Arc::new(Running(Mutex::new(Some(task)))) })
    }

    /// Stops serving and closes every connection; returns when the port is free.
    pub async fn stop(&self) {
        if let Some(task) = self.running.take() {
            task.abort();
            // The only possible error is that the task was aborted.
            let _ = task.await;
        }
    }

    /// The canonical domain, `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> Url {
        self.shared.world().domains.canonical.clone()
    }

    /// The custom domain, `http://localhost:PORT/`. The same listener serves it; the Host header decides.
    #[must_use]
    pub fn custom_url(&self) -> Url {
        self.shared.world().domains.custom.clone()
    }

    /// The journal of API requests.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.shared.journal().clone()
    }

    /// The faults to inject.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.shared.faults().clone()
    }

    /// The tenant's clock.
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

    /// Copies of all people.
    #[must_use]
    pub fn people(&self) -> Vec<Person> {
        self.shared.world().people.clone()
    }

    /// A copy of the person with this e-mail address.
    #[must_use]
    pub fn person(&self, email: &str) -> Option<Person> {
        self.shared.world().person_by_email(email).cloned()
    }

    /// Adds a person; a verified e-mail address becomes an authenticator at once.
    pub fn add_person(&self, mut person: Person) {
        person.list_profile_email();
        self.shared.world().people.push(person);
    }

    /// Changes the person with this e-mail address; `None` if there is none.
    pub fn change_person<R>(&self, email: &str, change: impl FnOnce(&mut Person) -> R) -> Option<R> {
        self.shared.world().person_by_email_mut(email).map(change)
    }

    /// A person's authenticators, unconfirmed ones included; empty if there is no such person.
    #[must_use]
    pub fn authenticators(&self, email: &str) -> Vec<Authenticator> {
        self.person(email).map(|person| person.authenticators).unwrap_or_default()
    }

    /// The phone and mailbox of the person with this e-mail address.
    #[must_use]
    pub fn devices(&self, email: &str) -> Devices {
        Devices::new(self.shared.clone(), email)
    }

    /// Ends every browser session, so that people must enter the password again.
    pub fn sign_out_everywhere(&self) {
        self.shared.world().sessions.clear();
    }

    /// Resets every rate limit.
    pub fn clear_limits(&self) {
        self.shared.world().limits.clear();
    }

    /// Makes the next signing key the current one; previous keys stay published.
    pub fn rotate_keys(&self) {
        self.shared.world().keys.rotate();
    }

    /// Stops publishing the previous keys.
    pub fn forget_previous_keys(&self) {
        self.shared.world().keys.forget_previous();
    }

    /// Tampers with the next ID token; further calls apply to the ones after it.
    pub fn tamper_id_token(&self, tamper: Tamper) {
        self.shared.world().id_token_tampers.push_back(tamper);
    }

    /// Tampers with the discovery document from now on.
    pub fn tamper_discovery(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.shared.world().discovery_tamper = Some(Arc::new(change));
    }

    /// Removes every tampering that has not been used yet.
    pub fn clear_tampering(&self) {
        let mut world = self.shared.world();
        world.id_token_tampers.clear();
        world.discovery_tamper = None;
    }
}
