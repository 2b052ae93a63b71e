//! JUnit XML, read back.

use backprobe::report::Format;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{unstacked_layer, written, written_of};

#[test]
fn junit_has_a_suite_a_file_and_a_test_a_finding() {
    insta::assert_snapshot!(written(Format::Junit));
}

#[test]
fn junit_has_a_test_that_passes_where_nothing_is_found() {
    insta::assert_snapshot!(written_of(&[], Format::Junit));
}

#[test]
fn suites_hold_all_findings_of_their_file() {
    let output = written_of(&[unstacked_layer(), super::wrong_parameters(), unstacked_layer()], Format::Junit);
    assert!(output.contains(r#"<testsuite name="model.py" tests="2" failures="2" errors="0">"#), "{output}");
    assert_eq!(output.matches("<testsuite ").count(), 2);
}

#[test]
fn junit_is_well_formed_whatever_findings_say() {
    let mut finding = unstacked_layer();
    finding.message = "\"<a>\" & 'b' ]]> \0 \u{1b} \u{b} \u{ffff} \t größer 🎉\nline".to_owned();
    finding.why = finding.message.clone();
    let output = written_of(&[finding], Format::Junit);

    let is_allowed = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(output.chars().all(is_allowed), "{output:?}");
    let read = "\"<a>\" & 'b' ]]> \u{fffd} \u{fffd} \u{fffd} \u{fffd} \t größer 🎉\nline";
    let mut reader = Reader::from_str(&output);
    let mut messages = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event().expect("the report is well-formed") {
            Event::Start(element) if element.name().as_ref() == "failure" => {
                let message = element.try_get_attribute("message").expect("attributes are well-formed").expect("a failure has a message");
                messages.push(message.normalized_value(quick_xml::XmlVersion::Explicit1_0).expect("the value is escaped").into_owned());
            }
            Event::Text(part) => text.push_str(part.xml_content(quick_xml::XmlVersion::Explicit1_0).as_ref()),
            Event::GeneralRef(reference) => text.push_str(&quick_xml::escape::unescape(&format!("&{};", &*reference)).expect("the text is escaped")),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(messages, [read]);
    assert!(text.contains(&format!("why: {read}\nhelp: ")), "{text}");
}
