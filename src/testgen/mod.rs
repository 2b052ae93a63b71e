//! testgen
