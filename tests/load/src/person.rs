//! Virtual people: each slot runs one person for thirty random acts, then the next, who leaves without signing out.

use std::sync::Arc;

use anyhow::Result;

use crate::acts;
use crate::browser::Browser;
use crate::junk;
use crate::world::World;

const ACTS_EACH: usize = 30;
const PEOPLE_PER_SLOT: usize = 8;

/// Runs the people of a slot one after the other, until the run is over.
pub(crate) async fn run_slot(world: Arc<World>, slot: usize, slots: usize) {
    for round in 0.. {
        let number = slot + slots * (round % PEOPLE_PER_SLOT);
        let email = format!("person.{number}@load.example");
        reset_person(&world, &email);
        let Ok(browser) = Browser::new(world.clone(), &email, number) else { return };
        for _ in 0..ACTS_EACH {
            if world.is_over() {
                return;
            }
            act(&browser).await;
        }
    }
}

/// Makes the person one with nothing enrolled.
fn reset_person(world: &World, email: &str) {
    let person = emulated_tenant::Person::new("Somebody", email);
    if world.tenant.change_person(email, |it| *it = person.clone()).is_none() {
        world.tenant.add_person(person);
    }
}

/// One random act. An act that the tenant's faults interrupt counts as unfinished, which is no failure of the portal.
async fn act(browser: &Browser) {
    let (name, done): (&str, Result<()>) = match fastrand::u32(..100) {
        0..30 => ("view the list", acts::view_list(browser).await),
        30..40 => ("add an app", acts::add_app(browser).await),
        40..46 => ("add a number", acts::add_sent(browser, "sms").await),
        46..52 => ("add an address", acts::add_sent(browser, "email").await),
        52..57 => ("mistype a code", acts::mistype_code(browser).await),
        57..62 => ("cancel a set-up", acts::cancel_set_up(browser).await),
        62..70 => ("try one out", acts::try_out(browser).await),
        70..75 => ("replace an app", acts::replace(browser).await),
        75..81 => ("remove one", acts::remove(browser).await),
        81..84 => ("get a recovery code", acts::renew_recovery_code(browser).await),
        84..88 => ("sign out", acts::sign_out(browser).await),
        88..91 => ("leave while it loads", junk::leave_early(browser).await),
        91..96 => ("request junk", junk::request_junk(browser).await),
        96..98 => ("send junk bytes", junk::send_junk_bytes(browser).await),
        _ => ("stall", junk::stall(browser).await),
    };
    if !browser.world.is_over() {
        browser.world.record.act(name, &done);
    }
}
