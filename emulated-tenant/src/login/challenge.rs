//! The pages that ask for a second factor: which one, and its code or approval.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::password::StateQuery;
use super::{Chosen, Login};
use crate::answers::Answer;
use crate::authenticator::{Authenticator, Factor};
use crate::oob::OobAttempt;
use crate::pages::{found, page};
use crate::world::{Shared, World};

#[derive(Template)]
#[template(path = "choose.html")]
struct ChoosePage<'a> {
    state: &'a str,
    choices: Vec<Choice>,
}

/// A way to prove who one is.
struct Choice {
    id: String,
    label: &'static str,
    contact: String,
}

#[derive(Template)]
#[template(path = "challenge.html")]
struct ChallengePage<'a> {
    state: &'a str,
    email: &'a str,
    label: &'a str,
    instruction: String,
    push: bool,
    resendable: bool,
    error: Option<&'a str>,
}

/// What both pages send.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct ChallengeForm {
    state: String,
    /// The authenticator that is chosen.
    authenticator: Option<String>,
    code: String,
    /// `resend`, `other`, `cancel`; anything else continues.
    action: String,
}

/// `GET /u/challenge`: also looks whether a push notification was answered.
pub(crate) async fn show(State(shared): State<Shared>, Query(query): Query<StateQuery>) -> Response {
    let mut world = shared.world();
    let state = &query.state;
    match world.chosen(state) {
        Err(page) => *page,
        Ok(None) => world.choose_page(state),
        Ok(Some((_, authenticator))) if authenticator.factor == Factor::Push => world.try_proof(state, ""),
        Ok(Some((_, authenticator))) => world.challenge_page(state, &authenticator, None),
    }
}

/// `POST /u/challenge`
pub(crate) async fn submit(State(shared): State<Shared>, Form(form): Form<ChallengeForm>) -> Response {
    let mut world = shared.world();
    let state = &form.state;
    if let Some(id) = &form.authenticator {
        return world.choose(state, id);
    }
    let chosen = match world.chosen(state) {
        Err(page) => return *page,
        Ok(chosen) => chosen.map(|(chosen, _)| chosen.authenticator),
    };
    match (form.action.as_str(), chosen) {
        ("cancel", _) => world.cancel(state),
        ("resend", Some(id)) => world.choose(state, &id),
        ("other", _) | (_, None) => world.choose_page(state),
        _ => world.try_proof(state, form.code.trim()),
    }
}

impl World {
    /// On to the challenge; where there is one way only, it is taken at once.
    pub(crate) fn ask_for_challenge(&mut self, login: Login) -> Response {
        let ways = self.ways(login.sub.as_deref().unwrap_or_default());
        let state = self.keep_login(login);
        match ways.as_slice() {
            [only] | [only, Authenticator { factor: Factor::RecoveryCode, .. }] => {
                self.choose(&state, &only.id)
            }
            _ => found(&format!("/u/challenge?state={state}")),
        }
    }

    /// Every active authenticator, the recovery code last.
    fn ways(&self, sub: &str) -> Vec<Authenticator> {
        let all = self.person(sub).map(|person| person.authenticators.as_slice()).unwrap_or_default();
        let mut ways: Vec<_> = all.iter().filter(|one| one.active).cloned().collect();
        ways.sort_by_key(|one| (one.factor == Factor::RecoveryCode, one.factor == Factor::Email));
        ways
    }

    /// What the person has chosen, or nothing yet.
    fn chosen(&mut self, state: &str) -> Result<Option<(Chosen, Authenticator)>, Box<Response>> {
        let login = self.login(state)?.clone();
        let ways = self.ways(login.sub.as_deref().unwrap_or_default());
        Ok(login.chosen.and_then(|chosen| {
            let authenticator = ways.into_iter().find(|one| one.id == chosen.authenticator)?;
            Some((chosen, authenticator))
        }))
    }

    /// Sends what the authenticator needs and shows its page.
    fn choose(&mut self, state: &str, id: &str) -> Response {
        let sub = match self.login(state) {
            Ok(login) => login.sub.clone().unwrap_or_default(),
            Err(page) => return *page,
        };
        let Some(way) = self.ways(&sub).into_iter().find(|one| one.id == id) else {
            return self.choose_page(state);
        };
        if let Err(refusal) = self.count_message(&sub, way.factor) {
            return self.challenge_page(state, &way, Some(&refusal.description));
        }
        let oob_code = way.factor.channel().map(|_| self.start_oob(&sub, id, false));
        let until = self.now() + super::PATIENCE;
        if let Ok(login) = self.login(state) {
            login.chosen = Some(Chosen { authenticator: id.to_owned(), oob_code });
            login.expires_at = until;
        }
        found(&format!("/u/challenge?state={state}"))
    }

    /// Takes a code, or looks at the answer to a push notification.
    fn try_proof(&mut self, state: &str, code: &str) -> Response {
        let (sub, (chosen, way)) =
            match (self.login(state).map(|login| login.sub.clone()), self.chosen(state)) {
                (Err(page), _) | (_, Err(page)) => return *page,
                (_, Ok(None)) => return self.choose_page(state),
                (Ok(sub), Ok(Some(chosen))) => (sub.unwrap_or_default(), chosen),
            };
        match self.prove(&sub, &chosen, (&way, code, state)) {
            Ok(new_recovery_code) => self.challenge_passed(state, new_recovery_code),
            Err(refusal) if refusal.error == "authorization_pending" || refusal.error == "slow_down" => {
                self.challenge_page(state, &way, None)
            }
            Err(refusal) => self.challenge_page(state, &way, Some(&refusal.description)),
        }
    }

    /// The new recovery code, where one was used.
    fn prove(
        &mut self,
        sub: &str,
        chosen: &Chosen,
        (way, code, session): (&Authenticator, &str, &str),
    ) -> Result<Option<String>, Answer> {
        match way.factor {
            Factor::Totp => self.prove_otp(sub, code, |app| app.active).map(|_| None),
            Factor::RecoveryCode => self.prove_recovery_code(sub, &code.replace([' ', '-'], "")).map(Some),
            Factor::Sms | Factor::Voice | Factor::Email if code.is_empty() => {
                Err(Answer::invalid("Enter the code."))
            }
            _ => {
                let oob_code = chosen.oob_code.as_deref().unwrap_or_default();
                let binding_code = Some(code).filter(|code| !code.is_empty());
                self.finish_oob(&OobAttempt { sub, oob_code, binding_code, session }).map(|_| None)
            }
        }
    }

    fn challenge_passed(&mut self, state: &str, new_recovery_code: Option<String>) -> Response {
        let Some(mut login) = self.logins.remove(state) else { return self.cancel(state) };
        login.challenged = true;
        if new_recovery_code.is_none() {
            return self.complete(&login);
        }
        login.new_recovery_code = new_recovery_code;
        found(&format!("/u/recovery-code?state={}", self.keep_login(login)))
    }

    fn choose_page(&mut self, state: &str) -> Response {
        let sub = match self.login(state) {
            Ok(login) => login.sub.clone().unwrap_or_default(),
            Err(page) => return *page,
        };
        let choice = |way: Authenticator| Choice {
            contact: way.masked().unwrap_or_default(),
            label: way.factor.label(),
            id: way.id,
        };
        let choices = self.ways(&sub).into_iter().map(choice).collect();
        page(StatusCode::OK, &ChoosePage { state, choices })
    }

    fn challenge_page(&mut self, state: &str, way: &Authenticator, error: Option<&str>) -> Response {
        let sub = self.login(state).ok().and_then(|login| login.sub.clone()).unwrap_or_default();
        let email = self.person(&sub).map(|person| person.email.clone()).unwrap_or_default();
        let contact = way.masked().unwrap_or_default();
        let instruction = match way.factor {
            Factor::Totp => "Enter the code that your authenticator app shows.".to_owned(),
            Factor::Sms => format!("We have sent a text message with a code to {contact}."),
            Factor::Voice => format!("We are calling {contact} to tell you a code."),
            Factor::Email => format!("We have sent an e-mail with a code to {contact}."),
            Factor::Push => format!(
                "We have sent a notification to {contact}. This page looks by itself whether you have approved it."
            ),
            Factor::RecoveryCode => {
                "Enter the recovery code that you saved when you set up your second factor.".to_owned()
            }
        };
        let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        let push = way.factor == Factor::Push;
        let resendable = way.factor.channel().is_some();
        page(
            status,
            &ChallengePage {
                state,
                email: &email,
                label: way.factor.label(),
                instruction,
                push,
                resendable,
                error,
            },
        )
    }
}
