//! Places, and files as URIs.

use std::path::{Component, Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::Serialize;

use super::Message;
use crate::finding::{self, Edit, Label};
use crate::report::{Place, Sources};
use crate::text::TextRange;

/// What relative URIs are relative to.
const CURRENT_FOLDER: &str = "%SRCROOT%";

#[derive(Serialize)]
pub(super) struct BaseIds {
    #[serde(rename = "%SRCROOT%")]
    current_folder: ArtifactLocation,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location<'a> {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<&'a str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl BaseIds {
    pub(super) fn of(sources: &Sources) -> Self {
        // The URI of a folder ends with a slash: what is relative to it is put behind.
        let uri = absolute_uri(sources.folder());
        let uri = if uri.ends_with('/') { uri } else { uri + "/" };
        Self { current_folder: ArtifactLocation { uri, uri_base_id: None } }
    }
}

impl ArtifactLocation {
    pub(super) fn of(path: &Path, sources: &Sources) -> Self {
        match path.strip_prefix(sources.folder()) {
            Ok(relative) => Self { uri: segments(relative).collect::<Vec<_>>().join("/"), uri_base_id: Some(CURRENT_FOLDER) },
            Err(_) => Self { uri: absolute_uri(path), uri_base_id: None },
        }
    }
}

impl<'a> Location<'a> {
    pub(super) fn of(location: &finding::Location, sources: &Sources) -> Self {
        let artifact_location = ArtifactLocation::of(&location.path, sources);
        let region = Region::of(&Place::of(location, sources));
        Self { physical_location: PhysicalLocation { artifact_location, region }, message: None }
    }

    pub(super) fn of_label(label: &'a Label, sources: &Sources) -> Self {
        Self { message: Some(Message { text: &label.message }), ..Self::of(&label.place, sources) }
    }
}

impl Region {
    /// The region of `range` in the file that `edit` names.
    pub(super) fn of_edit(edit: &Edit, range: TextRange, sources: &Sources) -> Self {
        Self::of(&Place::in_file(&edit.place, range, sources))
    }

    const fn of(place: &Place) -> Self {
        Self { start_line: place.line, start_column: place.column, end_line: place.end_line, end_column: place.end_column }
    }
}

/// What URIs hold as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn absolute_uri(path: &Path) -> String {
    let segments: Vec<String> = segments(path).collect();
    format!("file:///{}", segments.join("/"))
}

/// The names in `path`, percent-encoded.
fn segments(path: &Path) -> impl Iterator<Item = String> {
    let names = path.components().filter(|component| *component != Component::RootDir);
    names.map(|name| percent_encode(name.as_os_str().as_encoded_bytes(), UNRESERVED).to_string())
}
