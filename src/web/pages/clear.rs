//! Clears enrollments that were never finished. They are counted, never named, because nothing tells one from another.

use axum::response::Redirect;

use crate::error::Error;
use crate::mfa::enrollment;
use crate::web::extract::form::{CsrfChecked, NoFields};
use crate::web::extract::signed_in::{Fresh, NoScope, Remove, SignedIn};
use crate::web::layout::notice::Notice;

/// A sign-in in between comes back here by GET; the button is on the list.
pub(crate) async fn show(person: SignedIn<NoScope>) -> Redirect {
    Redirect::to(&person.paths().list())
}

pub(crate) async fn clear(person: Fresh<Remove>, _: CsrfChecked<NoFields>) -> Result<Redirect, Error> {
    enrollment::clear_unfinished(&person.account).await?;
    person.leave(Notice::new("notice-cleared").quiet()).await?;
    Ok(Redirect::to(&person.paths().list()))
}
