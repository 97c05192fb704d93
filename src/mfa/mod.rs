//! The rules and the acts: everything that people do with their second factors. No HTTP and no pages in here; `web`
//! calls these functions with an [`Account`].

mod account;
mod act;
pub(crate) mod approval;
pub(crate) mod challenge;
pub(crate) mod disavowal;
pub(crate) mod enrollment;
mod entry;
pub(crate) mod limits;
pub(crate) mod live_sessions;
mod lock;
mod notices;
mod overview;
mod person;
pub(crate) mod phone_change;
pub(crate) mod proof;
pub(crate) mod recovery_code;
pub(crate) mod remembered;
pub(crate) mod removal;
pub(crate) mod replacement;
pub(crate) mod sign_in_limits;
mod tally;

pub(crate) use self::account::Account;
pub(crate) use self::entry::Entry;
pub use self::limits::table as limits;
pub use self::overview::{Overview, mask_fits};
pub(crate) use self::person::{Permission, Person};
pub use self::remembered::forget_person;
