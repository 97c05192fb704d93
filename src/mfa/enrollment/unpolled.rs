//! An enrollment whose page polls no more: the phone may approve it all the same. In place of the page, the list is asked
//! what became of it before the person is told.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Enrollment;
use crate::mfa::notices::Notice;
use crate::mfa::{Account, approval};
use crate::portal::{App, Portal};
use crate::store::{Error, Key, RecordKind};
use crate::tenant::{self, AuthenticatorId, MfaToken};

/// The means to ask the list, kept no longer than the token is good.
#[derive(Serialize, Deserialize)]
struct Unpolled {
    token: MfaToken,
    ids: Vec<AuthenticatorId>,
    /// When the phone can approve no more.
    closes: OffsetDateTime,
}

/// What the list says of it.
enum Outcome {
    Approved,
    /// The phone may still approve.
    Open,
    Ended,
    Unknown,
}

/// Keeps what is needed to ask the list for the end of this enrollment, whose notice is kept. A failure is logged: the
/// person then hears that the change may have been made.
pub(super) async fn keep(account: &Account, enrollment: &Enrollment, notice: &Notice<'_>) {
    let Some(change) = notice.change() else { return };
    let portal = &account.portal;
    let unpolled = Unpolled {
        token: account.person.token.clone(),
        ids: enrollment.authenticators.clone(),
        closes: enrollment.sent_at + approval::REQUEST_LASTS,
    };
    let kept = portal.store.insert(key(portal, change), &unpolled, account.person.left(&portal.clock));
    if let Err(error) = kept.await {
        tracing::warn!(%error, "approval without a page will not be looked for");
    }
}

/// Tells of a change that was about to be made and whose end nobody has told: as made or not made where the list shows
/// it, and else as one that may have been made.
pub(crate) async fn settle(app: &App, change: &str) -> Result<(), Error> {
    let outbox = &app.outbox;
    if !outbox.is_in_doubt(change).await? {
        return Ok(());
    }
    let unpolled: Option<Unpolled> = app.store.get(key(app, change)).await?;
    let Some(unpolled) = unpolled else { return outbox.tell_doubt(change).await };
    match unpolled.outcome(app).await {
        Outcome::Approved => outbox.confirm(change).await.map(drop),
        Outcome::Open => outbox.put_off(change).await,
        Outcome::Ended => outbox.forget(change).await,
        Outcome::Unknown => outbox.tell_doubt(change).await,
    }
}

impl Unpolled {
    async fn outcome(&self, app: &App) -> Outcome {
        let listed = app.tenant.authenticators(&self.token).await.inspect_err(tenant::Error::log);
        let Ok(listed) = listed else { return Outcome::Unknown };
        let mut own = listed.iter().filter(|it| self.ids.contains(&it.id));
        if own.any(|it| it.active) {
            Outcome::Approved
        } else if self.ids.is_empty() {
            Outcome::Unknown
        } else if app.clock.now() < self.closes {
            Outcome::Open
        } else {
            Outcome::Ended
        }
    }
}

fn key(portal: &Portal, change: &str) -> Key {
    portal.store.key_of(RecordKind::Outbox, &["unpolled", change])
}
