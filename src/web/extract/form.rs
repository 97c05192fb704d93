//! Submitted forms. [`CsrfChecked`] is a form that this site gave to this person.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::visit::Visit;
use crate::deadline;
use crate::error::Error;
use crate::i18n::visible::visible;
use crate::portal::App;
use crate::secret::Secret;

/// The longest body. Our longest form holds a few hundred bytes.
pub(crate) const MAX_BODY: usize = 16 * 1024;

/// The fields of a form whose synchronizer token is that of the person's session (OWASP, Cross-Site Request Forgery
/// Prevention). A layer has checked before that the request comes from this site (`web::routes`).
pub(crate) struct CsrfChecked<T>(pub(crate) T);

/// The fields of a form without a token, for the one request that comes before there is a session. It carries a proof
/// of its own (`hand_over`).
pub(crate) struct Unchecked<T>(pub(crate) T);

/// A form that has only a button.
#[derive(Deserialize)]
pub(crate) struct NoFields {}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf_token: String,
}

impl<T: DeserializeOwned> FromRequest<App> for CsrfChecked<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let (mut parts, body) = read(request).await?;
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let genuine = visit.person.as_ref().is_some_and(|person| carries(&body, &person.csrf_token));
        if !genuine {
            return Err(Error::ForeignForm);
        }
        deadline::begin_act().await;
        visit.forget_problem().await?;
        fields(&body).map(Self).ok_or(Error::BadForm)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Unchecked<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self, Error> {
        let (_, body) = read(request).await?;
        fields(&body).map(Self).ok_or(Error::BadForm)
    }
}

async fn read(request: Request) -> Result<(Parts, Bytes), Error> {
    let (parts, body) = request.into_parts();
    let is_form =
        parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value
                .split(';')
                .next()
                .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
        });
    if !is_form {
        return Err(Error::NotAForm);
    }
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| Error::TooLarge)?;
    Ok((parts, body))
}

/// Whether the form has this token, once.
#[must_use]
pub fn carries(body: &[u8], token: &Secret) -> bool {
    fields::<Token>(body).is_some_and(|form| token.matches(&form.csrf_token))
}

/// The fields of a form without invisible characters, unless a field is missing or repeated.
#[must_use]
pub fn fields<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let mut typed = form_urlencoded::Serializer::new(String::new());
    typed.extend_pairs(form_urlencoded::parse(body).map(|(name, value)| (name, visible(&value))));
    serde_urlencoded::from_str(&typed.finish()).ok()
}
