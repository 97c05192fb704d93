//! Typing a code: the steps that every factor with a code shares.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::next_page::NextPage;
use crate::error::Error;
use crate::factor::Factor;
use crate::mfa::enrollment::{self, Confirmation, Enrollment};
use crate::mfa::replacement;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::tenant::Reason;
use crate::web::extract::signed_in::{Add, Fresh};
use crate::web::layout::mistake::Mistake;
use crate::web::layout::notice::Notice;
use crate::web::layout::page::Page;
use crate::web::request::deep_link::{Outcome, Status};

/// Auth0's codes have six digits, from apps and in messages alike.
const DIGITS: usize = 6;

/// The form with the code.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    pub(crate) code: String,
}

/// A page with the code's field again: its mistake, and the code as typed.
pub(super) struct Again {
    pub(super) mistake: Option<String>,
    pub(super) typed: String,
}

/// Ends the enrollment with the code, or answers with the page that `draw` draws again.
pub(super) async fn confirm<P: IntoResponse>(
    person: &Fresh<Add>,
    factor: Factor,
    id: &str,
    form: CodeForm,
    draw: impl FnOnce(Page, &Enrollment, Again) -> Result<P, Error>,
) -> Result<Response, Error> {
    let enrollment = enrollment::find(&person.account, factor, id).await?;
    let mistake = match digits(&form.code) {
        Ok(code) => match enrollment::confirm(&person.account, &enrollment, code).await? {
            Confirmation::Confirmed => return Ok(added(person, factor).await?.into_response()),
            Confirmation::Refused(reason) => mistake(&person.app, factor, reason),
        },
        Err(mistake) => mistake,
    };
    let again = Again { mistake: Some(mistake.text(&person.reader.words)), typed: form.code };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(person.page(), &enrollment, again)?).into_response())
}

/// Says what was added, and goes on: to the removal of the old one that it replaces, if there is one.
pub(super) async fn added(person: &Fresh<Add>, factor: Factor) -> Result<NextPage, Error> {
    let notice = Notice::new(format!("notice-added-{}", factor.slug()));
    let outcome = Outcome::new(Status::Added, factor);
    match replacement::replaced_by(&person.account, factor).await? {
        Some(old) => {
            person.leave(notice).await?;
            Ok(NextPage::on_the_way(person, person.paths().ask_remove(&old), outcome))
        }
        None => NextPage::after(person, notice, outcome).await,
    }
}

/// Gives the enrollment up.
pub(super) async fn cancel(person: &Fresh<Add>, factor: Factor, id: &str) -> Result<NextPage, Error> {
    match enrollment::find(&person.account, factor, id).await {
        Ok(enrollment) => enrollment::cancel(&person.account, &enrollment).await?,
        // It was cancelled, lapsed or finished before, so there is nothing to give up.
        Err(Error::SetUpEnded) => {}
        Err(error) => return Err(error),
    }
    replacement::forget(&person.account).await?;
    NextPage::after(person, Notice::new("notice-cancelled"), Outcome::new(Status::Cancelled, factor)).await
}

/// The code's digits. Spaces and dashes come along when a code is pasted.
pub fn digits(typed: &str) -> Result<Secret, Mistake> {
    let bare = typed.chars().filter(|c| !c.is_whitespace() && !"-‐‑–.".contains(*c));
    let bare: String = bare.map(western).collect();
    match bare.len() {
        0 => Err(Mistake::new("mistake-code-empty")),
        DIGITS if bare.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Secret::from(bare)),
        _ => Err(Mistake::new("mistake-code-shape")),
    }
}

/// A digit of an Arabic, Persian or Japanese keyboard as the tenant accepts it.
fn western(typed: char) -> char {
    let zeros = ['٠', '۰', '０'].map(u32::from);
    let digit = zeros.iter().find_map(|zero| char::from_digit(u32::from(typed).checked_sub(*zero)?, 10));
    digit.unwrap_or(typed)
}

/// The words for a refused code: its cause, and what to do.
pub(super) fn mistake(portal: &Portal, factor: Factor, reason: Reason) -> Mistake {
    match (reason, factor) {
        (Reason::TooManyWrong, _) => Mistake::new("mistake-code-too-many"),
        (Reason::CodeExpired, _) => Mistake::new("mistake-code-expired"),
        (_, Factor::Totp) => {
            let format = time::macros::format_description!("[hour]:[minute]:[second]");
            let now = portal.clock.now().format(&format).unwrap_or_default();
            Mistake::with("mistake-code-wrong-totp", "time", now)
        }
        _ => Mistake::new("mistake-code-wrong-sent"),
    }
}
