//! Files that are written by commands.

use std::fs;
use std::io;
use std::path::Path;

/// Writes the whole file or none of it, so that what was there is not lost half-way.
pub(super) fn store(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // A link stays a link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let permissions = fs::metadata(&target).ok().map(|known| known.permissions());
    if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let beside = target.with_extension(format!("{}.new", std::process::id()));
    let replace = || {
        fs::write(&beside, content)?;
        permissions.map_or(Ok(()), |permissions| fs::set_permissions(&beside, permissions))?;
        fs::rename(&beside, &target)
    };
    replace().inspect_err(|_| drop(fs::remove_file(&beside)))
}
