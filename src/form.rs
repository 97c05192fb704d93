//! [`Form<T>`]: the fields of a form that this person was given by this site. They cannot be reached otherwise.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::Error;
use crate::intake::MAX_BODY;
use crate::step_up::Visit;

/// A checked form. Whether the request came from this site is checked before, for all routes at once (`app`).
pub struct Form<T>(pub T);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf_token: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let (mut parts, body) = read(request).await?;
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let genuine = visit.person.is_some_and(|person| {
            serde_urlencoded_from::<Token>(&body)
                .is_some_and(|form| person.csrf_token.matches(&form.csrf_token))
        });
        if !genuine {
            return Err(Error::ForeignForm);
        }
        serde_urlencoded_from(&body).map(Self).ok_or(Error::BadForm)
    }
}

/// The fields of a form without the person's token: for the one request that comes before there is a session. What it
/// carries is proof of its own (`hand_over`).
pub struct Fields<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Fields<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &App) -> Result<Self, Error> {
        let (_, body) = read(request).await?;
        serde_urlencoded_from(&body).map(Self).ok_or(Error::BadForm)
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

fn serde_urlencoded_from<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_urlencoded::from_bytes(body).ok()
}
