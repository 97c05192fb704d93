//! The pages that ask for a second factor: first which one, then its code or approval.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{StateQuery, cancel, finish, login};
use crate::wire::page::{page, redirect};
use crate::wire::refusals::Refusal;
use crate::world::authenticator::{Authenticator, Factor};
use crate::world::login::{ChosenAuthenticator, Login, PAGE_TIMEOUT};
use crate::world::oob::OobAttempt;
use crate::world::{Shared, World};

#[derive(Template)]
#[template(path = "choose.html")]
struct ChoosePage<'a> {
    state: &'a str,
    choices: Vec<Choice>,
}

/// An authenticator that the person may choose.
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

/// The form of both pages.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct ChallengeForm {
    state: String,
    /// The id of the authenticator that the person chose.
    authenticator: Option<String>,
    code: String,
    /// `resend`, `other` or `cancel`; any other value submits the code.
    action: String,
}

/// `GET /u/challenge`; for a push notification, also checks for the answer.
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
        ("cancel", _) => cancel(&mut world, state),
        ("resend", Some(id)) => world.choose(state, &id),
        ("other", _) | (_, None) => world.choose_page(state),
        _ => world.try_proof(state, form.code.trim()),
    }
}

/// Starts the challenge of a sign-in; skips the choice if there is only one authenticator besides the recovery code.
pub(in crate::endpoints) fn start(world: &mut World, login: Login) -> Response {
    let choices = world.choices(login.sub.as_deref().unwrap_or_default());
    let state = world.save_login(login);
    match choices.as_slice() {
        [only] | [only, Authenticator { factor: Factor::RecoveryCode, .. }] => world.choose(&state, &only.id),
        _ => redirect(&format!("/u/challenge?state={state}")),
    }
}

impl World {
    /// Every active authenticator, the recovery code last and e-mail before it.
    fn choices(&self, sub: &str) -> Vec<Authenticator> {
        let all = self.person(sub).map(|person| person.authenticators.as_slice()).unwrap_or_default();
        let mut choices: Vec<_> = all.iter().filter(|one| one.active).cloned().collect();
        choices.sort_by_key(|one| (one.factor == Factor::RecoveryCode, one.factor == Factor::Email));
        choices
    }

    /// The authenticator that the person chose, if any.
    fn chosen(&mut self, state: &str) -> Result<Option<(ChosenAuthenticator, Authenticator)>, Box<Response>> {
        let login = login(self, state)?.clone();
        let choices = self.choices(login.sub.as_deref().unwrap_or_default());
        Ok(login.chosen.and_then(|chosen| {
            let authenticator = choices.into_iter().find(|one| one.id == chosen.authenticator)?;
            Some((chosen, authenticator))
        }))
    }

    /// Sends the message or push notification that the authenticator needs, and shows its page.
    fn choose(&mut self, state: &str, id: &str) -> Response {
        let sub = match login(self, state) {
            Ok(login) => login.sub.clone().unwrap_or_default(),
            Err(page) => return *page,
        };
        let Some(authenticator) = self.choices(&sub).into_iter().find(|one| one.id == id) else {
            return self.choose_page(state);
        };
        if let Err(refusal) = self.count_message(&sub, authenticator.factor) {
            return self.challenge_page(state, &authenticator, Some(&refusal.description));
        }
        let oob_code = authenticator.factor.channel().map(|_| self.start_oob(&sub, id, false));
        let until = self.now() + PAGE_TIMEOUT;
        if let Some(login) = self.login(state) {
            login.chosen = Some(ChosenAuthenticator { authenticator: id.to_owned(), oob_code });
            login.expires_at = until;
        }
        redirect(&format!("/u/challenge?state={state}"))
    }

    /// Checks a code, or the answer to a push notification.
    fn try_proof(&mut self, state: &str, code: &str) -> Response {
        let (sub, (chosen, authenticator)) =
            match (login(self, state).map(|login| login.sub.clone()), self.chosen(state)) {
                (Err(page), _) | (_, Err(page)) => return *page,
                (_, Ok(None)) => return self.choose_page(state),
                (Ok(sub), Ok(Some(chosen))) => (sub.unwrap_or_default(), chosen),
            };
        match self.prove(&sub, &chosen, (&authenticator, code, state)) {
            Ok(new_recovery_code) => self.challenge_passed(state, new_recovery_code),
            Err(refusal) if refusal.error == "authorization_pending" || refusal.error == "slow_down" => {
                self.challenge_page(state, &authenticator, None)
            }
            Err(refusal) => self.challenge_page(state, &authenticator, Some(&refusal.description)),
        }
    }

    /// Returns the new recovery code if one was used.
    fn prove(
        &mut self,
        sub: &str,
        chosen: &ChosenAuthenticator,
        (authenticator, code, session): (&Authenticator, &str, &str),
    ) -> Result<Option<String>, Refusal> {
        match authenticator.factor {
            Factor::Totp => self.prove_otp(sub, code, |app| app.active).map(|_| None),
            Factor::RecoveryCode => self.prove_recovery_code(sub, &code.replace([' ', '-'], "")).map(Some),
            Factor::Sms | Factor::Voice | Factor::Email if code.is_empty() => {
                Err(Refusal::invalid("Enter the code."))
            }
            _ => {
                let oob_code = chosen.oob_code.as_deref().unwrap_or_default();
                let binding_code = Some(code).filter(|code| !code.is_empty());
                self.finish_oob(&OobAttempt { sub, oob_code, binding_code, session }).map(|_| None)
            }
        }
    }

    fn challenge_passed(&mut self, state: &str, new_recovery_code: Option<String>) -> Response {
        let Some(mut login) = self.logins.remove(state) else { return cancel(self, state) };
        login.challenged = true;
        if new_recovery_code.is_none() {
            return finish(self, &login);
        }
        login.new_recovery_code = new_recovery_code;
        redirect(&format!("/u/recovery-code?state={}", self.save_login(login)))
    }

    fn choose_page(&mut self, state: &str) -> Response {
        let sub = match login(self, state) {
            Ok(login) => login.sub.clone().unwrap_or_default(),
            Err(page) => return *page,
        };
        let choice = |one: Authenticator| Choice {
            contact: one.masked().unwrap_or_default(),
            label: one.factor.label(),
            id: one.id,
        };
        let choices = self.choices(&sub).into_iter().map(choice).collect();
        page(StatusCode::OK, &ChoosePage { state, choices })
    }

    fn challenge_page(
        &mut self,
        state: &str,
        authenticator: &Authenticator,
        error: Option<&str>,
    ) -> Response {
        let sub = self.login(state).and_then(|login| login.sub.clone()).unwrap_or_default();
        let email = self.person(&sub).map(|person| person.email.clone()).unwrap_or_default();
        let contact = authenticator.masked().unwrap_or_default();
        let instruction = match authenticator.factor {
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
        let push = authenticator.factor == Factor::Push;
        let resendable = authenticator.factor.channel().is_some();
        page(
            status,
            &ChallengePage {
                state,
                email: &email,
                label: authenticator.factor.label(),
                instruction,
                push,
                resendable,
                error,
            },
        )
    }
}
