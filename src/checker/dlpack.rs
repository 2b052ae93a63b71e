//! Reading tensors through DLPack, the structures in which frameworks lend each other their tensors without a copy.
//!
//! The only file of the crate that reads memory it does not own. Layouts: `dlpack.h` 1.1, unversioned and versioned.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;
use std::slice;

use super::tensor::Extent;
use super::{Axis, Element, Minifloat, Refused, Tensor};

/// Something that holds a pointer under a name that says what is pointed to, as a Python capsule does.
///
/// The contract, on which [`read`] relies: a pointer given for one of [`NAMES`] points to that structure of DLPack, filled by a framework
/// that keeps structure and tensor in place as long as the lender lives. It is kept by the one implementation, `python.rs`.
pub(crate) trait Lender {
    /// The pointer, if it is held under `name`.
    fn pointer(&self, name: &CStr) -> Option<NonNull<c_void>>;
}

/// The names under which a tensor that nobody has taken yet is held: versioned and unversioned.
pub(crate) const NAMES: [&CStr; 2] = [c"dltensor_versioned", c"dltensor"];

/// The newest version asked for: its structure is the one read here.
pub(crate) const VERSION: (u32, u32) = (1, 1);

/// `DLTensor`.
#[repr(C)]
pub(super) struct Exchanged {
    pub(super) data: *mut u8,
    pub(super) device_type: i32,
    pub(super) device_id: i32,
    pub(super) rank: i32,
    pub(super) code: u8,
    pub(super) bits: u8,
    pub(super) lanes: u16,
    pub(super) shape: *const i64,
    /// Null for a dense tensor in the unversioned structure.
    pub(super) strides: *const i64,
    pub(super) byte_offset: u64,
}

/// `DLManagedTensor`, as far as it is read.
#[repr(C)]
pub(super) struct Unversioned {
    pub(super) tensor: Exchanged,
}

/// `DLManagedTensorVersioned`.
#[repr(C)]
pub(super) struct Versioned {
    pub(super) major: u32,
    pub(super) minor: u32,
    pub(super) manager: *mut c_void,
    pub(super) deleter: Option<unsafe extern "C" fn(*mut Versioned)>,
    pub(super) flags: u64,
    pub(super) tensor: Exchanged,
}

/// The tensor that `lender` holds, for as long as it is held.
///
/// # Errors
/// The reason why the tensor cannot be read here.
pub(crate) fn read<L: Lender>(lender: &L) -> Result<Tensor<'_>, Refused> {
    let [versioned, unversioned] = NAMES;
    if let Some(pointer) = lender.pointer(versioned) {
        let pointer = pointer.cast::<Versioned>();
        // SAFETY: by the contract of `Lender` this is the versioned structure; its first field is the version in every major version.
        let major = unsafe { (*pointer.as_ptr()).major };
        if major != VERSION.0 {
            return Err(Refused::Version(major));
        }
        // SAFETY: the major version says that the rest is laid out as declared above.
        return unsafe { tensor(&(*pointer.as_ptr()).tensor) };
    }
    let pointer = lender.pointer(unversioned).ok_or(Refused::NotLent)?.cast::<Unversioned>();
    // SAFETY: by the contract of `Lender` this is the unversioned structure, whose first field is the tensor.
    unsafe { tensor(&(*pointer.as_ptr()).tensor) }
}

/// The tensor that `exchanged` describes.
///
/// # Safety
/// `exchanged` was filled by a framework as `dlpack.h` says, and its tensor stays in place for `'memory`.
unsafe fn tensor<'memory>(exchanged: &Exchanged) -> Result<Tensor<'memory>, Refused> {
    let element = element(exchanged)?;
    // SAFETY: the caller vouches for `exchanged`.
    let axes = unsafe { axes(exchanged, element) }?;
    let extent = Extent::of(element, &axes).ok_or(Refused::Layout)?;
    if extent.elements == 0 {
        return Tensor::new(element, axes, &[], 0);
    }
    // Before the device: a sharded tensor has no memory wherever it claims to lie.
    let data = NonNull::new(exchanged.data).ok_or(Refused::NoMemory)?;
    if !is_host(exchanged.device_type) {
        return Err(Refused::NotOnHost(exchanged.device_type));
    }
    let offset = usize::try_from(exchanged.byte_offset).map_err(|_| Refused::Layout)?;
    // SAFETY: shape and strides describe elements of one allocation that starts at or before `data + byte_offset - before`, all of which is
    // readable by the host (checked above) as long as the lender lives. `Extent::of` has checked that the length fits a slice. That
    // no one writes meanwhile is the frameworks' rule for lent tensors; a race would yield a wrong digest.
    let memory = unsafe {
        let start = data.as_ptr().add(offset).sub(extent.before);
        slice::from_raw_parts(start, extent.before + extent.after)
    };
    Tensor::new(element, axes, memory, extent.before)
}

/// Lengths and strides of the axes.
///
/// # Safety
/// `shape`, and `strides` unless null, point to as many numbers as `rank` says.
unsafe fn axes(exchanged: &Exchanged, element: Element) -> Result<Vec<Axis>, Refused> {
    let rank = usize::try_from(exchanged.rank).map_err(|_| Refused::Layout)?;
    if rank == 0 {
        return Ok(Vec::new());
    }
    if exchanged.shape.is_null() {
        return Err(Refused::Layout);
    }
    // SAFETY: not null, and the caller vouches for the length.
    let lengths = unsafe { slice::from_raw_parts(exchanged.shape, rank) };
    let lengths: Vec<usize> =
        lengths.iter().map(|&length| usize::try_from(length)).collect::<Result<_, _>>().map_err(|_| Refused::Layout)?;
    let size = element.size() as isize;
    let mut axes = Vec::with_capacity(rank);
    if exchanged.strides.is_null() {
        let mut stride = size;
        for &length in lengths.iter().rev() {
            axes.push(Axis { length, stride });
            stride = isize::try_from(length).ok().and_then(|length| stride.checked_mul(length.max(1))).ok_or(Refused::Layout)?;
        }
        axes.reverse();
        return Ok(axes);
    }
    // SAFETY: not null, and the caller vouches for the length.
    let strides = unsafe { slice::from_raw_parts(exchanged.strides, rank) };
    for (length, &stride) in lengths.into_iter().zip(strides) {
        let stride = isize::try_from(stride).ok().and_then(|stride| stride.checked_mul(size)).ok_or(Refused::Layout)?;
        // The stride of an axis that is never stepped along may be anything.
        axes.push(Axis { length, stride: if length > 1 { stride } else { size } });
    }
    Ok(axes)
}

/// Whether the host can read the memory of this kind of device: its own, or pinned for CUDA or ROCm.
fn is_host(device_type: i32) -> bool {
    matches!(device_type, 1 | 3 | 11)
}

fn element(exchanged: &Exchanged) -> Result<Element, Refused> {
    let Exchanged { code, bits, lanes, .. } = *exchanged;
    Ok(match (code, bits, lanes) {
        (0, 8, 1) => Element::I8,
        (0, 16, 1) => Element::I16,
        (0, 32, 1) => Element::I32,
        (0, 64, 1) => Element::I64,
        (1, 8, 1) => Element::U8,
        (1, 16, 1) => Element::U16,
        (1, 32, 1) => Element::U32,
        (1, 64, 1) => Element::U64,
        (2, 16, 1) => Element::F16,
        (2, 32, 1) => Element::F32,
        (2, 64, 1) => Element::F64,
        (4, 16, 1) => Element::Bf16,
        (5, 64, 1) => Element::C64,
        (5, 128, 1) => Element::C128,
        (6, 8, 1) => Element::Bool,
        (7, 8, 1) => Element::F8(Minifloat::E3M4),
        (8, 8, 1) => Element::F8(Minifloat::E4M3),
        (9, 8, 1) => Element::F8(Minifloat::E4M3B11Fnuz),
        (10, 8, 1) => Element::F8(Minifloat::E4M3Fn),
        (11, 8, 1) => Element::F8(Minifloat::E4M3Fnuz),
        (12, 8, 1) => Element::F8(Minifloat::E5M2),
        (13, 8, 1) => Element::F8(Minifloat::E5M2Fnuz),
        (14, 8, 1) => Element::F8(Minifloat::E8M0Fnu),
        _ => return Err(Refused::Element { code, bits, lanes }),
    })
}
