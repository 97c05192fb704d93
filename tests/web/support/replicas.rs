//! One portal as several processes on one store, behind a load balancer without sticky sessions.

use emulated_tenant::Tenant;
use url::Url;

use super::process::{Process, allow, free_address};
use super::{Balancer, Browser};

/// The replicas. All of them are killed when the test ends.
pub(crate) struct Replicas {
    pub(crate) tenant: Tenant,
    balancer: Balancer,
    store: String,
    all: Vec<(Url, Option<Process>)>,
}

impl Replicas {
    /// `count` replicas, none of them running yet.
    pub(crate) async fn new(tenant: Tenant, store: &str, count: usize) -> Self {
        let balancer = Balancer::new().await;
        allow(&tenant, &balancer.url);
        let all = (0..count).map(|_| (free_address(), None)).collect();
        let replicas = Self { tenant, balancer, store: store.to_owned(), all };
        replicas.prefer(0);
        replicas
    }

    /// Starts one with these settings.
    pub(crate) fn start(&mut self, at: usize, changed: &[(&str, &str)]) {
        let public = self.balancer.url.to_string();
        let fixed = [("APP_BASE_URL", public.as_str()), ("SESSION_STORE", &self.store)];
        let (address, process) = &mut self.all[at];
        let started = Process::start_at(address.clone(), &self.tenant, &[&fixed, changed].concat());
        *process = Some(started);
    }

    /// Kills one (SIGKILL).
    pub(crate) fn kill(&mut self, at: usize) {
        self.process(at).kill();
        self.all[at].1 = None;
    }

    pub(crate) fn several(&self) -> bool {
        self.all.len() > 1
    }

    pub(crate) fn process(&mut self, at: usize) -> &mut Process {
        self.all[at].1.as_mut().unwrap()
    }

    /// The output of the running replicas.
    pub(crate) fn output(&self) -> String {
        self.all.iter().filter_map(|(_, process)| Some(process.as_ref()?.output())).collect()
    }

    /// Sends the next connection to this one if it listens, and the following ones to the others in turn.
    pub(crate) fn prefer(&self, first: usize) {
        let order = (0..self.all.len()).map(|at| &self.all[(first + at) % self.all.len()].0);
        self.balancer.over(&order.collect::<Vec<_>>());
    }

    /// Sends every connection to this one.
    pub(crate) fn only(&self, at: usize) {
        self.balancer.over(&[&self.all[at].0]);
    }

    /// A browser that knows only the balancer.
    pub(crate) fn browser(&self) -> Browser {
        Browser::unsettled(&self.balancer.url, &self.tenant)
    }
}
