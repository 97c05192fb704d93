//! A person says of a change that it was not theirs: their visits here end, and the company is told.

use super::{live_sessions, phone_change};
use crate::audit::{Event, Request};
use crate::error::Error;
use crate::outbox::{Kind, Link, Message, Recipient, change_id};
use crate::portal::App;

/// Ends the person's visits and what they were about to do, and tells of it: once, because a link that did more could
/// keep its person out.
pub(crate) async fn disavow(app: &App, request: &Request, link: Link) -> Result<(), Error> {
    if link.disavowed_at.is_some() {
        return Ok(());
    }
    live_sessions::end_all(app, &link.message.sub).await?;
    phone_change::end_of(app, &link.message.sub).await?;
    let message = &link.message;
    let audit = &app.audit;
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
    link.disavow(&app.store).await?;
    audit.tell(&told);
    Ok(())
}
