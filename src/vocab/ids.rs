//! Typed ids that cross rooms and stand in recordings: no bare integers for functions, code, shapes or sites.
//!
//! Each prints with its prefix (`fn3`, `blob12`), as traces and transcripts show it. They are dense indices from 0, so
//! `cranelift_entity`'s maps serve them. Ids of values that live in one room only (HIR values, registers) stay there.

use cranelift_entity::entity_impl;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $Id:ident = $prefix:literal;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[repr(transparent)]
            pub struct $Id(u32);
            entity_impl!($Id, $prefix);

            impl $Id {
                /// The id with this number; `from_u32` for constants.
                pub const fn numbered(number: u32) -> $Id {
                    $Id(number)
                }
            }
        )+
    };
}

ids! {
    /// A function of the program: one per function text, shared by all of its closures.
    FunctionId = "fn";
    /// A piece of machine code in the code cache. Never reused, even when its bytes are.
    BlobId = "blob";
    /// One compile of one function, from request to code or refusal.
    CompileId = "c";
    /// A side exit within one compile.
    ExitId = "exit";
    /// A shape: the layout and prototype of objects.
    ShapeId = "shape";
    /// A feedback site within one function: the index of its slot in the feedback vector.
    SiteId = "site";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_print_with_their_prefix() {
        assert_eq!(FunctionId::from_u32(3).to_string(), "fn3");
        assert_eq!(format!("{:?}", BlobId::from_u32(12)), "blob12");
    }
}
