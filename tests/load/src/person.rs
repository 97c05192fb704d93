//! A virtual person's life: some thirty acts at random, then somebody else takes the place. Nobody signs out at the end.

use std::sync::Arc;

use anyhow::Result;

use crate::acts;
use crate::browser::Browser;
use crate::junk;
use crate::world::World;

const ACTS: usize = 30;
/// As many people share a place, one after the other.
const IDENTITIES: usize = 8;

/// One place after the other is taken, for as long as this runs.
pub(crate) async fn live(world: Arc<World>, slot: usize, slots: usize) {
    for life in 0.. {
        let number = slot + slots * (life % IDENTITIES);
        let email = format!("person.{number}@load.example");
        settle(&world, &email);
        let Ok(browser) = Browser::new(world.clone(), &email, number) else { return };
        for _ in 0..ACTS {
            if world.is_over() {
                return;
            }
            act(&browser).await;
        }
    }
}

/// Somebody with nothing enrolled.
fn settle(world: &World, email: &str) {
    let person = emulated_tenant::Person::new("Somebody", email);
    if world.tenant.change_person(email, |it| *it = person.clone()).is_none() {
        world.tenant.add_person(person);
    }
}

/// One act. What the tenant's trouble keeps from its end is not finished, and that is no mistake of the portal.
async fn act(browser: &Browser) {
    let (name, done): (&str, Result<()>) = match fastrand::u32(..100) {
        0..30 => ("look at the list", acts::look(browser).await),
        30..40 => ("add an app", acts::add_app(browser).await),
        40..46 => ("add a number", acts::add_sent(browser, "sms").await),
        46..52 => ("add an address", acts::add_sent(browser, "email").await),
        52..57 => ("mistype a code", acts::mistype(browser).await),
        57..62 => ("cancel a set-up", acts::cancel(browser).await),
        62..70 => ("try one out", acts::try_out(browser).await),
        70..75 => ("replace an app", acts::replace(browser).await),
        75..81 => ("remove one", acts::remove(browser).await),
        81..84 => ("get a recovery code", acts::recovery_code(browser).await),
        84..88 => ("sign out", acts::sign_out(browser).await),
        88..91 => ("leave while it loads", junk::leave(browser).await),
        91..96 => ("ask for junk", junk::ask(browser).await),
        96..98 => ("speak junk", junk::speak(browser).await),
        _ => ("be slow", junk::be_slow(browser).await),
    };
    if !browser.world.is_over() {
        browser.world.record.act(name, &done);
    }
}
