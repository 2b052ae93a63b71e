//! Every rule page is a test: `Incorrect` code yields the findings that its comments promise, all other code yields none.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by panic and reads the pages")]

mod page;

use libtest_mimic::{Arguments, Failed, Trial};

use backprobe::rules;
use page::{Page, Section};

/// The sections of a page, in order.
const SECTIONS: [&str; 8] =
    ["What it does", "Why it matters", "Incorrect", "Correct", "When it stays silent", "Fix", "Generated test", "References"];

fn main() {
    let trials = rules::all().iter().flat_map(|rule| trials(rule.name, rule.page)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trials(rule: &'static str, text: &str) -> Vec<Trial> {
    let page = Page::parse(text);
    let mut trials = Vec::new();
    let headings: Vec<String> = page.sections.iter().map(|section| section.heading.clone()).collect();
    let pairs = pairs(&page);
    trials.push(Trial::test(format!("{rule}: sections"), move || sections(&headings, &pairs)));
    for section in page.sections {
        let is_incorrect = section.heading == "Incorrect";
        for project in section.projects {
            let name = format!("{rule}: {} {}", section.heading, project.heading);
            trials.push(Trial::test(name, move || {
                let promised = project.files.iter().any(|(_, text)| text.contains(&format!("# error: {rule}")));
                if is_incorrect && !promised {
                    return Err(format!("no `# error: {rule}` comment").into());
                }
                let wrong = project.complaints();
                if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
            }));
        }
    }
    trials
}

/// Headings of `Incorrect` and of `Correct`.
fn pairs(page: &Page) -> [Vec<String>; 2] {
    ["Incorrect", "Correct"].map(|wanted| {
        let section: Option<&Section> = page.sections.iter().find(|section| section.heading == wanted);
        section.map(|section| section.projects.iter().map(|project| project.heading.clone()).collect()).unwrap_or_default()
    })
}

fn sections(headings: &[String], [incorrect, correct]: &[Vec<String>; 2]) -> Result<(), Failed> {
    if headings.iter().map(String::as_str).ne(SECTIONS) {
        return Err(format!("sections are {headings:?}, not {SECTIONS:?}").into());
    }
    if incorrect != correct {
        return Err(format!("`Incorrect` has {incorrect:?}, `Correct` has {correct:?}").into());
    }
    Ok(())
}
