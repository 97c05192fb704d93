//! Typing a code: the steps that every factor with a code shares.

use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::next_page::NextPage;
use crate::error::{Error, Limited};
use crate::factor::Factor;
use crate::mfa::enrollment::{self, Confirmation, Decision};
use crate::mfa::{phone_change, replacement};
use crate::secret::Secret;
use crate::tenant::Reason;
use crate::web::extract::signed_in::{Add, Fresh};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::mistake::Mistake;
use crate::web::layout::notice::Notice;
use crate::web::request::deep_link::{Outcome, Status};

/// Auth0's codes have six digits, from apps and in messages alike.
const DIGITS: usize = 6;

/// The form with the code.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    pub(crate) code: String,
}

/// Ends the enrollment with the code, or leads back to the page on which it is typed.
pub(super) async fn confirm(
    person: &Fresh<Add>,
    factor: Factor,
    id: &str,
    form: CodeForm,
) -> Result<Response, Error> {
    let enrollment = enrollment::find(&person.account, factor, id).await?;
    let here = person.paths().enrollment(factor.slug(), id);
    let (problem, page) = match digits(&form.code) {
        Ok(code) => match enrollment::confirm(&person.account, &enrollment, code).await {
            Ok(Confirmation::Confirmed) => return Ok(added(person, factor).await?.into_response()),
            Ok(Confirmation::Refused(reason)) => {
                (FormProblem::refused_code(mistake(factor, reason), &person.problem()), here)
            }
            // The set-up was given up, so its page is gone.
            Err(error @ Error::TooMany(Limited::WrongCodes, _)) => {
                (FormProblem::limit(&error.explanation().1), person.paths().factor(factor.slug()))
            }
            Err(error) => return Err(error),
        },
        Err(mistake) => (FormProblem::misshapen_code(mistake, form.code), here),
    };
    Ok(person.keep(problem, &page).await?.into_response())
}

/// Says what was added, and goes on: to the removal of the old one that it replaces, if there is one.
pub(super) async fn added(person: &Fresh<Add>, factor: Factor) -> Result<NextPage, Error> {
    let notice = Notice::new(format!("notice-added-{}", factor.slug()));
    let outcome = Outcome::new(Status::Added, factor);
    phone_change::complete(&person.account).await;
    match replacement::replaced_by(&person.account, factor).await? {
        Some(old) => {
            person.leave(notice).await?;
            Ok(NextPage::on_the_way(person, person.paths().ask_remove(&old), outcome))
        }
        None => NextPage::after(person, notice, outcome).await,
    }
}

/// Gives the enrollment up, or says that it was added meanwhile.
pub(super) async fn cancel(person: &Fresh<Add>, factor: Factor, id: &str) -> Result<NextPage, Error> {
    let cancelled = async {
        let enrollment = enrollment::find(&person.account, factor, id).await?;
        enrollment::cancel(&person.account, &enrollment).await
    };
    match cancelled.await {
        Ok(Decision::Confirmed) => return added(person, factor).await,
        // It was cancelled, lapsed or finished before, or is nobody's, so there is nothing to give up.
        Ok(Decision::Cancelled) | Err(Error::SetUpEnded) => {}
        Err(error) => return Err(error),
    }
    replacement::give_up(&person.account).await?;
    NextPage::after(person, Notice::new("notice-cancelled").quiet(), Outcome::new(Status::Cancelled, factor))
        .await
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
pub(super) fn mistake(factor: Factor, reason: Reason) -> Mistake {
    match (reason, factor) {
        (Reason::TooManyWrong, _) => Mistake::new("mistake-code-too-many"),
        (Reason::CodeExpired, _) => Mistake::new("mistake-code-expired"),
        (_, Factor::Totp) => Mistake::new("mistake-code-wrong-totp"),
        _ => Mistake::new("mistake-code-wrong-sent"),
    }
}
