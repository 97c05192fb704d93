//! Another code is asked for while the set-up is confirmed or given up.

use emulated_tenant::Factor;
use time::Duration;

use super::{hold, hold_second_list, sent, waits_for, with_code};
use crate::factors::{ANOTHER_CODE, CANCEL, CONFIRM, NOTHING, count, different_code, sent_code, start_sms};
use crate::support::{ASSOCIATE, LIST, TOKEN, World};

/// Wrong codes wait behind the right one, and so does the request for another code.
#[tokio::test]
async fn another_code_deletes_nothing_whose_code_is_being_shown() {
    for wrong in [0, 1, 3] {
        let world = World::new().await;
        let confirms = start_sms(&world, NOTHING).await;
        let mut other = confirms.tab();
        other.go(confirms.page.url.clone()).await;
        let resend = other.page.form(ANOTHER_CODE);
        world.pass(Duration::seconds(31));
        let code = sent_code(&world, NOTHING);
        let (right, wrong_one) = (with_code(&confirms, &code), with_code(&confirms, &different_code(&code)));
        let gate = hold(&world, "POST", TOKEN);
        let confirming = sent(confirms, right);
        gate.reached().await;
        let wrong_ones: Vec<_> = (0..wrong).map(|_| sent(other.tab(), wrong_one.clone())).collect();
        let resending = sent(other, resend);
        waits_for(&world, gate, &resending, &format!("{wrong} wrong ones")).await;
        let confirms = confirming.await.unwrap();
        assert!(confirms.page.text().contains("added"), "{wrong}: {}", confirms.page.text());
        for wrong_one in wrong_ones {
            wrong_one.await.unwrap();
        }
        let other = resending.await.unwrap();
        assert!(!other.page.buttons().contains(&CONFIRM.to_owned()), "{wrong}: {}", other.page.text());
        assert_eq!(count(&world, NOTHING, Factor::Sms, true), 1, "{wrong}");
        assert_eq!(world.devices(NOTHING).messages().len(), 1, "{wrong}: no other code is sent");
    }
}

/// The set-up is confirmed or given up while a second message is asked for: none is sent, and nothing is open again.
#[tokio::test]
async fn another_code_reopens_no_set_up_that_has_ended_meanwhile() {
    for (button, method, path) in [(CONFIRM, "POST", TOKEN), (CANCEL, "DELETE", LIST)] {
        let world = World::new().await;
        let browser = start_sms(&world, NOTHING).await;
        let (first, there, mut tab) = (sent_code(&world, NOTHING), browser.page.url.clone(), browser.tab());
        let (mut end, resend) = (browser.page.form(button), browser.page.form(ANOTHER_CODE));
        if button == CONFIRM {
            end.set("code", &first);
        }
        let mut again = with_code(&browser, &first);
        world.pass(Duration::seconds(31));
        let gate = hold(&world, method, path);
        let ending = sent(browser, end);
        gate.reached().await;
        let resending = sent(tab.tab(), resend);
        waits_for(&world, gate, &resending, button).await;
        ending.await.unwrap();
        resending.await.unwrap();
        let active = || count(&world, NOTHING, Factor::Sms, true);
        assert_eq!(active(), usize::from(button == CONFIRM), "{button}");
        assert_eq!(world.devices(NOTHING).messages().len(), 1, "{button}");
        tab.go(there).await;
        assert!(!tab.page.buttons().contains(&CONFIRM.to_owned()), "{button}: {}", tab.page.text());
        again.set("code", &sent_code(&world, NOTHING));
        tab.send(&again).await;
        assert_eq!(active(), usize::from(button == CONFIRM), "{button}");
    }
}

/// It ends once the second message is out.
#[tokio::test]
async fn a_cancellation_while_another_code_is_sent_gives_the_set_up_up() {
    for (method, path) in [("GET", LIST), ("POST", ASSOCIATE)] {
        let world = World::new().await;
        let browser = start_sms(&world, NOTHING).await;
        let (there, mut tab) = (browser.page.url.clone(), browser.tab());
        let (cancel, resend) = (browser.page.form(CANCEL), browser.page.form(ANOTHER_CODE));
        let mut again = with_code(&browser, "");
        world.pass(Duration::seconds(31));
        // One list is read before its turn.
        let gate = if method == "GET" { hold_second_list(&world) } else { hold(&world, method, path) };
        let resending = sent(browser, resend);
        gate.reached().await;
        let cancelling = sent(tab.tab(), cancel);
        waits_for(&world, gate, &cancelling, path).await;
        resending.await.unwrap();
        assert_eq!(cancelling.await.unwrap().page.path(), "/", "{path}");
        assert_eq!(count(&world, NOTHING, Factor::Sms, false), 0, "{path}");
        tab.go(there).await;
        assert_eq!(tab.page.status, 410, "{path}: {}", tab.page.text());
        again.set("code", &sent_code(&world, NOTHING));
        tab.send(&again).await;
        assert_eq!(count(&world, NOTHING, Factor::Sms, true), 0, "{path}");
    }
}
