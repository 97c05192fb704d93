//! A notice is tried again under one Message-ID, and given up after a day.

use std::collections::BTreeSet;

use emulated_tenant::{Mail, Mood};
use time::Duration;

use super::{NEXT_ATTEMPT, Post};

// N-02
#[tokio::test]
async fn a_mail_is_sent_again_until_it_is_taken() {
    for mood in [Mood::Refuse(451), Mood::Absent, Mood::DieInData] {
        let post = Post::new().await;
        post.smtp.moods([mood; 4]);
        post.with_app().await;
        for _ in 0..6 {
            post.send().await;
            post.world.pass(NEXT_ATTEMPT);
        }
        assert_eq!(post.smtp.mails().len(), 2, "{mood:?}");
        assert!(post.smtp.mails().iter().all(|mail| mail.is_acknowledged));
    }
}

// N-02
#[tokio::test]
async fn a_lost_acknowledgement_is_repeated_under_one_message_id() {
    let post = Post::new().await;
    post.smtp.moods([Mood::DieAfterData; 2]);
    post.with_app().await;
    for _ in 0..4 {
        post.send().await;
        post.world.pass(NEXT_ATTEMPT);
    }
    let mails = post.smtp.mails();
    assert_eq!(mails.len(), 4);
    let ids: BTreeSet<String> = mails.iter().map(Mail::id).collect();
    assert_eq!(ids.len(), 2, "one for each change: {ids:?}");
}

// N-02
#[tokio::test]
async fn a_notice_is_given_up_after_a_day_and_told() {
    let post = Post::new().await;
    post.smtp.moods([Mood::Refuse(451); 100]);
    post.with_app().await;
    post.send().await;
    for _ in 0..30 {
        post.world.pass(Duration::HOUR);
        post.send().await;
    }
    let told = post.stream.wait(&["notice"], 2).await;
    assert!(told.iter().all(|line| line["reason"] == "undelivered"), "{told:?}");
    assert!(!post.stream.text().contains("example.com"));
    post.world.pass(Duration::DAY);
    post.send().await;
    assert!(post.smtp.mails().is_empty());
}

// N-02
#[tokio::test]
async fn another_replica_sends_what_a_dead_one_has_kept() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", directory.path().join("store.db").display());
    let post = Post::with(&[("session-store", &store)]).await;
    let url = post.smtp.url();
    let flags = [("session-store", store.as_str()), ("smtp-url", &url), ("mail-from", super::FROM)];
    let other = post.world.beside(&flags);
    post.with_app().await;
    other.send_notices().await.unwrap();
    assert!(post.smtp.mails().is_empty(), "the first attempt belongs to the process that kept it");
    post.world.pass(NEXT_ATTEMPT);
    other.send_notices().await.unwrap();
    assert_eq!(post.smtp.mails().len(), 2);
    post.send().await;
    post.world.pass(NEXT_ATTEMPT);
    post.send().await;
    assert_eq!(post.smtp.mails().len(), 2, "nothing is sent twice");
}
