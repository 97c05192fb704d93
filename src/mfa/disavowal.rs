//! A person says of a change that it was not theirs: their visits here end, and the company is told.

use time::Duration;

use super::{enrollment, limits, live_sessions, lock, phone_change, replacement};
use crate::audit::{Event, Request};
use crate::deadline;
use crate::error::{Error, Limited};
use crate::outbox::{Kind, Link, Message, Recipient, change_id};
use crate::portal::App;
use crate::secret::Secret;
use crate::store::{Key, RecordKind};

/// How long a repeated press goes on with what the first one may have left. Later it would keep its person out.
const REPEATS: Duration = Duration::minutes(10);

/// When to try again while as many others as may look for unknown tokens at once.
const SOON: Duration = Duration::seconds(2);

/// The content behind the link with this token. Fails with [`Error::NotFound`] if nothing does, and refuses an unknown one
/// while others look for theirs.
pub(crate) async fn find(app: &App, token: &Secret) -> Result<Link, Error> {
    let Some(random) = Link::random_of(&app.store, token) else {
        let soon = app.clock.now() + SOON;
        let _turn = app.unknown_links.try_acquire().map_err(|_| Error::TooMany(Limited::Requests, soon))?;
        return Link::find(&app.store, token).await?.ok_or(Error::NotFound);
    };
    if limits::is_dead(app, random) {
        return Err(Error::NotFound);
    }
    let found = Link::find(&app.store, token).await?;
    if found.is_none() {
        limits::note_dead(app, random);
    }
    found.ok_or(Error::NotFound)
}

/// Ends the person's visits and what they were about to do, and tells of it: once, because a link that did more could
/// keep its person out. Fails with [`Error::NotFound`] if nothing stands behind the token.
pub(crate) async fn disavow(app: &App, request: &Request, token: &Secret) -> Result<(), Error> {
    // Before its turn too, so that a guessed token writes nothing.
    let Link { message, disavowed_at } = find(app, token).await?;
    // The store or the tenant may have failed after the first press.
    if let Some(at) = disavowed_at {
        return if app.clock.now() - at < REPEATS {
            enrollment::end_push_of(app, &message.sub).await
        } else {
            Ok(())
        };
    }
    deadline::begin_act().await;
    let turn = Key::random_id(RecordKind::Lock, token.expose());
    let disavow_in_turn = async {
        let link = Link::find(&app.store, token).await?.ok_or(Error::NotFound)?;
        if link.disavowed_at.is_some() { Ok(()) } else { disavow_link(app, request, link).await }
    };
    // Not briefly, because it waits for another lock.
    lock::with_lock(app, turn, Box::pin(disavow_in_turn)).await?;
    // The tenant may be slow, so it is asked outside the turn.
    enrollment::end_push_of(app, &message.sub).await
}

async fn disavow_link(app: &App, request: &Request, link: Link) -> Result<(), Error> {
    live_sessions::end_all(app, &link.message.sub).await?;
    let message = &link.message;
    let audit = &app.audit;
    if let Some(factor) = replacement::end_of(app, &message.sub).await? {
        let told = audit.line_in(Event::ReplacementEnded.succeeded(), request).with(factor);
        audit.tell(&audit.of_person(told, &message.sub));
    }
    if phone_change::end_of(app, &message.sub).await? {
        let told = audit.line_in(Event::PhoneChangeEnded.succeeded(), request);
        audit.tell(&audit.of_person(told, &message.sub));
    }
    let operation: Vec<&str> = message.operation.iter().map(String::as_str).collect();
    let told = audit.line_in(Event::Disavowed.succeeded(), request).with(message.factor);
    let told = audit.part_of(audit.of_person(told, &message.sub), &operation);
    if app.config.webhook.is_some() {
        let told = [message.operation.as_slice(), &["disavowed".to_owned()]].concat();
        let told = Message {
            kind: Kind::Disavowed,
            is_certain: true,
            change: change_id(&told),
            at: app.clock.now(),
            ..message.clone()
        };
        app.outbox.keep(&told, &[Recipient::Webhook]).await?;
    }
    // A process that dies here is told of twice rather than not at all.
    audit.tell(&told);
    link.disavow(&app.store).await?;
    Ok(())
}
