//! Sign-ins that the tenant refuses: anybody can cause them, so they are logged once a second at most.

use time::Duration;

use super::ALEX;
use crate::support::{Browser, Log, World};

const LINE: &str = "sign-in refused by the tenant";

/// Signs in in vain this often, with a new browser each time or one for all.
async fn refused(world: &World, times: usize, anew: bool) {
    let mut browser = world.browser();
    for _ in 0..times {
        if anew {
            browser = world.browser();
        }
        refused_once(&mut browser).await;
    }
}

async fn refused_once(browser: &mut Browser) {
    browser.open("/sign-in").await;
    browser.pass_sign_in(ALEX).await;
    assert_eq!(browser.page.path(), "/callback", "{}", browser.page.text());
}

fn lines(log: &Log) -> Vec<String> {
    log.text().lines().filter(|line| line.contains(LINE)).map(ToOwned::to_owned).collect()
}

fn refuse_as(world: &World, error: &str, description: &str) {
    let refusal = (error.to_owned(), description.to_owned());
    world.tenant.configure(|settings| settings.authorize_error = Some(refusal));
}

#[tokio::test]
async fn refused_sign_ins_are_one_log_line_a_second_with_their_number() {
    for (error, anew) in [("access_denied", false), ("access_denied", true), ("server_error", false)] {
        let (world, log) = (World::new().await, Log::begin());
        refuse_as(&world, error, "no");
        refused(&world, 12, anew).await;
        let first = lines(&log);
        assert!(first.len() == 1 && first[0].contains("refusals=1"), "{error} {anew}: {first:?}");
        world.pass(Duration::seconds(1));
        refused(&world, 2, anew).await;
        let then = lines(&log);
        assert!(then.len() == 2 && then[1].contains("refusals=12"), "{error} {anew}: {then:?}");
        world.pass(Duration::minutes(1));
        refused(&world, 1, anew).await;
        let last = lines(&log);
        assert!(last.len() == 3 && last[2].contains("refusals=2"), "{error} {anew}: {last:?}");
    }
}

#[tokio::test]
async fn refusals_of_every_kind_share_the_line_of_a_second() {
    let (world, log) = (World::new().await, Log::begin());
    for error in ["access_denied", "unauthorized", "invalid_request", "temporarily_unavailable"] {
        for description in ["user is blocked", "User has canceled", "rate limit", "Service not found: x"] {
            refuse_as(&world, error, description);
            refused(&world, 1, true).await;
        }
    }
    assert_eq!(lines(&log).len(), 1, "{:?}", lines(&log));
}

#[tokio::test]
async fn a_refused_sign_in_is_logged_again_after_the_clock_was_set_back() {
    let (world, log) = (World::new().await, Log::begin());
    refuse_as(&world, "access_denied", "no");
    refused(&world, 3, false).await;
    world.set_ahead(-Duration::minutes(5));
    refused(&world, 3, false).await;
    let all = lines(&log);
    assert!(all.len() == 2 && all[1].contains("refusals=3"), "{all:?}");
}
