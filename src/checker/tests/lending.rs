//! What frameworks lend: both structures, every element type, and what is refused.

use std::ffi::{CStr, c_void};
use std::ptr::{self, NonNull};

use super::super::dlpack::{Exchanged, Lender, NAMES, Unversioned, VERSION, Versioned, read};
use super::super::{Element, Minifloat, Number, Refused, fingerprint, scan};

/// A structure under its name, as a capsule holds it.
struct Shelf<'structure> {
    name: &'static CStr,
    pointer: NonNull<c_void>,
    _structure: std::marker::PhantomData<&'structure ()>,
}

impl Lender for Shelf<'_> {
    fn pointer(&self, name: &CStr) -> Option<NonNull<c_void>> {
        (name == self.name).then_some(self.pointer)
    }
}

fn versioned(structure: &Versioned) -> Shelf<'_> {
    Shelf { name: NAMES[0], pointer: NonNull::from(structure).cast(), _structure: std::marker::PhantomData }
}

fn unversioned(structure: &Unversioned) -> Shelf<'_> {
    Shelf { name: NAMES[1], pointer: NonNull::from(structure).cast(), _structure: std::marker::PhantomData }
}

const FLOATS: [f32; 6] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];

/// Two by three floats on the host.
fn matrix(shape: &[i64; 2]) -> Exchanged {
    Exchanged {
        data: FLOATS.as_ptr().cast_mut().cast(),
        device_type: 1,
        device_id: 0,
        rank: 2,
        code: 2,
        bits: 32,
        lanes: 1,
        shape: shape.as_ptr(),
        strides: ptr::null(),
        byte_offset: 0,
    }
}

fn lent(tensor: Exchanged) -> Versioned {
    Versioned { major: VERSION.0, minor: VERSION.1, manager: ptr::null_mut(), deleter: None, flags: 0, tensor }
}

#[test]
fn both_structures_give_the_same_tensor() {
    let shape = [2, 3];
    let (new, old) = (lent(matrix(&shape)), Unversioned { tensor: matrix(&shape) });
    let (new, old) = (versioned(&new), unversioned(&old));
    let (new, old) = (read(&new).expect("lent"), read(&old).expect("lent"));
    assert_eq!(new.shape().collect::<Vec<_>>(), [2, 3]);
    assert_eq!(scan(&new).maximum, Some(Number::Float(5.0)));
    assert_eq!(fingerprint(&new), fingerprint(&old));
}

#[test]
fn strides_and_offset_are_followed() {
    let (shape, strides) = ([2, 2], [3, -1]);
    let structure = lent(Exchanged { strides: strides.as_ptr(), byte_offset: 8, ..matrix(&shape) });
    let found = scan(&read(&versioned(&structure)).expect("lent"));
    // Elements 2, 1, 5, 4.
    assert_eq!((found.minimum, found.maximum), (Some(Number::Float(1.0)), Some(Number::Float(5.0))));
}

#[test]
fn a_tensor_without_memory_is_refused_unless_it_is_empty() {
    let shape = [2, 3];
    let sharded = lent(Exchanged { data: ptr::null_mut(), device_type: 2, ..matrix(&shape) });
    assert_eq!(read(&versioned(&sharded)).err(), Some(Refused::NoMemory));
    let shape = [0, 3];
    let empty = lent(Exchanged { data: ptr::null_mut(), ..matrix(&shape) });
    assert_eq!(read(&versioned(&empty)).expect("nothing to read").elements(), 0);
}

#[test]
fn memory_of_accelerators_is_refused_and_pinned_memory_is_not() {
    let shape = [2, 3];
    for (device_type, refused) in [(1, None), (2, Some(2)), (3, None), (8, Some(8)), (10, Some(10)), (11, None), (13, Some(13))] {
        let structure = lent(Exchanged { device_type, ..matrix(&shape) });
        assert_eq!(read(&versioned(&structure)).err(), refused.map(Refused::NotOnHost), "{device_type}");
    }
}

#[test]
fn what_is_no_tensor_of_a_known_version_is_refused() {
    let shape = [2, 3];
    let newer = Versioned { major: 2, ..lent(matrix(&shape)) };
    assert_eq!(read(&versioned(&newer)).err(), Some(Refused::Version(2)));
    let taken = lent(matrix(&shape));
    let taken = Shelf { name: c"used_dltensor_versioned", ..versioned(&taken) };
    assert_eq!(read(&taken).err(), Some(Refused::NotLent));
}

#[test]
fn impossible_layouts_are_refused() {
    for shape in [[-1, 3], [i64::MAX, 3], [i64::MAX, 0]] {
        let structure = lent(matrix(&shape));
        assert_eq!(read(&versioned(&structure)).err(), Some(Refused::Layout), "{shape:?}");
    }
    let (shape, strides) = ([2, 3], [i64::MIN, 1]);
    let structure = lent(Exchanged { strides: strides.as_ptr(), ..matrix(&shape) });
    assert_eq!(read(&versioned(&structure)).err(), Some(Refused::Layout));
    let structure = lent(Exchanged { rank: -1, ..matrix(&shape) });
    assert_eq!(read(&versioned(&structure)).err(), Some(Refused::Layout));
}

#[test]
fn element_types_are_the_ones_of_the_standard() {
    let shape = [0, 3];
    for (code, bits, element) in [
        (0, 8, Element::I8),
        (0, 16, Element::I16),
        (0, 32, Element::I32),
        (0, 64, Element::I64),
        (1, 8, Element::U8),
        (1, 16, Element::U16),
        (1, 32, Element::U32),
        (1, 64, Element::U64),
        (2, 16, Element::F16),
        (2, 32, Element::F32),
        (2, 64, Element::F64),
        (4, 16, Element::Bf16),
        (5, 64, Element::C64),
        (5, 128, Element::C128),
        (6, 8, Element::Bool),
        (10, 8, Element::F8(Minifloat::E4M3Fn)),
        (12, 8, Element::F8(Minifloat::E5M2)),
    ] {
        let structure = lent(Exchanged { code, bits, ..matrix(&shape) });
        assert_eq!(read(&versioned(&structure)).map(|tensor| tensor.element()), Ok(element), "{code} {bits}");
    }
}

#[test]
fn element_types_without_a_meaning_here_are_refused() {
    let shape = [2, 3];
    for (code, bits, lanes) in [(0, 4, 1), (2, 32, 4), (2, 128, 1), (3, 64, 1), (17, 4, 1), (99, 8, 1)] {
        let structure = lent(Exchanged { code, bits, lanes, ..matrix(&shape) });
        assert_eq!(read(&versioned(&structure)).err(), Some(Refused::Element { code, bits, lanes }));
    }
}
