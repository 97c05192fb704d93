//! Shared by all tests: a world with a portal and a tenant in it, a browser, and the pages it sees.

mod balancer;
mod browser;
#[path = "../../built.rs"]
pub(crate) mod built;
pub(crate) mod canary;
pub(crate) mod distant;
mod log;
mod page;
pub(crate) mod process;
pub(crate) mod proxy;
pub(crate) mod raw;
pub(crate) mod redis;
pub(crate) mod redis_set;
pub(crate) mod replicas;
pub(crate) mod slots;
pub(crate) mod tls;
mod upset;
mod world;

pub(crate) use self::balancer::Balancer;
pub(crate) use self::browser::Browser;
pub(crate) use self::log::Log;
pub(crate) use self::page::{Form, Page, without_nonces};
pub(crate) use self::upset::{ASSOCIATE, LIST, TOKEN};
pub(crate) use self::world::World;
