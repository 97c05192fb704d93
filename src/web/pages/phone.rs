//! Text message and phone call: a number is asked for, and a code is sent to it.

mod country;
pub(crate) mod number;

use askama::Template;
use askama_web::WebTemplate;
use axum::Extension;
use axum::extract::Query;
use axum::response::Redirect;
use axum_extra::extract::CookieJar;
use rlibphonenumber::Region;
use serde::Deserialize;

use self::country::Country;
pub(super) use self::number::spaced;
use super::sent::{self, EarlierEnrollment};
use super::series::Step;
use crate::error::Error;
use crate::factor::Factor;
use crate::tenant::Associate;
use crate::web::extract::form::CsrfChecked;
use crate::web::extract::signed_in::{Add, Fresh};
use crate::web::layout::form_problem::FormProblem;
use crate::web::layout::mistake::Mistake;
use crate::web::layout::page::Page;
use crate::web::request::form_draft::FormDraft;

#[derive(Template, WebTemplate)]
#[template(path = "phone.html")]
pub(crate) struct PhonePage {
    page: Page,
    step: String,
    slug: &'static str,
    /// The other channel, when people may choose between message and call on this page.
    other: Option<&'static str>,
    countries: Vec<Country>,
    mistake: Option<String>,
    typed: String,
}

impl PhonePage {
    fn new(person: &Fresh<Add>, step: String, factor: Factor, country: Option<Region>) -> Self {
        let config = &person.app.config;
        let other = factor.other_channel().filter(|other| config.factors.contains(other));
        Self {
            page: person.page(),
            step,
            slug: factor.slug(),
            other: other.map(Factor::slug),
            countries: country::choice(config, &person.reader.words, country),
            mistake: None,
            typed: String::new(),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct PhoneForm {
    #[serde(default)]
    phone_number: String,
    #[serde(default)]
    country: String,
}

pub(crate) async fn ask(
    factor: Factor,
    person: Fresh<Add>,
    Query(earlier): Query<EarlierEnrollment>,
    Extension(jar): Extension<CookieJar>,
) -> Result<PhonePage, Error> {
    let step = Step::First.words(&person, factor).await?;
    let (config, words) = (&person.app.config, &person.reader.words);
    let problem = person.problem();
    let mistake = problem.text(words);
    if !problem.typed.phone_number.is_empty() {
        let country = country::allowed(config, &problem.typed.country);
        let typed = problem.typed.phone_number;
        return Ok(PhonePage { mistake, typed, ..PhonePage::new(&person, step, factor, country) });
    }
    if let Some(number) = sent::earlier_target(&person, factor, &earlier).await {
        let country =
            number::country(&number).filter(|it| country::allowed(config, &it.as_region_str()).is_some());
        let page = person.page_about(earlier.id());
        return Ok(PhonePage { page, typed: number, ..PhonePage::new(&person, step, factor, country) });
    }
    let draft = FormDraft::read(&person.app, &jar, &person.account.person).await;
    let locale = person.account.person.identity.locale.as_deref();
    let country = country::allowed(config, &draft.country);
    let country = country.or_else(|| country::preselected(config, words, locale));
    Ok(PhonePage { mistake, typed: draft.phone_number, ..PhonePage::new(&person, step, factor, country) })
}

pub(crate) async fn associate(
    factor: Factor,
    person: Fresh<Add>,
    CsrfChecked(form): CsrfChecked<PhoneForm>,
) -> Result<Redirect, Error> {
    let country = country::allowed(&person.app.config, &form.country);
    let mistake = match number::parse(&person.app.config, &form.phone_number, country) {
        Ok(number) => {
            let what = Associate::sent_to(factor, number).ok_or(Error::NotFound)?;
            match sent::start(&person, what).await {
                Err(Error::Tenant(error)) if error.refuses_target() => {
                    error.log();
                    Mistake::new("mistake-number-refused")
                }
                started => return started,
            }
        }
        Err(mistake) => mistake,
    };
    let PhoneForm { phone_number, country } = form;
    let problem = FormProblem::mistake(mistake);
    let problem = problem.with_typed(FormDraft { phone_number, country, ..FormDraft::default() });
    person.keep(problem, &person.paths().factor(factor.slug())).await
}
