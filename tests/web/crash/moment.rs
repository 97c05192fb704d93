//! The moment at which the process dies: some time after a click, or before or after a certain call to the tenant.

use std::time::Duration;

use emulated_tenant::{Fault, FaultKind, Faults, Gate};
use fastrand::Rng;

use super::walker::Click;

/// Microseconds that a click, and storing an answer, take on a busy machine.
const CLICK: u64 = 60_000;
const WRITE: u64 = 6_000;

#[derive(Clone)]
pub(crate) enum Moment {
    /// Microseconds after the click.
    AfterClick(u64),
    /// Before the tenant processes this call; `true` if it does so afterwards.
    BeforeCall(Call, bool),
    /// Before the portal receives the answer to this call.
    BeforeAnswer(Call),
    /// Microseconds after the tenant sent its answer to this call.
    AfterAnswer(Call, u64),
}

/// The n-th call below a path, counted from 0.
#[derive(Clone)]
pub(crate) struct Call {
    path: &'static str,
    nth: u32,
    gate: Gate,
}

impl Moment {
    /// A random moment of this click, or none; more often one for a click that changes something.
    pub(crate) fn of(click: &Click, rng: &mut Rng) -> Option<Self> {
        if rng.u8(..12) >= if click.is_post() { 8 } else { 2 } {
            return None;
        }
        let call = Call::of(click, rng);
        Some(match rng.u8(..6) {
            0 => Self::AfterClick(rng.u64(..CLICK)),
            1 => Self::BeforeCall(call, rng.bool()),
            2 => Self::BeforeAnswer(call),
            _ => Self::AfterAnswer(call, rng.u64(..WRITE)),
        })
    }

    /// Injects the fault and returns when the process is to be killed.
    pub(crate) async fn wait_for(&self, faults: &Faults) {
        match self {
            Self::AfterClick(micros) => pause(*micros).await,
            Self::BeforeCall(call, _) => call.hold(faults, FaultKind::HoldRequest(call.gate.clone())).await,
            Self::BeforeAnswer(call) => call.hold(faults, FaultKind::HoldResponse(call.gate.clone())).await,
            Self::AfterAnswer(call, micros) => {
                call.hold(faults, FaultKind::HoldResponse(call.gate.clone())).await;
                call.gate.open();
                pause(*micros).await;
            }
        }
    }

    /// Lets the tenant answer, because another process may be waiting for it.
    pub(crate) fn release_tenant(&self) {
        match self {
            Self::AfterClick(_) => {}
            Self::BeforeCall(call, _) | Self::BeforeAnswer(call) | Self::AfterAnswer(call, _) => {
                call.gate.open();
            }
        }
    }

    /// Waits until the tenant has processed the call of its dead caller.
    pub(crate) async fn finish_call(&self, has_passed: bool) {
        if let Self::BeforeCall(call, later) = self
            && (*later || has_passed)
        {
            call.gate.open();
            call.gate.left().await;
        }
    }
}

impl Call {
    /// A random call that this click may make.
    fn of(click: &Click, rng: &mut Rng) -> Self {
        let path = click.path();
        let proves = path == "/callback" || path.ends_with("/confirm") && rng.bool();
        let (path, nth) = if proves { ("/oauth/token", 0) } else { ("/mfa/", rng.u32(..3) + rng.u32(..3)) };
        Self { path, nth, gate: Gate::new() }
    }

    async fn hold(&self, faults: &Faults, kind: FaultKind) {
        if self.nth > 0 {
            let earlier = FaultKind::Delay(Duration::ZERO);
            faults.inject(Fault::new("*", self.path, earlier).times(self.nth));
        }
        faults.inject(Fault::new("*", self.path, kind).times(1));
        self.gate.reached().await;
    }
}

/// Finer than tokio's timer, which counts milliseconds.
async fn pause(micros: u64) {
    tokio::task::spawn_blocking(move || std::thread::sleep(Duration::from_micros(micros))).await.unwrap();
}
