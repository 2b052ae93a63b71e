//! What tells a finding from others, however the code around it moves.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_128;

use super::Sources;
use crate::finding::Finding;

/// A fingerprint for each of `findings`, no two alike.
///
/// It follows from the rule, the name of the file and the line that the finding begins in, whatever its number and indentation. Findings
/// that share these are told apart by their order.
pub(super) fn fingerprints(findings: &[Finding], sources: &Sources) -> Vec<String> {
    let mut seen = BTreeMap::new();
    let mut fingerprint = |finding| {
        let identity = identity(finding, sources);
        let earlier = seen.entry(identity.clone()).or_insert(0_u32);
        let hash = xxh3_128(format!("{identity}\0{earlier}").as_bytes());
        *earlier += 1;
        format!("{hash:032x}")
    };
    findings.iter().map(&mut fingerprint).collect()
}

fn identity(finding: &Finding, sources: &Sources) -> String {
    let source = sources.get(&finding.primary.path);
    let name = source.map_or_else(|| finding.primary.path.display().to_string(), |source| source.name().to_owned());
    let line = source.map_or("", |source| source.line(finding.primary.range.start));
    format!("{}\0{name}\0{}", finding.rule, line.trim())
}
