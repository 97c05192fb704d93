//! The memory of the real process: nothing of a visit is left after it, and no other process may look.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::time::{Duration, Instant};

use memchr::memmem::Finder;

use super::Walk;
use crate::support::process::{Process, tenant};

/// How long the process may take to close the connections of a visit that is over.
const PATIENCE: Duration = Duration::from_secs(20);
/// Shorter ones, such as six digits, are found by chance.
const LONG: usize = 16;

/// Bytes of a page of memory.
const PAGE: usize = 4096;

/// The memory that the process may write to, where strings are, without pages of zeros: an allocator reserves a thousand
/// times what it uses.
fn memory(process: &Process) -> io::Result<Vec<Vec<u8>>> {
    let maps = fs::read_to_string(format!("/proc/{}/maps", process.id()))?;
    let memory = File::open(format!("/proc/{}/mem", process.id()))?;
    let writable = maps.lines().filter(|line| line.contains(" rw") && !line.ends_with(".db-shm"));
    let regions = writable.map(|line| {
        let (from, to) = line.split(' ').next().and_then(|range| range.split_once('-')).unwrap();
        let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // A region may have been given back since.
        memory.read_exact_at(&mut bytes, from).map(|()| used(&bytes))
    });
    Ok(regions.filter_map(Result::ok).flatten().collect())
}

/// The runs of pages that hold something.
fn used(region: &[u8]) -> Vec<Vec<u8>> {
    let zeros = [0; PAGE];
    let pages: Vec<&[u8]> = region.chunks(PAGE).collect();
    let runs = pages.split(|page| **page == zeros[..page.len()]);
    runs.filter(|run| !run.is_empty()).map(<[&[u8]]>::concat).collect()
}

/// How often each secret is in the memory, by its name.
fn copies(regions: &[Vec<u8>], secrets: &BTreeMap<String, String>) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (secret, name) in secrets {
        let finder = Finder::new(secret);
        let count: usize = regions.iter().map(|region| finder.find_iter(region).count()).sum();
        if count > 0 {
            *found.entry(name.clone()).or_default() += count;
        }
    }
    found
}

// K-04
#[tokio::test(flavor = "multi_thread")]
async fn the_memory_holds_no_secret_of_a_visit_that_is_over() {
    let walk = Walk::through_everything(&[]).await;
    let is_own = |name: &str| ["client secret", "sealing key"].contains(&name);
    let long = walk.canaries().into_iter().filter(|(secret, _)| secret.len() >= LONG);
    let (own, of_the_visit): (BTreeMap<_, _>, BTreeMap<_, _>) = long.partition(|(_, name)| is_own(name));
    let Walk { tenant, process, browser, .. } = walk;
    // Connections that stay open keep their buffers.
    drop(browser);
    tenant.stop().await;
    let begun = Instant::now();
    loop {
        let regions = match memory(&process) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return println!("only root may look into the process, as promised: {error}");
            }
            regions => regions.unwrap(),
        };
        assert!(!copies(&regions, &own).is_empty(), "the search does not even find the portal's own secrets");
        let left = copies(&regions, &of_the_visit);
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "copies left: {left:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

// K-04
#[tokio::test]
async fn the_process_writes_no_core_dump_and_belongs_to_root_alone() {
    let tenant = tenant().await;
    // A process of root's own belongs to root anyway, so another user runs it, who may read its folder all the same.
    let other_user: &[&str] = match fs::metadata("/proc/self").unwrap().uid() {
        0 => &[
            "setpriv",
            "--reuid=65534",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
        ],
        _ => &[],
    };
    let process = Process::start_under(other_user, &tenant, &[("SESSION_STORE", "memory:")]);
    let limits = fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let values: Vec<&str> = line.split_whitespace().skip(4).take(2).collect();
    assert_eq!(values, ["0", "0"], "{line}");
    let owner = fs::metadata(format!("/proc/{}/mem", process.id())).unwrap().uid();
    assert_eq!(owner, 0, "a process that is not dumpable gives its files to root (proc(5))");
}
