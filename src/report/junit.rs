//! JUnit XML, which most continuous integration shows as failed tests.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Place, Sources, explanation};
use crate::finding::Finding;

/// The name of the whole, and of the test that passes where nothing is found: readers take a report without a test for a mistake.
const NAME: &str = "backprobe";

pub(super) fn write(findings: &[Finding], sources: &Sources, output: &mut dyn Write) -> io::Result<()> {
    let mut files = BTreeMap::<String, Vec<(&Finding, Place)>>::new();
    for finding in findings {
        let place = Place::of(&finding.primary, sources);
        files.entry(place.path.clone()).or_default().push((finding, place));
    }
    let mut xml = Writer::new_with_indent(output, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let (tests, failures) = (findings.len().max(1).to_string(), findings.len().to_string());
    let counts = [("name", NAME), ("tests", &tests), ("failures", &failures), ("errors", "0")];
    xml.create_element("testsuites").with_attributes(counts).write_inner_content(|xml| {
        if findings.is_empty() {
            xml.create_element("testsuite").with_attributes(counts).write_inner_content(write_passed)?;
        }
        files.iter().try_for_each(|(path, findings)| write_file(path, findings, xml))
    })?;
    writeln!(xml.get_mut())
}

type Xml<'a> = Writer<&'a mut dyn Write>;

fn write_passed(xml: &mut Xml<'_>) -> io::Result<()> {
    xml.create_element("testcase").with_attributes([("name", "no findings"), ("classname", NAME)]).write_empty()?;
    Ok(())
}

fn write_file(path: &str, findings: &[(&Finding, Place)], xml: &mut Xml<'_>) -> io::Result<()> {
    let path = &allowed(path);
    let count = findings.len().to_string();
    let counts = [("name", path.as_str()), ("tests", &count), ("failures", &count), ("errors", "0")];
    xml.create_element("testsuite").with_attributes(counts).write_inner_content(|xml| {
        findings.iter().try_for_each(|(finding, place)| write_finding(finding, place, path, xml))
    })?;
    Ok(())
}

fn write_finding(finding: &Finding, place: &Place, path: &str, xml: &mut Xml<'_>) -> io::Result<()> {
    let name = format!("{} at {}:{}", finding.rule, place.line, place.column);
    let line = place.line.to_string();
    let case = [("name", name.as_str()), ("classname", path), ("file", path), ("line", &line)];
    let message = allowed(&finding.message);
    let failure = [("message", message.as_str()), ("type", finding.severity.name())];
    let text = format!("{path}:{}:{}: {}\n{}", place.line, place.column, finding.message, explanation(finding));
    xml.create_element("testcase").with_attributes(case).write_inner_content(|xml| {
        xml.create_element("failure").with_attributes(failure).write_text_content(BytesText::new(&allowed(&text)))?;
        Ok(())
    })?;
    Ok(())
}

/// `text` with what no XML 1.0 document may hold, however it is escaped, as replacement characters.
fn allowed(text: &str) -> String {
    text.replace(|character| matches!(character, '\0'..'\t' | '\x0b' | '\x0c' | '\x0e'..' ' | '\u{fffe}' | '\u{ffff}'), "\u{fffd}")
}
