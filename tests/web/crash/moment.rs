//! When the process dies: at any time after a click, or beside a certain call to the tenant, which may have worked on it
//! or not.

use std::time::Duration;

use emulated_tenant::{Fault, FaultKind, Faults, Gate};
use fastrand::Rng;

use super::walker::Click;

/// What a click takes on a busy machine, and what writing an answer down takes.
const CLICK: u64 = 60_000;
const WRITE: u64 = 6_000;

/// The moment of death.
#[derive(Clone)]
pub(crate) enum Moment {
    /// So many microseconds after the click.
    Sometime(u64),
    /// While the tenant has not yet worked on this call; it does so afterwards, or never.
    Asked(Call, bool),
    /// While the answer to this call is on its way.
    Answered(Call),
    /// So many microseconds after that answer was let go.
    Heard(Call, u64),
}

/// The n-th call below a path, counted from 0.
#[derive(Clone)]
pub(crate) struct Call {
    path: &'static str,
    nth: u32,
    gate: Gate,
}

impl Moment {
    /// Any moment of this click, rather one that changes something.
    pub(crate) fn of(click: &Click, rng: &mut Rng) -> Option<Self> {
        if rng.u8(..12) >= if click.is_post() { 8 } else { 2 } {
            return None;
        }
        let call = Call::of(click, rng);
        Some(match rng.u8(..6) {
            0 => Self::Sometime(rng.u64(..CLICK)),
            1 => Self::Asked(call, rng.bool()),
            2 => Self::Answered(call),
            _ => Self::Heard(call, rng.u64(..WRITE)),
        })
    }

    /// Prepares the tenant, and comes when it is time.
    pub(crate) async fn come(&self, faults: &Faults) {
        match self {
            Self::Sometime(micros) => pause(*micros).await,
            Self::Asked(call, _) => call.reached(faults, FaultKind::HoldRequest(call.gate.clone())).await,
            Self::Answered(call) => call.reached(faults, FaultKind::HoldAnswer(call.gate.clone())).await,
            Self::Heard(call, micros) => {
                call.reached(faults, FaultKind::HoldAnswer(call.gate.clone())).await;
                call.gate.open();
                pause(*micros).await;
            }
        }
    }

    /// Lets the tenant go on, for the process that waits for it may be another one.
    pub(crate) fn passes(&self) {
        match self {
            Self::Sometime(_) => {}
            Self::Asked(call, _) | Self::Answered(call) | Self::Heard(call, _) => call.gate.open(),
        }
    }

    /// Waits until the tenant has done what it does although its caller is dead.
    pub(crate) async fn is_over(&self, has_passed: bool) {
        if let Self::Asked(call, later) = self
            && (*later || has_passed)
        {
            call.gate.open();
            call.gate.left().await;
        }
    }
}

impl Call {
    /// A call that this click may make.
    fn of(click: &Click, rng: &mut Rng) -> Self {
        let path = click.path();
        let proves = path == "/callback" || path.ends_with("/confirm") && rng.bool();
        let (path, nth) = if proves { ("/oauth/token", 0) } else { ("/mfa/", rng.u32(..3) + rng.u32(..3)) };
        Self { path, nth, gate: Gate::new() }
    }

    async fn reached(&self, faults: &Faults, kind: FaultKind) {
        if self.nth > 0 {
            let earlier = FaultKind::Delay(Duration::ZERO);
            faults.inject(Fault::new("*", self.path, earlier).times(self.nth));
        }
        faults.inject(Fault::new("*", self.path, kind).times(1));
        self.gate.reached().await;
    }
}

/// Finer than the runtime's timer, which counts milliseconds.
async fn pause(micros: u64) {
    tokio::task::spawn_blocking(move || std::thread::sleep(Duration::from_micros(micros))).await.unwrap();
}
