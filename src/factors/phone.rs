//! Text message and phone call: a number is asked for, and a code is sent to it.

mod country;
mod number;

use self::country::Country;
pub(super) use self::number::spaced;

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use rlibphonenumber::Region;
use serde::Deserialize;

use super::sent::{self, Begun};
use crate::app::App;
use crate::draft::Draft;
use crate::error::Error;
use crate::factor::Factor;
use crate::form::Form;
use crate::mistake::Mistake;
use crate::page::Page;
use crate::session::Permission;
use crate::step_up::Fresh;
use crate::tenant::{Associate, Reason};

pub(super) fn router() -> Router<App> {
    Router::new().merge(router_of(Factor::Sms)).merge(router_of(Factor::Voice))
}

fn router_of(factor: Factor) -> Router<App> {
    let start = get(move |person, begun, jar| new(factor, person, begun, jar))
        .post(move |person, form| associate(factor, person, form));
    Router::new().route(&format!("/factors/{}", factor.slug()), start).merge(sent::router(factor))
}

#[derive(Template, WebTemplate)]
#[template(path = "factors/phone/new.html")]
struct NewPage {
    page: Page,
    slug: &'static str,
    /// The other channel, where people may choose between message and call on this page.
    other: Option<&'static str>,
    countries: Vec<Country>,
    mistake: Option<String>,
    typed: String,
}

impl NewPage {
    fn new(person: &Fresh, factor: Factor, country: Option<Region>) -> Self {
        let config = &person.app.config;
        Self {
            page: person.page(),
            slug: factor.slug(),
            other: factor.other_channel().filter(|other| config.factors.contains(other)).map(Factor::slug),
            countries: country::choice(config, &person.words, country),
            mistake: None,
            typed: String::new(),
        }
    }
}

#[derive(Deserialize)]
struct NumberForm {
    #[serde(default)]
    phone_number: String,
    #[serde(default)]
    country: String,
}

async fn new(
    factor: Factor,
    person: Fresh,
    Query(begun): Query<Begun>,
    jar: CookieJar,
) -> Result<NewPage, Error> {
    person.must(Permission::Add)?;
    let (config, locale) = (&person.app.config, person.person.identity.locale.as_deref());
    if let Some(number) = sent::before(&person, factor, &begun).await {
        let country =
            number::country(&number).filter(|it| country::allowed(config, &it.as_region_str()).is_some());
        return Ok(NewPage { typed: number, ..NewPage::new(&person, factor, country) });
    }
    let draft = Draft::read(&person.app, &jar);
    let country = country::allowed(config, &draft.country);
    let country = country.or_else(|| country::preselected(config, &person.words, locale));
    Ok(NewPage { typed: draft.phone_number, ..NewPage::new(&person, factor, country) })
}

async fn associate(factor: Factor, person: Fresh, Form(form): Form<NumberForm>) -> Result<Response, Error> {
    person.must(Permission::Add)?;
    let country = country::allowed(&person.app.config, &form.country);
    let again = |mistake: Mistake| {
        let mistake = Some(mistake.text(&person.words));
        let page =
            NewPage { mistake, typed: form.phone_number.clone(), ..NewPage::new(&person, factor, country) };
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let number = match number::parse(&person.app.config, &form.phone_number, country) {
        Ok(number) => number,
        Err(mistake) => return again(mistake),
    };
    let what = if factor == Factor::Voice { Associate::Voice(number) } else { Associate::Sms(number) };
    match sent::start(&person, what).await {
        Err(Error::Tenant(error)) if error.reason() == Some(Reason::InvalidNumber) => {
            error.log();
            again(Mistake::new("mistake-number-refused"))
        }
        started => Ok(started?.into_response()),
    }
}
