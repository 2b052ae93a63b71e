//! The tool, with all its rules.

use serde::Serialize;

use super::{Message, level};
use crate::rules::{self, Rule};

#[derive(Serialize)]
pub(super) struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<ReportingDescriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor {
    id: &'static str,
    short_description: Message<&'static str>,
    full_description: Page,
    help: Page,
    default_configuration: ReportingConfiguration,
}

/// Markdown, which the standard wants as plain text too; it reads well as such.
#[derive(Serialize)]
struct Page {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct ReportingConfiguration {
    level: &'static str,
}

impl Tool {
    pub(super) fn backprobe() -> Self {
        let rules = rules::all().iter().map(|rule| ReportingDescriptor::of(rule)).collect();
        Self { driver: Driver { name: "backprobe", version: env!("CARGO_PKG_VERSION"), rules } }
    }
}

impl ReportingDescriptor {
    fn of(rule: &Rule) -> Self {
        Self {
            id: rule.name,
            short_description: Message { text: rule.summary },
            full_description: Page::of(what_it_does(rule.page)),
            help: Page::of(rule.page),
            default_configuration: ReportingConfiguration { level: level(rule.severity) },
        }
    }
}

impl Page {
    const fn of(markdown: &'static str) -> Self {
        Self { text: markdown, markdown }
    }
}

/// The first section of a rule's page.
fn what_it_does(page: &str) -> &str {
    let mut sections = page.split("\n## ");
    sections.find_map(|section| section.strip_prefix("What it does\n")).unwrap_or_default().trim()
}
