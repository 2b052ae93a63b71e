//! A digest of a tensor's content: equal before and after a step if, and only if (but for chance), no bit changed.
//!
//! It depends on element type, shape and the elements in logical order, never on strides: a parameter that was made contiguous in between
//! has the same fingerprint. Each chunk is hashed with XXH3-128, and the digests are hashed again, so that all cores can work at once.

#![forbid(unsafe_code)]

use xxhash_rust::xxh3::xxh3_128;

use super::parallel::chunks;
use super::Tensor;

/// The digest of a tensor. Not stable between versions: compare only digests of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// The digest as bytes.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

/// The fingerprint of `tensor`.
pub fn fingerprint(tensor: &Tensor<'_>) -> Fingerprint {
    let mut whole = vec![tensor.element().tag()];
    for length in tensor.shape() {
        whole.extend_from_slice(&(length as u64).to_le_bytes());
    }
    for digest in chunks(tensor, xxh3_128) {
        whole.extend_from_slice(&digest.to_le_bytes());
    }
    Fingerprint(xxh3_128(&whole))
}
