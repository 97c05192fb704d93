//! A factor on offer. A number that can be called as well as texted is one offer, whose page has a button for each.

use crate::factor::Factor;
use crate::mfa::Entry;

/// A factor that the person can add.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    factor: Factor,
    has_both_channels: bool,
}

impl Offer {
    /// The offers for these factors, in their order.
    pub(crate) fn all(factors: &[Factor]) -> Vec<Self> {
        let mut offers: Vec<Self> = Vec::new();
        for factor in factors {
            match offers.iter_mut().find(|offer| offer.factor.other_channel() == Some(*factor)) {
                Some(offer) => offer.has_both_channels = true,
                None => offers.push(Self { factor: *factor, has_both_channels: false }),
            }
        }
        offers
    }

    /// The one to add beside what protects already: the first of another kind that protects too.
    pub(crate) fn beside(offers: &[Self], entries: &[Entry]) -> Option<Self> {
        let is_there = |offer: &Self| entries.iter().any(|entry| entry.factor().is_akin(offer.factor));
        offers.iter().copied().find(|offer| offer.factor.protects() && !is_there(offer))
    }

    /// The factor whose page it leads to.
    pub(crate) fn slug(self) -> &'static str {
        self.factor.slug()
    }

    /// The ending of its message ids and the name of its picture: `totp`, `phone` (both channels), `sms`, …
    pub(crate) fn words(self) -> &'static str {
        if self.has_both_channels { "phone" } else { self.slug() }
    }
}
