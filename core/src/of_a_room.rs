//! What belongs to a room although it stands on something that is promised: public under `unstable_rooms`, and otherwise for
//! this crate alone.

/// A function, or a struct whose fields are meant.
macro_rules! of_a_room {
    ($(#[$meta:meta])* pub fn $($rest:tt)*) => {
        #[cfg(feature = "unstable_rooms")]
        #[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))]
        $(#[$meta])*
        pub fn $($rest)*
        #[cfg(not(feature = "unstable_rooms"))]
        $(#[$meta])*
        pub(crate) fn $($rest)*
    };
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$about:meta])* pub $field:ident: $ty:ty,)* }) => {
        #[cfg(feature = "unstable_rooms")]
        $(#[$meta])*
        pub struct $name {
            $(#[cfg_attr(docsrs, doc(cfg(feature = "unstable_rooms")))] $(#[$about])* pub $field: $ty,)*
        }
        #[cfg(not(feature = "unstable_rooms"))]
        $(#[$meta])*
        pub struct $name {
            $($(#[$about])* pub(crate) $field: $ty,)*
        }
    };
}

pub(crate) use of_a_room;
