//! The module `backprobe._native`: conversion between Python objects and the checker.
//!
//! It knows how frameworks lend tensors and where they refuse; what is computed is the checker's. No framework is imported here, for the
//! test may not have imported it: everything is asked of the object itself.

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::checker::{self, Element, Minifloat, Number, Refused, Tensor, dlpack};

/// Native half of backprobe's checker.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{Scan, any_nonzero, fingerprint, scan};

    /// The version of backprobe this module was built from.
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const version: &str = env!("CARGO_PKG_VERSION");
}

/// A digest of 16 bytes that depends on element type, shape and every bit of the content, not on strides.
#[pyfunction]
fn fingerprint(py: Python<'_>, tensor: &Bound<'_, PyAny>) -> PyResult<[u8; 16]> {
    Lent::by(tensor)?.ask(py, |tensor| checker::fingerprint(tensor).to_bytes())
}

/// Whether any element is not exactly zero (NaN is not zero).
#[pyfunction]
fn any_nonzero(py: Python<'_>, tensor: &Bound<'_, PyAny>) -> PyResult<bool> {
    Lent::by(tensor)?.ask(py, checker::any_nonzero)
}

/// Counts and extremes of a tensor.
#[pyfunction]
fn scan(py: Python<'_>, tensor: &Bound<'_, PyAny>) -> PyResult<Scan> {
    Lent::by(tensor)?.ask(py, |tensor| Scan(checker::scan(tensor)))
}

/// What a tensor holds.
#[pyclass(frozen, module = "backprobe._native")]
struct Scan(checker::Scan);

#[pymethods]
impl Scan {
    /// Number of elements.
    #[getter]
    fn elements(&self) -> u64 {
        self.0.elements
    }

    /// Number of elements that are not exactly zero.
    #[getter]
    fn nonzero(&self) -> u64 {
        self.0.nonzero
    }

    /// Number of elements that are NaN.
    #[getter]
    fn nan(&self) -> u64 {
        self.0.nan
    }

    /// Number of elements that are infinite.
    #[getter]
    fn infinite(&self) -> u64 {
        self.0.infinite
    }

    /// The smallest element that is not NaN, if there is one.
    #[getter]
    fn minimum<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.minimum.map(|number| to_python(py, number)).transpose()
    }

    /// The largest element that is not NaN, if there is one.
    #[getter]
    fn maximum<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.maximum.map(|number| to_python(py, number)).transpose()
    }

    /// Whether no two elements differ.
    #[getter]
    fn constant(&self) -> bool {
        self.0.constant
    }

    fn __repr__(&self) -> String {
        let checker::Scan { elements, nonzero, nan, infinite, minimum, maximum, constant } = self.0;
        let (minimum, maximum) = (shown(minimum), shown(maximum));
        let constant = if constant { "True" } else { "False" };
        format!(
            "Scan(elements={elements}, nonzero={nonzero}, nan={nan}, infinite={infinite}, \
             minimum={minimum}, maximum={maximum}, constant={constant})"
        )
    }
}

fn to_python(py: Python<'_>, number: Number) -> PyResult<Bound<'_, PyAny>> {
    match number {
        Number::Integer(value) => Ok(value.into_pyobject(py)?.into_any()),
        Number::Float(value) => Ok(value.into_pyobject(py)?.into_any()),
    }
}

fn shown(number: Option<Number>) -> String {
    match number {
        None => "None".to_owned(),
        Some(Number::Integer(value)) => value.to_string(),
        Some(Number::Float(value)) => format!("{value:?}"),
    }
}

/// A tensor that its owner lends for one question.
struct Lent<'py> {
    capsule: Bound<'py, PyCapsule>,
    /// The type of the elements where the lender had to call them something else.
    element: Option<Element>,
}

impl<'py> Lent<'py> {
    /// Asks the owner of `object`'s memory to lend it.
    fn by(object: &Bound<'py, PyAny>) -> PyResult<Self> {
        let object = readable(object)?;
        let element = unnamed_element(&object)?;
        let object = match element {
            Some(element) if element.size() == 1 => object.call_method1("view", ("uint8",))?,
            Some(_) => object.call_method1("view", ("uint16",))?,
            None => object,
        };
        let capsule = capsule(&object)?.cast_into::<PyCapsule>().map_err(PyErr::from)?;
        Ok(Self { capsule, element })
    }

    /// Answers `question` while other threads run.
    fn ask<Answer: Send>(&self, py: Python<'_>, question: impl FnOnce(&Tensor<'_>) -> Answer + Send) -> PyResult<Answer> {
        let mut tensor = dlpack::read(&self.capsule).map_err(refusal)?;
        if let Some(element) = self.element {
            tensor = tensor.reinterpreted(element).map_err(refusal)?;
        }
        Ok(py.detach(|| question(&tensor)))
    }
}

/// Python's check of the capsule's name keeps the contract: only DLPack exporters name capsules so.
impl dlpack::Lender for Bound<'_, PyCapsule> {
    fn pointer(&self, name: &CStr) -> Option<NonNull<c_void>> {
        self.pointer_checked(Some(name)).ok()
    }
}

fn refusal(refused: Refused) -> PyErr {
    PyBufferError::new_err(refused.to_string())
}

/// The object that can lend the memory of `object`: the value of a variable, a parameter without its gradient.
fn readable<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let mut object = object.clone();
    // A Keras variable holds a TensorFlow variable, which holds a tensor: no framework nests deeper.
    for _ in 0..4 {
        if object.hasattr("__dlpack__")? {
            refuse_unlendable(&object)?;
            return resolved(object);
        }
        let Some(inner) = inner_value(&object)? else { break };
        object = inner;
    }
    let kind = object.get_type().fully_qualified_name()?;
    Err(PyTypeError::new_err(format!("cannot read the memory of a {kind}: it has no __dlpack__")))
}

/// What a variable holds: `value` is a method in TensorFlow and a property in Keras and Flax. Older TensorFlow lends through NumPy only,
/// and NumPy's scalars become arrays without axes.
fn inner_value<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if comes_from(object, "numpy")? {
        return object.call_method1("reshape", (1,))?.call_method1("reshape", ((),)).map(Some);
    }
    for name in ["value", "numpy"] {
        let Some(inner) = object.getattr_opt(name)? else { continue };
        return if inner.is_callable() { inner.call0().map(Some) } else { Ok(Some(inner)) };
    }
    Ok(None)
}

/// TensorFlow ends the process when asked to lend strings and handles.
fn refuse_unlendable(object: &Bound<'_, PyAny>) -> PyResult<()> {
    if !comes_from(object, "tensorflow")? {
        return Ok(());
    }
    let name: String = object.getattr("dtype")?.getattr("name")?.extract()?;
    if matches!(name.as_str(), "string" | "resource" | "variant") || name.starts_with('q') {
        return Err(PyBufferError::new_err(format!("a tensor of type {name} holds no numbers")));
    }
    Ok(())
}

/// A PyTorch tensor without gradient and with pending conjugation or negation carried out; everything else as it is.
fn resolved(object: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    if !object.hasattr("resolve_conj")? {
        return Ok(object);
    }
    object.call_method0("detach")?.call_method0("resolve_conj")?.call_method0("resolve_neg")
}

/// The element type of a NumPy array whose type comes from `ml_dtypes`: NumPy refuses to lend what it has no name for. NumPy 1 refuses
/// booleans too.
fn unnamed_element(object: &Bound<'_, PyAny>) -> PyResult<Option<Element>> {
    if !comes_from(object, "numpy")? {
        return Ok(None);
    }
    let name: String = object.getattr("dtype")?.getattr("name")?.extract()?;
    Ok(Some(match name.as_str() {
        "bool" => Element::Bool,
        "bfloat16" => Element::Bf16,
        "float8_e3m4" => Element::F8(Minifloat::E3M4),
        "float8_e4m3" => Element::F8(Minifloat::E4M3),
        "float8_e4m3b11fnuz" => Element::F8(Minifloat::E4M3B11Fnuz),
        "float8_e4m3fn" => Element::F8(Minifloat::E4M3Fn),
        "float8_e4m3fnuz" => Element::F8(Minifloat::E4M3Fnuz),
        "float8_e5m2" => Element::F8(Minifloat::E5M2),
        "float8_e5m2fnuz" => Element::F8(Minifloat::E5M2Fnuz),
        "float8_e8m0fnu" => Element::F8(Minifloat::E8M0Fnu),
        _ => return Ok(None),
    }))
}

/// The capsule with the tensor: versioned where the lender knows how, for only that can say "read only".
fn capsule<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = object.py();
    let arguments = PyDict::new(py);
    arguments.set_item("max_version", dlpack::VERSION)?;
    let asked = object.call_method("__dlpack__", (), Some(&arguments));
    let Err(error) = asked else { return asked };
    if !error.is_instance_of::<PyTypeError>(py) {
        return Err(error);
    }
    match object.call_method0("__dlpack__") {
        // NumPy 1 cannot lend what is read only.
        Err(error) if error.is_instance_of::<PyBufferError>(py) && comes_from(object, "numpy")? => {
            object.call_method0("copy")?.call_method0("__dlpack__")
        }
        lent => lent,
    }
}

/// Whether the class of `object` is defined in the package `package`.
fn comes_from(object: &Bound<'_, PyAny>, package: &str) -> PyResult<bool> {
    let module: String = object.get_type().module()?.extract()?;
    Ok(module.split('.').next() == Some(package))
}
