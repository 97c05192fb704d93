//! Text message and phone call: a number is asked for, and a code is sent to it.

mod country;
mod doubt;
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
use super::series::Part;
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
    part: String,
    slug: &'static str,
    /// The other channel, when people may choose between message and call on this page.
    other: Option<&'static str>,
    /// The ending of its message ids: `phone` where both channels are to choose from.
    words: &'static str,
    countries: Vec<Country>,
    mistake: Option<String>,
    typed: String,
    /// The number that the next press adds whatever the doubt about it.
    anyway: Option<String>,
}

impl PhonePage {
    fn new(person: &Fresh<Add>, part: String, factor: Factor, country: Option<Region>) -> Self {
        let config = &person.app.config;
        let other = factor.other_channel().filter(|other| config.factors.contains(other));
        Self {
            page: person.page(),
            part,
            slug: factor.slug(),
            words: if other.is_some() { "phone" } else { factor.slug() },
            other: other.map(Factor::slug),
            countries: country::choice(config, &person.reader.words, country),
            mistake: None,
            typed: String::new(),
            anyway: None,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct PhoneForm {
    #[serde(default)]
    phone_number: String,
    #[serde(default)]
    country: String,
    /// The number about which the person was asked before.
    #[serde(default)]
    anyway: String,
}

pub(crate) async fn ask(
    factor: Factor,
    person: Fresh<Add>,
    Query(earlier): Query<EarlierEnrollment>,
    Extension(jar): Extension<CookieJar>,
) -> Result<PhonePage, Error> {
    let part = Part::First.words(&person, factor).await?;
    let (config, words) = (&person.app.config, &person.reader.words);
    let problem = person.problem();
    let mistake = problem.text(words);
    if !problem.typed.phone_number.is_empty() {
        let country = country::allowed(config, &problem.typed.country);
        let anyway = problem.doubted.clone();
        let typed = problem.typed.phone_number;
        return Ok(PhonePage { mistake, typed, anyway, ..PhonePage::new(&person, part, factor, country) });
    }
    if let Some(number) = sent::earlier_target(&person, factor, &earlier).await {
        let country =
            number::country(&number).filter(|it| country::allowed(config, &it.as_region_str()).is_some());
        let page = person.page_about(earlier.id());
        return Ok(PhonePage { page, typed: number, ..PhonePage::new(&person, part, factor, country) });
    }
    let draft = FormDraft::read(&person.app, &jar, &person.account.person);
    let locale = person.account.person.identity.locale.as_deref();
    let country = country::allowed(config, &draft.country);
    let country = country.or_else(|| country::preselected(config, words, locale));
    Ok(PhonePage { mistake, typed: draft.phone_number, ..PhonePage::new(&person, part, factor, country) })
}

pub(crate) async fn associate(
    factor: Factor,
    person: Fresh<Add>,
    CsrfChecked(form): CsrfChecked<PhoneForm>,
) -> Result<Redirect, Error> {
    let country = country::allowed(&person.app.config, &form.country);
    let problem = match number::parse(&person.app.config, &form.phone_number, country) {
        Ok(number) => match doubt(&person, factor, &number, &form.anyway).await? {
            Some(doubt) => FormProblem::doubt(doubt, number),
            None => match sent::start(&person, sent_to(factor, number)?).await {
                Err(Error::Tenant(error)) if error.refuses_target() => {
                    error.log();
                    FormProblem::mistake(Mistake::new("mistake-number-refused"))
                }
                started => return started,
            },
        },
        Err(mistake) => FormProblem::mistake(mistake),
    };
    let PhoneForm { phone_number, country, .. } = form;
    let problem = problem.with_typed(FormDraft { phone_number, country, ..FormDraft::default() });
    person.keep(problem, &person.paths().factor(factor.slug())).await
}

fn sent_to(factor: Factor, number: String) -> Result<Associate, Error> {
    Associate::sent_to(factor, number).ok_or(Error::NotFound)
}

/// The doubt about a number, unless the person was asked about it before.
async fn doubt(
    person: &Fresh<Add>,
    factor: Factor,
    number: &str,
    anyway: &str,
) -> Result<Option<Mistake>, Error> {
    if number == anyway { Ok(None) } else { doubt::about(&person.account, factor, number).await }
}
