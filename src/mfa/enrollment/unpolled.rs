//! A push enrollment whose page polls no more: the phone may approve it all the same. In place of the page, the list is
//! asked what became of it before the person is told.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{Decision, Enrollment, decision, leftovers, own, pending};
use crate::audit::Event;
use crate::deadline;
use crate::error;
use crate::factor::Factor;
use crate::mfa::notices::Notice;
use crate::mfa::{Account, approval, live_sessions, removal};
use crate::outbox::change_id;
use crate::portal::{App, Portal};
use crate::store::{Error, Key, RecordKind};
use crate::tenant::{self, Associate, Authenticator, AuthenticatorId, MfaToken};

/// How often the tenant is asked to end a push enrollment: a link can be pressed again and again, without a session.
const ENDED_EVERY: Duration = Duration::seconds(3);

/// The means to ask the list, kept no longer than the token is good.
#[derive(Clone, Serialize, Deserialize)]
struct Unpolled {
    /// The enrollment's id.
    enrollment: String,
    token: MfaToken,
    /// Its authenticators; empty when the list after the start could not be read.
    ids: Vec<AuthenticatorId>,
    /// When the phone can approve no more.
    closes: OffsetDateTime,
    /// Until when the token is good.
    until: OffsetDateTime,
    sub: String,
    /// The operation in the audit stream.
    operation: String,
    /// Whether the set-up was given up, so that its authenticators are to be removed.
    is_given_up: bool,
}

/// Its end, as the list shows it.
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
    let left = account.person.left(&portal.clock);
    let unpolled = Unpolled {
        enrollment: enrollment.id.clone(),
        token: account.person.token.clone(),
        ids: enrollment.authenticators.clone(),
        closes: enrollment.sent_at + approval::REQUEST_LASTS,
        until: portal.clock.now() + left,
        sub: account.sub().to_owned(),
        operation: enrollment.operation().to_owned(),
        is_given_up: false,
    };
    let kept = portal.store.insert(key(portal, change), &unpolled, left);
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
    let Some(mut unpolled) = unpolled else { return outbox.tell_doubt(change).await };
    let listed = app.tenant.authenticators(&unpolled.token).await.inspect_err(tenant::Error::log).ok();
    unpolled.find_ids(app, listed.as_deref().unwrap_or_default()).await?;
    if unpolled.is_given_up {
        unpolled.remove_unfinished(app, listed.as_deref().unwrap_or_default()).await;
    }
    match unpolled.outcome(app, listed.as_deref()) {
        Outcome::Approved => {
            outbox.confirm(change).await?;
            unpolled.tell_confirmed(app).await?;
            live_sessions::end_unproved_of(app, &unpolled.sub).await?;
        }
        Outcome::Open => return outbox.put_off(change).await,
        Outcome::Ended => outbox.forget(change).await?,
        Outcome::Unknown => outbox.tell_doubt(change).await?,
    }
    app.store.remove(key(app, change)).await
}

/// Forgets what was kept of this enrollment, because its end is known.
pub(super) async fn forget(account: &Account, enrollment: &Enrollment) {
    if enrollment.what != Associate::Push {
        return;
    }
    let portal = &account.portal;
    if let Err(error) = portal.store.remove(key(portal, &change_of(&enrollment.id))).await {
        tracing::warn!(%error, "token of an ended set-up not forgotten before its time");
    }
}

/// Notes that this enrollment was given up although its authenticators may be left at the tenant, so that they are
/// removed later. A failure is logged.
pub(super) async fn give_up(account: &Account, enrollment: &Enrollment) {
    let portal = &account.portal;
    let key = key(portal, &change_of(&enrollment.id));
    let noted = async {
        let Some(mut unpolled): Option<Unpolled> = portal.store.get(key).await? else { return Ok(()) };
        unpolled.note_given_up(portal).await
    };
    if let Err::<(), Error>(error) = noted.await {
        tracing::warn!(%error, "leftovers of a set-up will not be removed by themselves");
    }
}

/// Gives up what a phone could still approve for the person with this `sub`, whose sessions have ended, as far as a token
/// for it is left. What the tenant does not remove now is tried again, with the next press or without one (`settle`).
pub(in crate::mfa) async fn end_push_of(app: &App, sub: &str) -> Result<(), error::Error> {
    let Some(pending) = pending::of(app, sub, Factor::Push).await? else { return Ok(()) };
    let key = key(app, &change_of(&pending.enrollment));
    let Some(mut unpolled): Option<Unpolled> = app.store.get(key).await? else { return Ok(()) };
    deadline::begin_act().await;
    let turn = app.store.key_of(RecordKind::CoolDown, &["end of push", &pending.enrollment]);
    if !app.store.insert(turn, &(), ENDED_EVERY).await? {
        return Ok(());
    }
    // A page that polls at this moment asks the list what is left.
    decision::decide_of(app, &pending.enrollment, Decision::Cancelled).await?;
    app.store.remove(super::key(&pending.enrollment)).await?;
    unpolled.note_given_up(app).await?;
    let listed = app.tenant.authenticators(&unpolled.token).await.inspect_err(tenant::Error::log);
    let listed = listed.unwrap_or_default();
    unpolled.find_ids(app, &listed).await?;
    unpolled.remove_unfinished(app, &listed).await;
    Ok(())
}

/// The id of the change that this enrollment would make.
fn change_of(id: &str) -> String {
    change_id(&["enrollment".to_owned(), id.to_owned()])
}

impl Unpolled {
    /// Takes its ids from this list, because the one after the start could not be read, and keeps them for later lists.
    async fn find_ids(&mut self, app: &App, listed: &[Authenticator]) -> Result<(), Error> {
        if self.ids.is_empty()
            && let Some(pending) = pending::of(app, &self.sub, Factor::Push).await?
            && pending.enrollment == self.enrollment
            && own::may_be_of_one(pending.candidates(listed))
        {
            self.ids = pending.candidates(listed).map(|it| it.id.clone()).collect();
            self.keep(app).await?;
        }
        Ok(())
    }

    async fn note_given_up(&mut self, app: &Portal) -> Result<(), Error> {
        self.is_given_up = true;
        self.keep(app).await
    }

    async fn keep(&self, app: &Portal) -> Result<(), Error> {
        let key = key(app, &change_of(&self.enrollment));
        app.store.replace(key, self, self.until - app.clock.now()).await.map(drop)
    }

    /// Removes its authenticators on this list that were not approved. A failure is logged.
    async fn remove_unfinished(&self, app: &App, listed: &[Authenticator]) {
        for left in listed.iter().filter(|it| !it.active && self.ids.contains(&it.id)) {
            let removed = removal::remove_unfinished(app, &self.sub, &self.token, &left.id).await;
            if let Err(error) = removed {
                leftovers::log(&error);
            }
        }
    }

    /// Tells the audit stream of an approval, unless a page has.
    async fn tell_confirmed(&self, app: &App) -> Result<(), Error> {
        let open: Option<Enrollment> = app.store.get(super::key(&self.enrollment)).await?;
        let is_finished = open.as_ref().is_some_and(|it| it.association.is_none() && it.ending.is_none());
        if is_finished || !decision::is_to_be_told(app, &self.enrollment).await {
            return Ok(());
        }
        let line = app.audit.line(Event::EnrollmentConfirmed.succeeded()).with(Factor::Push);
        let line = app.audit.of_person(line, &self.sub);
        let line = app.audit.part_of(line, &["enrollment", &self.operation]);
        // The record stays, because a page that comes back has more to do than to tell.
        app.audit.conclude(&line, open.and_then(|it| it.intent));
        Ok(())
    }

    fn is_closed(&self, app: &App) -> bool {
        app.clock.now() >= self.closes
    }

    fn outcome(&self, app: &App, listed: Option<&[Authenticator]>) -> Outcome {
        let Some(listed) = listed else { return Outcome::Unknown };
        let is_own = |it: &&Authenticator| it.factor == Factor::Push && self.ids.contains(&it.id);
        let own: Vec<_> = listed.iter().filter(is_own).collect();
        if own.iter().any(|it| it.active) {
            // One of several may be of another enrollment.
            if own.len() == 1 { Outcome::Approved } else { Outcome::Unknown }
        } else if self.ids.is_empty() {
            Outcome::Unknown
        } else if self.is_closed(app) {
            Outcome::Ended
        } else {
            Outcome::Open
        }
    }
}

fn key(portal: &Portal, change: &str) -> Key {
    portal.store.key_of(RecordKind::Outbox, &["unpolled", change])
}
