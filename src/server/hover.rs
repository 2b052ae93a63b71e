//! What is said about a finding under the cursor: the finding itself, and its rule's page.

use super::analysis::Project;
use super::document::View;
use crate::finding::Finding;
use crate::rules;
use crate::text::TextRange;

/// Explains the finding at byte `offset`: the place it is about, and Markdown.
pub(super) fn at(view: &View, offset: u32) -> Option<(TextRange, String)> {
    let under_cursor = view.findings.iter().filter(|finding| finding.primary.range.touches(offset));
    let narrowest = under_cursor.min_by_key(|finding| finding.primary.range.len())?;
    Some((narrowest.primary.range, explanation(narrowest, view.project.as_deref())))
}

fn explanation(finding: &Finding, project: Option<&Project>) -> String {
    let paragraphs = [format!("**{}**: {}", finding.rule, finding.message), finding.why.clone(), help(&finding.help)];
    let mut text = paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n");
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
