//! What is said about a finding under the cursor: the finding itself, and its rule's page.

use super::analysis::Project;
use super::document::View;
use crate::finding::{Finding, Label, Location};
use crate::rules;
use crate::text::{PositionEncoding, Text, TextRange};

/// Explains the finding at byte `offset`: the place it is about, and Markdown.
pub(super) fn at(view: &View, offset: u32) -> Option<(TextRange, String)> {
    let under_cursor = view.findings.iter().filter(|finding| finding.primary.range.touches(offset));
    let narrowest = under_cursor.min_by_key(|finding| finding.primary.range.len())?;
    Some((narrowest.primary.range, explanation(narrowest, view)))
}

fn explanation(finding: &Finding, view: &View) -> String {
    let project = view.project.as_deref();
    let paragraphs = [format!("**{}**: {}", finding.rule, finding.message), finding.why.clone(), help(&finding.help)];
    // Not every editor that takes related places shows them.
    let places = finding.labels.iter().filter_map(|label| related_place(label, view));
    let mut text = paragraphs.into_iter().chain(places).filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n");
    let page = rules::find(finding.rule).map(|rule| with_plain_headings(rule.page));
    if let Some(page) = page.or_else(|| project.and_then(|project| origin(finding.rule, project))) {
        text.push_str("\n\n---\n\n");
        text.push_str(&page);
    }
    text
}

fn help(help: &str) -> String {
    if help.is_empty() { String::new() } else { format!("Help: {help}") }
}

/// Another place that matters, with its line, and its file if that is another.
fn related_place(label: &Label, view: &View) -> Option<String> {
    let Location { path, range } = &label.place;
    let line = |text: &Text| text.position(range.start, PositionEncoding::Utf8).line + 1;
    if **path == *view.path {
        return Some(format!("Line {}: {}", line(&view.text), label.message));
    }
    let root = view.project.as_ref().map(|project| project.root.as_path());
    let name = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path).display().to_string().replace('\\', "/");
    Some(format!("`{name}`, line {}: {}", line(view.texts.get(path.as_path())?), label.message))
}

/// Where the project says its own rule; such a rule has no page.
fn origin(rule: &str, project: &Project) -> Option<String> {
    let path = project.own_rule(rule)?;
    let name = path.strip_prefix(&project.root).unwrap_or(path).display().to_string().replace('\\', "/");
    Some(format!("**{rule}** is a rule of this project: `{name}`."))
}

/// A page with bold or slanted words for headings, which editors show larger than the code that the hover is about.
fn with_plain_headings(page: &str) -> String {
    let mut is_code = false;
    let line = |line: &str| {
        is_code ^= line.starts_with("```");
        match line.trim_start_matches('#') {
            heading if is_code || heading.len() == line.len() || !heading.starts_with(' ') => line.to_owned(),
            heading if line.starts_with("###") => format!("*{}*", heading.trim()),
            heading => format!("**{}**", heading.trim()),
        }
    };
    page.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::with_plain_headings;

    #[test]
    fn headings_are_as_large_as_the_rest() {
        let page = "# a-rule\n\n## Incorrect\n\n### Framework\n\n```python\n# a comment\n```\n#no-heading\n";
        let plain = "**a-rule**\n\n**Incorrect**\n\n*Framework*\n\n```python\n# a comment\n```\n#no-heading";
        assert_eq!(with_plain_headings(page), plain);
    }
}
