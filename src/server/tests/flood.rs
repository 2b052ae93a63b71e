//! Ten thousand edits without pause, with questions in between: no edit is lost or reordered, no answer is stale.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::client::Client;
use super::fake::{Fake, bugs};
use crate::engine::{Engine, Memory};
use crate::text::TextRange;

const URI: &str = "file:///p/flood.py";
const EDITS: i32 = 10_000;
/// As many, each taken back, for the real engine.
const CODE_EDITS: i32 = 2_000;

/// Every so many edits a hover is sent and not waited for.
const HOVER_EVERY: i32 = 7;
/// Every so many edits a hover is waited for.
const WAIT_EVERY: i32 = 250;

/// A small generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % bound
    }
}

/// The text as the client holds it, with places in the way of the protocol's default: lines, and units of UTF-16.
#[derive(Clone, Default)]
struct Buffer(Vec<char>);

impl Buffer {
    fn text(&self) -> String {
        self.0.iter().collect()
    }

    fn position(&self, at: usize) -> [u32; 2] {
        let (mut line, mut column) = (0, 0);
        for (index, character) in self.0[..at].iter().enumerate() {
            let ends_line = match character {
                '\n' => true,
                '\r' => self.0.get(index + 1) != Some(&'\n'),
                _ => false,
            };
            if ends_line {
                (line, column) = (line + 1, 0);
            } else if *character != '\r' {
                column += character.len_utf16() as u32;
            }
        }
        [line, column]
    }

    /// A place that the protocol can name.
    fn place(&self, random: &mut Random) -> usize {
        self.whole(random.below(self.0.len() + 1))
    }

    /// The place `at`, moved out of a line break.
    fn whole(&self, at: usize) -> usize {
        let splits_break = at > 0 && self.0[at - 1] == '\r' && self.0.get(at) == Some(&'\n');
        if splits_break { at - 1 } else { at }
    }
}

/// A hover that was sent: where, in which text.
struct Question {
    id: i64,
    text: String,
    offset: u32,
}

impl Question {
    fn expected(&self) -> Option<TextRange> {
        bugs(&self.text).into_iter().filter(|range| range.touches(self.offset)).min_by_key(|range| range.len())
    }
}

/// The word that a hover is about.
fn word(result: &Value) -> Option<&str> {
    result["contents"]["value"].as_str().and_then(|text| text.split('`').nth(1))
}

async fn ask(client: &mut Client, buffer: &Buffer, at: usize) -> Question {
    let [line, character] = buffer.position(at);
    let parameters = json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}});
    let id = client.ask("textDocument/hover", parameters).await;
    let offset = buffer.0[..at].iter().collect::<String>().len() as u32;
    Question { id, text: buffer.text(), offset }
}

const WORDS: &[&str] = &["BUG", "BUG1 ", " ", "\n", "\r", "\r\n", "é", "😀", "x = 1\n", "\u{2028}", "\u{c}", "OTHER "];

async fn edit(client: &mut Client, buffer: &mut Buffer, version: i32, random: &mut Random) {
    let start = buffer.place(random);
    // The text stays small, so that places collide.
    let length = if buffer.0.len() > 1_000 { random.below(20) } else { random.below(4) };
    let end = buffer.whole((start + length).min(buffer.0.len()));
    let piece = WORDS[random.below(WORDS.len())];
    let [line, column] = buffer.position(start);
    let [end_line, end_column] = buffer.position(end);
    client.edit(URI, version, [line, column, end_line, end_column], piece).await;
    buffer.0.splice(start..end, piece.chars());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_edit_is_lost_and_no_answer_is_stale() {
    let engine = Fake::default();
    let (mut client, _) = Client::with_engine(engine.clone(), json!({})).await;
    let mut random = Random(20_240_229);
    let mut buffer = Buffer::default();
    let mut questions = Vec::new();
    client.open(URI, "").await;
    for version in 2..EDITS + 2 {
        edit(&mut client, &mut buffer, version, &mut random).await;
        if version % WAIT_EVERY == 0 {
            let at = buffer.place(&mut random);
            let question = ask(&mut client, &buffer, at).await;
            let result = client.response(question.id).await["result"].clone();
            let expected = question.expected().map(|range| question.text[range.indices()].to_owned());
            assert_eq!(word(&result), expected.as_deref(), "at {} of {:?}", question.offset, question.text);
        } else if version % HOVER_EVERY == 0 {
            let at = buffer.place(&mut random);
            questions.push(ask(&mut client, &buffer, at).await);
        }
    }
    let mut answered = 0;
    for question in questions {
        let result = client.response(question.id).await["result"].clone();
        // An edit that came before the analysis may cost the answer; a wrong one it may not give.
        let Some(found) = word(&result) else { continue };
        let expected = question.expected().map(|range| &question.text[range.indices()]);
        assert_eq!(Some(found), expected, "at {} of {:?}", question.offset, question.text);
        answered += 1;
    }
    assert!(answered > 0, "no hover found anything");
    client.hover(URI, 0, 0).await;
    let overlay = engine.overlays.lock().expect("nobody panics with the lock")[Path::new("/p/flood.py")].clone();
    assert_eq!(*overlay, *buffer.text());
    assert!(client.end().await);
}

const CODE: &str = "import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def forward(self, x, m, v):
        a = F.batch_norm(x, m, v)
        return F.dropout(a)

def f(x, m, v):
    return F.batch_norm(x, m, v)
";

const PIECES: &[&str] =
    &["import math\n", "def g(x):\n    return F.batch_norm(x, x, x)\n", "    ", "\n", "(", ")", "\"\"\"", "'", "\\\n", "#", "é", "\r", "x"];

/// Types a piece of code somewhere and, if `back`, takes it away again.
async fn type_code(client: &mut Client, buffer: &mut Buffer, version: i32, random: &mut Random, back: bool) {
    let at = buffer.place(random);
    let piece = PIECES[random.below(PIECES.len())];
    let [line, column] = buffer.position(at);
    client.edit(URI, version, [line, column, line, column], piece).await;
    let mut typed = buffer.clone();
    typed.0.splice(at..at, piece.chars());
    let end = at + piece.chars().count();
    if typed.whole(end) != end {
        // The piece has joined a line break, and can only go with it.
        *buffer = typed;
    } else if back {
        let [end_line, end_column] = typed.position(end);
        client.edit(URI, version, [line, column, end_line, end_column], "").await;
    } else {
        *buffer = typed;
    }
}

async fn pulled(client: &mut Client) -> Value {
    let report = client.request("textDocument/diagnostic", json!({"textDocument": {"uri": URI}})).await;
    report["items"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_flood_the_engine_finds_what_a_fresh_one_finds() {
    let start = || {
        let files = Arc::new(Memory::new([("/p/pyproject.toml", "")]));
        Client::start_with(Engine::new(files.clone()), files).begin(json!({}))
    };
    let (mut client, _) = start().await;
    let mut random = Random(42);
    let mut buffer = Buffer(CODE.chars().collect());
    let mut found = 0;
    client.open(URI, CODE).await;
    for version in 2..CODE_EDITS + 2 {
        let is_last = version % WAIT_EVERY == 0;
        type_code(&mut client, &mut buffer, version, &mut random, !is_last).await;
        if !is_last {
            continue;
        }
        // Saved, so that nothing older is shown where the text does not parse.
        client.notify("textDocument/didSave", json!({"textDocument": {"uri": URI}})).await;
        let (mut fresh, _) = start().await;
        fresh.open(URI, &buffer.text()).await;
        let expected = pulled(&mut fresh).await;
        assert_eq!(pulled(&mut client).await, expected, "in {:?}", buffer.text());
        found += expected.as_array().map_or(0, Vec::len);
        let [end_line, end_column] = buffer.position(buffer.0.len());
        client.edit(URI, version, [0, 0, end_line, end_column], CODE).await;
        buffer = Buffer(CODE.chars().collect());
    }
    assert!(found > 0, "no text had a finding");
}
