//! rules
#![forbid(unsafe_code)]

mod root;

pub use root::{RootFinding, RootReport};
