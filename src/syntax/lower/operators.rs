//! Operators by the kind of their node.

use super::grammar::Kind;
use crate::syntax::hir::{BinaryOp, CompareOp, UnaryOp};

pub(super) const fn unary(kind: Kind) -> Option<UnaryOp> {
    Some(match kind {
        Kind::Subtract => UnaryOp::Negative,
        Kind::Add => UnaryOp::Positive,
        Kind::Invert => UnaryOp::Invert,
        _ => return None,
    })
}

pub(super) const fn binary(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::Add | Kind::AddAssign => BinaryOp::Add,
        Kind::Subtract | Kind::SubtractAssign => BinaryOp::Subtract,
        Kind::Multiply | Kind::MultiplyAssign => BinaryOp::Multiply,
        Kind::Divide | Kind::DivideAssign => BinaryOp::Divide,
        Kind::FloorDivide | Kind::FloorDivideAssign => BinaryOp::FloorDivide,
        Kind::Modulo | Kind::ModuloAssign => BinaryOp::Modulo,
        Kind::Power | Kind::PowerAssign => BinaryOp::Power,
        Kind::MatrixMultiply | Kind::MatrixMultiplyAssign => BinaryOp::MatrixMultiply,
        Kind::ShiftLeft | Kind::ShiftLeftAssign => BinaryOp::ShiftLeft,
        Kind::ShiftRight | Kind::ShiftRightAssign => BinaryOp::ShiftRight,
        Kind::BitAnd | Kind::BitAndAssign => BinaryOp::And,
        Kind::BitOr | Kind::BitOrAssign => BinaryOp::Or,
        Kind::BitXor | Kind::BitXorAssign => BinaryOp::Xor,
        _ => return None,
    })
}

pub(super) const fn compare(kind: Kind) -> Option<CompareOp> {
    Some(match kind {
        Kind::Equal => CompareOp::Equal,
        Kind::NotEqual | Kind::NotEqualPython2 => CompareOp::NotEqual,
        Kind::Less => CompareOp::Less,
        Kind::LessEqual => CompareOp::LessEqual,
        Kind::Greater => CompareOp::Greater,
        Kind::GreaterEqual => CompareOp::GreaterEqual,
        Kind::In => CompareOp::In,
        Kind::NotIn => CompareOp::NotIn,
        Kind::Is => CompareOp::Is,
        Kind::IsNot => CompareOp::IsNot,
        _ => return None,
    })
}
