//! PROOF: the proof of identity that a change needs.

/// The proof that a change needs of somebody whom a factor protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofPolicy {
    /// By a factor, as the ID token says (Auth0, Configure Step-up Authentication for Web Apps).
    Factor,
    /// By a factor, and a sign-in within the last ten minutes.
    Recent,
    /// A password's is enough, for tenants whose ID tokens never say that a factor was used.
    Any,
}

impl ProofPolicy {
    /// The policy that a value of PROOF names; clap accepts no other value.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "recent" => Self::Recent,
            "any" => Self::Any,
            _ => Self::Factor,
        }
    }
}
