//! A pair: a page of the portal with one store, or of the floor, and the bare handler's page of the same size.

use std::time::Duration;

use anyhow::Context as _;

use super::allocations;
use super::drive::{Run, drive};
use super::page::Page;
use super::portal::Store;
use super::stand::{COUNTS, MOST, Sessions, Stand};

/// The measurements beside the bare handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Portal(Store),
    /// A lean program that does what a portal must.
    Floor,
    /// The bare handler with gzip.
    Packed,
}

/// The requests of both halves of a pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) page: Page,
    pub(super) subject: Subject,
    pub(super) authenticators: usize,
    pub(super) connections: usize,
    pub(super) is_packed: bool,
}

/// The measurements of a pair in one round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs {
    pub(super) portal: Run,
    pub(super) bare: Run,
}

impl Pair {
    /// All pairs, in the order of the table.
    pub(super) fn all() -> Vec<Self> {
        let list = Self {
            page: Page::List,
            subject: Subject::Portal(Store::Memory),
            authenticators: COUNTS[0],
            connections: 8,
            is_packed: false,
        };
        let mut pairs = Vec::new();
        for (connections, is_packed) in [(8, false), (8, true), (MOST, false), (MOST, true)] {
            let subject = if is_packed { Subject::Packed } else { Subject::Floor };
            pairs.push(Self { subject, connections, is_packed, ..list });
            for store in [Store::Memory, Store::Redis, Store::Sqlite] {
                pairs.push(Self { subject: Subject::Portal(store), connections, is_packed, ..list });
            }
        }
        pairs.extend(
            COUNTS[1..].iter().map(|authenticators| Self { authenticators: *authenticators, ..list }),
        );
        pairs.extend(
            Page::ALL.into_iter().filter(|page| *page != Page::List).map(|page| Self { page, ..list }),
        );
        pairs
    }

    /// The store of the portal, if it is one.
    pub(super) fn store(&self) -> Option<Store> {
        match self.subject {
            Subject::Portal(store) => Some(store),
            Subject::Floor | Subject::Packed => None,
        }
    }

    pub(super) fn name(&self) -> String {
        let Self { page, subject, authenticators, connections, is_packed } = self;
        let by = match subject {
            Subject::Portal(store) => format!("`{}`", store.name()),
            Subject::Floor => "the floor".to_owned(),
            Subject::Packed => "bare".to_owned(),
        };
        let of = if *page == Page::List { format!(" of {authenticators}") } else { String::new() };
        let packed = if *is_packed { ", gzip" } else { "" };
        format!("{}{of}, {by}, {connections} connections{packed}", page.name())
    }

    /// The name of its allocations, which are counted with `memory:`.
    pub(super) fn counted(&self) -> String {
        match self.subject {
            Subject::Portal(Store::Memory) => {
                allocations::name(self.page, self.authenticators, self.is_packed)
            }
            _ => String::new(),
        }
    }

    /// Drives both halves, one after the other.
    pub(super) async fn run(
        self,
        stand: &Stand,
        sessions: &Sessions,
        lasts: Duration,
        portal_first: bool,
    ) -> anyhow::Result<Runs> {
        let Self { page, subject, authenticators, connections, is_packed } = self;
        let (program, asks) = match subject {
            Subject::Portal(store) => {
                let asks = sessions.of_portal(stand, store, (authenticators, page, is_packed));
                (&stand.portal(store)?.process, asks)
            }
            Subject::Floor => (&stand.bare, sessions.of_bare("floor", page)),
            Subject::Packed => (&stand.bare, sessions.of_bare("gzip", page)),
        };
        let asks = asks.get(..connections).context("too few sessions")?;
        // Without gzip in every pair: that is what gzip costs the portal, too.
        let bare = sessions.of_bare("plain", page);
        let bare = bare.get(..connections).context("too few sessions")?;
        let first = if portal_first { Some(drive(program, asks, lasts).await?) } else { None };
        let bare = drive(&stand.bare, bare, lasts).await?;
        let portal = match first {
            Some(run) => run,
            None => drive(program, asks, lasts).await?,
        };
        Ok(Runs { portal, bare })
    }
}
