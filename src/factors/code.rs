//! Typing a code: the same for every factor that has one.

use serde::Deserialize;

use crate::enrollment::{self, Enrollment};
use crate::errand::{Onwards, Outcome, Status};
use crate::error::Error;
use crate::factor::Factor;
use crate::mistake::Mistake;
use crate::notice::Notice;
use crate::secret::Secret;
use crate::session::Permission;
use crate::step_up::{Fresh, SignedIn};
use crate::tenant::Reason;

/// Codes of Auth0 have six digits, from apps and in messages alike.
const DIGITS: usize = 6;

/// The form with the code.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    pub(crate) code: String,
}

/// The form that has only a button.
#[derive(Deserialize)]
pub(super) struct ButtonForm {}

/// How a submitted code went.
pub(super) enum Confirmed {
    /// On to the next page.
    Done(Onwards),
    /// The same page again, with what is wrong.
    Again(Box<Enrollment>, Mistake),
}

/// The enrollment in the address, for a person who may add.
pub(super) async fn enrollment(person: &Fresh, factor: Factor, id: &str) -> Result<Enrollment, Error> {
    person.must(Permission::Add)?;
    person.enrollments().find(factor, id).await
}

/// Ends the enrollment with the code, or says why not.
pub(super) async fn confirm(
    person: &Fresh,
    factor: Factor,
    id: &str,
    form: &CodeForm,
) -> Result<Confirmed, Error> {
    let enrollment = enrollment(person, factor, id).await?;
    let code = match digits(&form.code) {
        Ok(code) => code,
        Err(mistake) => return Ok(Confirmed::Again(Box::new(enrollment), mistake)),
    };
    match person.enrollments().confirm(&enrollment, code).await? {
        enrollment::Outcome::Confirmed => added(person, factor).await.map(Confirmed::Done),
        enrollment::Outcome::Not(reason) => {
            Ok(Confirmed::Again(Box::new(enrollment), why(person, factor, reason)))
        }
    }
}

/// Says what was added, and goes on: to the old one, where the new one replaces it.
pub(super) async fn added(person: &Fresh, factor: Factor) -> Result<Onwards, Error> {
    let notice = Notice::new(format!("notice-added-{}", factor.slug()));
    let outcome = Outcome::new(Status::Added, factor);
    match person.replaced_by(factor).await? {
        Some(old) => {
            person.leave(notice).await?;
            let id: String = url::form_urlencoded::byte_serialize(old.as_bytes()).collect();
            Ok(person.go_on(&format!("/authenticators/remove?id={id}"), outcome))
        }
        None => person.finish(notice, outcome).await,
    }
}

/// Gives the enrollment up.
pub(super) async fn cancel(person: &Fresh, factor: Factor, id: &str) -> Result<Onwards, Error> {
    match enrollment(person, factor, id).await {
        Ok(enrollment) => person.enrollments().cancel(&enrollment).await?,
        // Cancelled, lapsed or finished already: there is nothing to give up.
        Err(Error::SetUpEnded) => {}
        Err(error) => return Err(error),
    }
    person.forget_replacing().await?;
    person.finish(Notice::new("notice-cancelled"), Outcome::new(Status::Cancelled, factor)).await
}

/// The code's digits. Spaces and dashes come along when a code is pasted.
pub(crate) fn digits(typed: &str) -> Result<Secret, Mistake> {
    let bare = typed.chars().filter(|c| !c.is_whitespace() && !"-‐‑–.".contains(*c));
    let bare: String = bare.map(western).collect();
    match bare.len() {
        0 => Err(Mistake::new("mistake-code-empty")),
        DIGITS if bare.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Secret::from(bare)),
        _ => Err(Mistake::new("mistake-code-shape")),
    }
}

/// A digit of an Arabic, a Persian or a Japanese keyboard as the tenant understands it.
fn western(typed: char) -> char {
    let zeros = ['٠', '۰', '０'].map(u32::from);
    let digit = zeros.iter().find_map(|zero| char::from_digit(u32::from(typed).checked_sub(*zero)?, 10));
    digit.unwrap_or(typed)
}

/// What a refused code means, and what to do.
pub(crate) fn why(person: &SignedIn, factor: Factor, reason: Reason) -> Mistake {
    match (reason, factor) {
        (Reason::TooManyWrong, _) => Mistake::new("mistake-code-too-many"),
        (Reason::CodeExpired, _) => Mistake::new("mistake-code-expired"),
        (_, Factor::Totp) => {
            let format = time::macros::format_description!("[hour]:[minute]:[second]");
            let now = person.app.clock.now().format(&format).unwrap_or_default();
            Mistake::with("mistake-code-wrong-totp", "time", now)
        }
        _ => Mistake::new("mistake-code-wrong-sent"),
    }
}
