//! What was typed and is no secret, kept while the person signs in again: a number or an address, sealed in a cookie of
//! their own browser, so that it stands in no address and costs no store write.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::app::{App, Portal};
use crate::cookies;
use crate::error::{Error, Explanation};
use crate::intake::MAX_BODY;

/// As long as a sign-in may take.
const LIVES: Duration = Duration::minutes(10);
/// A cookie holds 4 KB; what is longer than this is no number and no address.
const MAX_TYPED: usize = 300;

/// The fields worth keeping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// As typed.
    pub phone_number: String,
    /// As chosen.
    pub country: String,
    /// As typed.
    pub email: String,
}

impl Draft {
    /// What this browser keeps.
    #[must_use]
    pub fn read(portal: &Portal, jar: &CookieJar) -> Self {
        let name = name(portal);
        let open = || {
            let sealed = URL_SAFE_NO_PAD.decode(jar.get(&name)?.value()).ok()?;
            serde_json::from_slice(&portal.keys.open(name.as_bytes(), &sealed)?).ok()
        };
        open().unwrap_or_default()
    }

    fn cookie(&self, portal: &Portal) -> Option<HeaderValue> {
        let long = [&self.phone_number, &self.country, &self.email].iter().any(|text| text.len() > MAX_TYPED);
        if long || *self == Self::default() {
            return None;
        }
        let name = name(portal);
        let sealed = portal.keys.seal(&portal.random, name.as_bytes(), serde_json::to_vec(self).ok()?)?;
        let cookie = cookies::cookie(&portal.config, name, URL_SAFE_NO_PAD.encode(sealed), LIVES);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// Keeps what was typed when a form is answered with «sign in first», and forgets it once a form got through.
pub async fn keep(
    State(app): State<App>,
    jar: CookieJar,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    if request.method().is_safe() {
        return Ok(next.run(request).await);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| Error::TooLarge)?;
    let mut response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let interrupted = response.extensions().get::<Explanation>().is_some_and(Explanation::is_sign_in_first);
    let cookie = if interrupted {
        serde_urlencoded::from_bytes::<Draft>(&body).ok().and_then(|draft| draft.cookie(&app))
    } else {
        let old = jar.get(&name(&app)).map(|_| cookies::deletion(&app.config, name(&app)).to_string());
        old.and_then(|old| HeaderValue::from_str(&old).ok())
    };
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn name(portal: &Portal) -> String {
    cookies::name(&portal.config, "draft")
}
