//! Counts requests by route and status. A route's handles are made with its first request, and kept.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use axum::http::Method;
use metrics::{Counter, Histogram};

use crate::metrics::{HTTP_REQUESTS, HTTP_SECONDS};

/// The statuses of our answers. The first ones are there from a route's first request, at zero.
const STATUSES: [u16; 16] = [200, 303, 500, 502, 503, 504, 304, 400, 403, 404, 405, 409, 410, 413, 422, 429];
const FROM_THE_START: usize = 6;

struct Handles {
    seconds: Histogram,
    statuses: [OnceLock<Counter>; STATUSES.len()],
}

impl Handles {
    fn new(route: &str, method: &str) -> Self {
        let handles =
            Self { seconds: HTTP_SECONDS.histogram(&[route, method]), statuses: Default::default() };
        for status in &STATUSES[..FROM_THE_START] {
            handles.count(route, method, *status, 0);
        }
        handles
    }

    fn count(&self, route: &str, method: &str, status: u16, by: u64) {
        let counter = || HTTP_REQUESTS.counter(&[route, method, &status.to_string()]);
        match STATUSES.iter().position(|it| *it == status) {
            Some(at) => self.statuses[at].get_or_init(counter).increment(by),
            None => counter().increment(by),
        }
    }
}

type Routes = HashMap<&'static str, HashMap<String, Arc<Handles>>>;

static ROUTES: LazyLock<RwLock<Routes>> = LazyLock::new(RwLock::default);

/// Counts an answered request. `route` is one of ours, never an address, and `method` a [`label`].
pub(super) fn count(route: &str, method: &'static str, status: u16, took: Duration) {
    let handles = known(route, method).unwrap_or_else(|| {
        let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
        let of_method = routes.entry(method).or_default();
        of_method.entry(route.to_owned()).or_insert_with(|| Arc::new(Handles::new(route, method))).clone()
    });
    handles.count(route, method, status, 1);
    handles.seconds.record(took);
}

fn known(route: &str, method: &str) -> Option<Arc<Handles>> {
    let routes = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
    routes.get(method)?.get(route).cloned()
}

/// The method as a metric's label. An invented method must not become a time series of its own.
pub(super) fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
