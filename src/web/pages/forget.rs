//! Forgetting what the portal remembers of a person, when they ask for it.

use axum::response::Redirect;

use crate::error::Error;
use crate::mfa::remembered;
use crate::web::extract::form::{CsrfChecked, NoFields};
use crate::web::extract::signed_in::{Fresh, NoScope, SignedIn};
use crate::web::layout::notice::Notice;

/// A sign-in in between comes back here by GET, and so does a frame's link; the button is on the list.
pub(crate) async fn show(person: SignedIn<NoScope>) -> Redirect {
    Redirect::to(&person.paths().list())
}

pub(crate) async fn forget(person: Fresh<NoScope>, _: CsrfChecked<NoFields>) -> Result<Redirect, Error> {
    remembered::forget(&person.account).await?;
    person.leave(Notice::new("notice-forgotten")).await?;
    Ok(Redirect::to(&person.paths().list()))
}
