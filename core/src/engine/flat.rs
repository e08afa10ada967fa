//! The quick door for hosts that hand over their objects: a flat request, or none.

use super::Engine;
use crate::facts::Facts;
use crate::of_a_room::of_a_room;
use crate::wire::Detail;
use crate::wire::flat::{Flat, Keys};

impl Engine {
    of_a_room! {
        /// The keys of requests by number, for those who make flat ones.
        #[must_use]
        pub fn keys(&self) -> &Keys {
            &self.0.intake.ways().keys
        }
    }

    of_a_room! {
        /// The facts of a flat request, frozen, without their digest; and how much of the answer it asks for. Nothing if
        /// there is something unusual about it, be it right or wrong: then the request is to be read as a tree, which
        /// gives the same facts or says why there are none.
        #[must_use]
        pub fn read_flat(&self, flat: &Flat) -> Option<(Facts, Detail)> {
            self.0.intake.read_flat(flat)
        }
    }
}
