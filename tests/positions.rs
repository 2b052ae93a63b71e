//! Positions round-trip at every character boundary in all three encodings, and edits do what they say.

use backprobe::text::{DecodeError, Edit, Encoding, LineIndex, Position, PositionEncoding, Text, TextRange, decode};
use proptest::prelude::*;

const ENCODINGS: [PositionEncoding; 3] = [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32];

/// Texts of what makes positions hard: every line break, marks, astral and combining characters, form feeds.
fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "a", "Z", " ", "\t", "\n", "\r", "\r\n", "\u{feff}", "é", "ß", "漢", "😀", "e\u{301}", "\u{c}", "\u{b}", "\u{85}",
        "\u{2028}", "\u{2029}", "\u{0}", "def f():\n", "'''",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..60).prop_map(|pieces| pieces.concat())
}

/// The lines of a text by the plainest possible definition.
fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
}

fn is_inside_crlf(text: &str, offset: usize) -> bool {
    text[..offset].ends_with('\r') && text[offset..].starts_with('\n')
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn positions_round_trip_at_every_character(text in texts()) {
        let (document, index) = (Text::new(&text), LineIndex::new(&text));
        for encoding in ENCODINGS {
            for offset in (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)) {
                let position = document.position(offset as u32, encoding);
                prop_assert_eq!(position, index.position(&text, offset as u32, encoding));
                let expected = if is_inside_crlf(&text, offset) { offset - 1 } else { offset } as u32;
                prop_assert_eq!(document.offset(position, encoding), expected);
                prop_assert_eq!(index.offset(&text, position, encoding), expected);
            }
        }
    }

    #[test]
    fn columns_count_what_the_encoding_counts(text in texts()) {
        let (document, index) = (Text::new(&text), LineIndex::new(&text));
        let lines = lines(&text);
        prop_assert_eq!(document.line_count() as usize, lines.len());
        prop_assert_eq!(index.line_count() as usize, lines.len());
        for (number, line) in lines.iter().enumerate() {
            prop_assert_eq!(index.line(&text, number as u32), line.as_str());
            for (encoding, width) in [
                (PositionEncoding::Utf8, line.len()),
                (PositionEncoding::Utf16, line.encode_utf16().count()),
                (PositionEncoding::Utf32, line.chars().count()),
            ] {
                let end = document.offset(Position::new(number as u32, u32::MAX), encoding);
                prop_assert_eq!(document.position(end, encoding), Position::new(number as u32, width as u32));
            }
        }
    }

    #[test]
    fn any_position_and_offset_is_clamped(text in texts(), line in 0..80u32, character in 0..80u32, offset in any::<u32>()) {
        let (document, index) = (Text::new(&text), LineIndex::new(&text));
        for encoding in ENCODINGS {
            let at = document.offset(Position::new(line, character), encoding);
            prop_assert_eq!(at, index.offset(&text, Position::new(line, character), encoding));
            prop_assert!(text.is_char_boundary(at as usize));
            let inside = offset % (text.len() as u32 + 9);
            for offset in [offset, inside] {
                prop_assert_eq!(document.position(offset, encoding), index.position(&text, offset, encoding));
            }
        }
    }

    #[test]
    fn an_edit_replaces_its_range(text in texts(), new in texts(), start in 0..200u32, len in 0..30u32) {
        let mut document = Text::new(&text);
        let before = document.clone();
        document.apply(&Edit { range: TextRange::new(start, start + len), text: new.clone() });
        let floor = |offset: u32| (0..=text.len().min(offset as usize)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let expected = [&text[..floor(start)], &new, &text[floor(start + len)..]].concat();
        prop_assert_eq!(document.to_string(), expected.clone());
        prop_assert_eq!(&*document.to_shared(), expected.as_str());
        prop_assert_eq!(before.to_string(), text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), cookie in proptest::bool::ANY) {
        let head: &[u8] = if cookie { b"# coding: latin-1\n" } else { b"" };
        let bytes = [head, &bytes].concat();
        match decode(&bytes) {
            Ok(decoded) if !cookie => prop_assert!(bytes.ends_with(decoded.text.as_bytes())),
            Ok(decoded) => prop_assert_eq!(decoded.text.chars().count(), bytes.len()),
            Err(_) => prop_assert!(!cookie && std::str::from_utf8(&bytes).is_err()),
        }
    }
}

#[test]
fn a_line_and_column_for_people_counts_characters_from_one() {
    let text = "a\r\n😀é = 1\n";
    let index = LineIndex::new(text);
    let at = index.line_column(text, text.find('=').unwrap_or_default() as u32);
    assert_eq!((at.line, at.column), (2, 4));
}

#[test]
fn files_are_decoded_as_python_decodes_them() {
    let text = |bytes: &[u8]| decode(bytes).map(|decoded| decoded.text);
    assert_eq!(text("é = 1".as_bytes()), Ok("é = 1".to_owned()));
    assert_eq!(decode(b"\xef\xbb\xbfx").map(|decoded| (decoded.text, decoded.encoding)), Ok(("x".to_owned(), Encoding::Utf8 { has_mark: true })));
    assert_eq!(text(b"# -*- coding: latin-1 -*-\nx = '\xe9'"), Ok("# -*- coding: latin-1 -*-\nx = 'é'".to_owned()));
    assert_eq!(text(b"#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :\n\xa4"), Ok("#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :\n€".to_owned()));
    assert_eq!(text(b"x = 1\n# coding: latin-1\n\xe9"), Err(DecodeError::NotUtf8));
    assert_eq!(text(b"# coding: shift-jis\n\x83"), Err(DecodeError::UnknownEncoding("shift-jis".to_owned())));
    assert_eq!(text(b"# coding: shift-jis\nx"), Ok("# coding: shift-jis\nx".to_owned()));
    assert_eq!(text(b"\xff\xfe"), Err(DecodeError::NotUtf8));
}
