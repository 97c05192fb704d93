//! A phone approves in nobody's turn: its page waits for the cancellation beside it.

use emulated_tenant::{Factor, FaultKind, Gate};
use time::Duration;
use tokio::task::JoinHandle;

use super::{hold, sent, waits_for};
use crate::factors::push::start_push;
use crate::factors::{CANCEL, NOTHING, count};
use crate::support::{Browser, Form, LIST, TOKEN, World};

/// The waiting page of a push set-up that is given up in another tab, and its poll, which the tenant is looking at.
async fn polling(world: &World) -> (Browser, Form, Gate, JoinHandle<Browser>) {
    let mut looks = start_push(world, NOTHING).await;
    let mut cancels = looks.tab();
    cancels.go(looks.page.url.clone()).await;
    let cancel = cancels.page.form(CANCEL);
    world.pass(Duration::seconds(5));
    let gate = hold(world, "POST", TOKEN);
    let there = looks.page.url.clone();
    let looking = tokio::spawn(async move {
        looks.go(there).await;
        looks
    });
    gate.reached().await;
    (cancels, cancel, gate, looking)
}

/// A phone approves in nobody's turn, and its page waits for what the cancellation leaves.
#[tokio::test]
async fn an_approval_while_a_cancellation_deletes_says_that_the_set_up_ended() {
    let world = World::new().await;
    let (cancels, cancel, poll, looking) = polling(&world).await;
    let deletion = hold(&world, "DELETE", LIST);
    let cancelling = sent(cancels, cancel);
    deletion.reached().await;
    assert!(world.devices(NOTHING).approve_push());
    poll.open();
    poll.left().await;
    waits_for(&world, deletion, &looking, "approval").await;
    let (looks, cancels) = (looking.await.unwrap(), cancelling.await.unwrap());
    assert_eq!(looks.page.heading(), "This set-up has ended", "{}", looks.page.text());
    assert!(cancels.page.text().contains("Nothing was added"), "{}", cancels.page.text());
    assert_eq!(count(&world, NOTHING, Factor::Push, true), 0);
}

#[tokio::test]
async fn an_approval_that_an_unanswered_deletion_may_still_undo_is_called_unknown() {
    let world = World::new().await;
    let (cancels, cancel, poll, looking) = polling(&world).await;
    world.upset_always("DELETE", LIST, FaultKind::json(503, "{}"));
    sent(cancels, cancel).await.unwrap();
    assert!(world.devices(NOTHING).approve_push());
    poll.open();
    let looks = looking.await.unwrap();
    assert!(looks.page.text().contains("We do not know"), "{}", looks.page.text());
}

/// A tenant may take an approval only once it is asked.
#[tokio::test]
async fn a_set_up_that_is_being_given_up_is_asked_for_no_more() {
    let world = World::new().await;
    let mut looks = start_push(&world, NOTHING).await;
    let mut cancels = looks.tab();
    cancels.go(looks.page.url.clone()).await;
    let cancel = cancels.page.form(CANCEL);
    world.pass(Duration::seconds(5));
    let deletion = hold(&world, "DELETE", LIST);
    let cancelling = sent(cancels, cancel);
    deletion.reached().await;
    let there = looks.page.url.clone();
    let looking = tokio::spawn(async move {
        looks.go(there).await;
        looks
    });
    // The tenant is asked for nothing.
    waits_for(&world, deletion, &looking, "poll").await;
    cancelling.await.unwrap();
    assert_eq!(looking.await.unwrap().page.heading(), "This set-up has ended");
}

/// A tenant may take an approval unasked: what a cancellation then finds is added, and ends other sessions.
#[tokio::test]
async fn a_cancellation_that_finds_an_approval_ends_sessions_with_the_password_alone() {
    let world = World::new().await;
    let mut thief = world.signed_in(NOTHING).await;
    let owner = start_push(&world, NOTHING).await;
    let cancel = owner.page.form(CANCEL);
    world.tenant.change_person(NOTHING, |nora| {
        nora.authenticators.iter_mut().filter(|it| it.factor == Factor::Push).for_each(|it| it.active = true);
    });
    let mut owner = sent(owner, cancel).await.unwrap();
    assert_eq!(owner.open("/").await.path(), "/", "its session goes on");
    assert_eq!(count(&world, NOTHING, Factor::Push, true), 1);
    assert_ne!(thief.open("/").await.heading(), "Two-step verification");
}
