//! The runtime half in pure Rust: fingerprints and scans of tensors where they lie.
//!
//! It knows memory: element types, strides, hashes, extremes. It knows no Python, no framework and nothing of the analysis; a tensor
//! comes in as a DLPack structure and goes out as a digest or as counts. Nothing here copies a tensor: a dense one is read in place, a
//! strided one through a buffer of one chunk a thread.

#[cfg(any(feature = "python", test))]
pub(crate) mod dlpack; // the structures tensors are exchanged in; the only file that reads foreign memory
mod element; // element types and their sizes
mod fingerprint; // a digest that changes when any bit of the content does
mod gather; // elements of a strided tensor in logical order
mod minifloat; // floats of eight bits
mod parallel; // chunks on all cores
mod scan; // zeros, NaN, infinities, extremes
mod tensor; // where the elements of a tensor lie
#[cfg(test)]
mod tests; // what holds for every tensor

pub use element::Element;
pub use fingerprint::{Fingerprint, fingerprint};
pub use minifloat::Minifloat;
pub use scan::{Number, Scan, any_nonzero, scan};
pub use tensor::{Axis, Refused, Tensor};
