//! Many changes, a mail server that refuses, hangs or dies at random, and two replicas of which one is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::time::Duration;

use emulated_tenant::{MailServer, Mood, Person};
use tokio::time::sleep;

use super::{FROM, NEXT_ATTEMPT, Post};
use crate::support::World;
use crate::support::process::in_memory;

const MOODS: [Mood; 5] = [Mood::Refuse(451), Mood::Absent, Mood::Hang, Mood::DieAfterData, Mood::DieInData];

/// Each of them makes two changes: an app and a recovery code. FULL=1 makes 300 changes.
fn people() -> usize {
    if env::var("FULL").is_ok_and(|full| full == "1") { 150 } else { 25 }
}

// N-02
#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_told_under_one_message_id_whatever_fails() {
    let directory = in_memory();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let post = Post::with(&[("session-store", &store), ("limits", "off")]).await;
    let url = post.smtp.url();
    let flags = [("session-store", store.as_str()), ("smtp-url", &url), ("mail-from", FROM)];
    let mut other = Some(post.world.beside(&flags));
    let mut random = fastrand::Rng::with_seed(16);
    let addresses: Vec<String> = (0..people()).map(|at| format!("storm{at}@example.com")).collect();
    post.smtp.moods((0..4 * people()).map(|_| random.choice(MOODS).unwrap()));
    for (at, address) in addresses.iter().enumerate() {
        post.world.tenant.add_person(Person::new("Sturm", address));
        post.add_app(address).await;
        let sender = other.as_ref().filter(|_| random.bool()).unwrap_or(&post.world);
        interrupted(sender, &post.smtp, &mut random).await;
        post.world.pass(NEXT_ATTEMPT);
        if at == people() / 2 {
            other = None;
        }
    }
    while post.smtp.moods_left() > 0 {
        interrupted(&post.world, &post.smtp, &mut random).await;
        post.world.pass(NEXT_ATTEMPT);
    }
    for _ in 0..10 {
        post.send().await;
        post.world.pass(time::Duration::HOUR);
    }
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut acknowledged = BTreeSet::new();
    for mail in post.smtp.mails() {
        ids.entry(mail.to.clone()).or_default().insert(mail.id());
        acknowledged.extend(mail.is_acknowledged.then(|| mail.id()));
    }
    assert_eq!(ids.keys().cloned().collect::<BTreeSet<_>>(), addresses.into_iter().collect());
    assert!(ids.values().all(|ids| ids.len() == 2), "one id for each change: {ids:#?}");
    assert_eq!(acknowledged, ids.into_values().flatten().collect());
}

/// Sends, and stops in the middle as if the process had died: after a few of the server's fates, or when it hangs. So a
/// slow machine gets as far as a fast one.
async fn interrupted(world: &World, smtp: &MailServer, random: &mut fastrand::Rng) {
    let left = smtp.moods_left().saturating_sub(random.usize(1..20));
    let hung = smtp.hung();
    let further = Duration::from_millis(random.u64(0..20));
    let death = async {
        while smtp.moods_left() > left && smtp.hung() == hung {
            sleep(Duration::from_millis(1)).await;
        }
        sleep(further).await;
    };
    tokio::select! {
        sent = world.send_notices() => sent.unwrap(),
        () = death => {}
    }
}
