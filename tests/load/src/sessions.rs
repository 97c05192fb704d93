//! Measures what sessions take: of the portal's memory, and of its store.

use std::fs;
use std::sync::Arc;

use anyhow::{Result, ensure};
use emulated_tenant::Person;
use tokio::task::JoinSet;

use crate::browser::Browser;
use crate::portal::Portal;
use crate::samples::Samples;
use crate::world::World;

/// Sign-ins before the first measurement. Connections and caches are there by then.
const WARM_UP: usize = 500;
const AT_ONCE: usize = 8;

/// Signs people in, and prints the growth for each of them.
pub(crate) async fn measure(portal: &Portal, world: &Arc<World>, count: usize) -> Result<()> {
    sign_in(world, 0..WARM_UP).await?;
    let (mut samples, before) = (Samples::default(), stored(portal)?);
    let first = samples.take(portal, world)?;
    sign_in(world, WARM_UP..WARM_UP + count).await?;
    let last = samples.take(portal, world)?;
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let each = |bytes: f64| bytes / count as f64 / 1024.0;
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let grown = (stored(portal)? - before) as f64;
    println!("{count} sessions: {:.2} KB of the store for each", each(grown));
    println!(
        "{:.2} KB of the portal's memory for each",
        each((last.memory - first.memory) * 1024.0 * 1024.0)
    );
    Ok(())
}

async fn sign_in(world: &Arc<World>, numbers: std::ops::Range<usize>) -> Result<()> {
    let mut under_way = JoinSet::new();
    for number in numbers {
        if under_way.len() >= AT_ONCE {
            under_way.join_next().await.transpose()?.transpose()?;
        }
        let world = world.clone();
        under_way.spawn(async move {
            let email = format!("session.{number}@load.example");
            world.tenant.add_person(Person::new("Somebody", &email));
            let page = Browser::new(world, &email, number)?.open("/").await?;
            ensure!(page.heading == "Two-step verification", "«{}»", page.heading);
            Ok(())
        });
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(())
}

/// The bytes in the store: those of Redis, or those of SQLite's files.
fn stored(portal: &Portal) -> Result<u64> {
    if let Some(redis) = &portal.redis {
        return redis.used_memory();
    }
    fs::read_dir(portal.directory.path())?.map(|file| Ok(file?.metadata()?.len())).sum()
}
