//! Constants of the code under test.

use std::fmt;
use std::sync::Arc;

/// A constant, as Python writes it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Literal {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Bits of a float.
    Float(u64),
    /// Text.
    Str(Arc<str>),
    /// `(a, b)`
    Tuple(Vec<Literal>),
    /// `[a, b]`
    List(Vec<Literal>),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(bits) => float(f64::from_bits(*bits), f),
            Self::Str(text) => quoted(text, f),
            Self::Tuple(items) => {
                f.write_str("(")?;
                separated(items, f)?;
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Self::List(items) => {
                f.write_str("[")?;
                separated(items, f)?;
                f.write_str("]")
            }
        }
    }
}

fn separated(items: &[Literal], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

fn float(value: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if value.is_nan() {
        f.write_str("float(\"nan\")")
    } else if value.is_infinite() {
        f.write_str(if value > 0.0 { "float(\"inf\")" } else { "float(\"-inf\")" })
    } else if value != 0.0 && (value.abs() < 1e-4 || value.abs() >= 1e16) {
        write!(f, "{value:e}")
    } else {
        write!(f, "{value:?}")
    }
}

fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            control if (control as u32) < 0x20 || control as u32 == 0x7f => write!(f, "\\x{:02x}", control as u32)?,
            other => write!(f, "{other}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::Literal;

    #[test]
    fn constants_are_written_as_python_reads_them() {
        let float = |value: f64| Literal::Float(value.to_bits()).to_string();
        assert_eq!([float(0.5), float(1.0), float(1e-5), float(1e20), float(f64::INFINITY)], ["0.5", "1.0", "1e-5", "1e20", "float(\"inf\")"]);
        assert_eq!(Literal::Str("a\"b\\\n\u{1}é".into()).to_string(), r#""a\"b\\\n\x01é""#);
        let one = Literal::Tuple(vec![Literal::Int(-1)]);
        assert_eq!(one.to_string(), "(-1,)");
        assert_eq!(Literal::List(vec![one, Literal::None, Literal::Bool(true)]).to_string(), "[(-1,), None, True]");
    }
}
