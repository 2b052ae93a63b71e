//! What is said about a finding under the cursor: the finding itself, and its rule's page.

use super::document::View;
use crate::finding::Finding;
use crate::rules;
use crate::text::TextRange;

/// Explains the finding at byte `offset`: the place it is about, and Markdown.
pub(super) fn at(view: &View, offset: u32) -> Option<(TextRange, String)> {
    let under_cursor = view.findings.iter().filter(|finding| finding.primary.range.touches(offset));
    let narrowest = under_cursor.min_by_key(|finding| finding.primary.range.len())?;
    Some((narrowest.primary.range, explanation(narrowest, page(narrowest.rule))))
}

/// The page of a rule.
fn page(rule: &str) -> Option<&'static str> {
    rules::all().iter().find(|known| known.name == rule).map(|known| known.page)
}

fn explanation(finding: &Finding, page: Option<&str>) -> String {
    let paragraphs = [format!("**{}**: {}", finding.rule, finding.message), finding.why.clone(), help(&finding.help)];
    let mut text = paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n");
    if let Some(page) = page {
        text.push_str("\n\n---\n\n");
        text.push_str(page);
    }
    text
}

fn help(help: &str) -> String {
    if help.is_empty() { String::new() } else { format!("Help: {help}") }
}
