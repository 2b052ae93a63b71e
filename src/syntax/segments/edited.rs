//! Segments of an edited text from those of the text before.

use super::{Builder, LineKind, LogicalLines, Member, Recovery, Segment, SegmentKind, Segments};
use crate::text::TextRange;

impl Segments {
    /// The segments of `text`, which is the text of `self` with `replaced` (bytes of the old text) replaced by
    /// `inserted` bytes. Equal to `Segments::new(text)`, but only the surroundings of the edit are scanned.
    #[must_use]
    pub fn edited(&self, text: &str, replaced: TextRange, inserted: u32) -> Self {
        self.resumed(text, replaced, inserted).unwrap_or_else(|| Self::new(text))
    }

    /// `None` where the text has to be cut anew: a string was or is left open.
    fn resumed(&self, text: &str, replaced: TextRange, inserted: u32) -> Option<Self> {
        if self.looked_ahead {
            return None;
        }
        // The segment before the one that holds the edit may take up its line: `else`, a decorator's definition.
        let touched = self.segments.partition_point(|segment| segment.range.start < replaced.start);
        let kept = touched.saturating_sub(2);
        let start = if kept == 0 { 0 } else { self.segments[kept].range.start as usize };
        let mut builder = Builder { segments: self.segments[..kept].to_vec(), ..Builder::default() };
        let mut lines = LogicalLines::new(text, start, Recovery::None);
        let mut old = touched;
        while let Some(line) = lines.next() {
            let behind_edit = line.start as u32 >= replaced.start + inserted;
            // A byte order mark means something at the start of a text only, and an edit may have moved it to or from there.
            let is_marked = text[line.start..].starts_with('\u{feff}');
            if behind_edit && line.indent == 0 && !is_marked && !builder.is_decorating && LineKind::of(text, line) != LineKind::Continues {
                let before = line.start as u32 - inserted + replaced.len();
                while self.segments.get(old).is_some_and(|segment| segment.range.start < before) {
                    old += 1;
                }
                if before >= replaced.end && self.segments.get(old).is_some_and(|segment| segment.range.start == before) {
                    let moved = |segment: &Segment| segment.moved(replaced.len(), inserted);
                    builder.segments.extend(self.segments[old..].iter().map(moved));
                    return (!lines.looked_ahead).then_some(self.with(builder.segments));
                }
            }
            builder.add(text, line);
        }
        (!lines.ended_in_string && !lines.looked_ahead).then_some(self.with(builder.segments))
    }

    fn with(&self, segments: Vec<Segment>) -> Self {
        Self { segments, ..*self }
    }
}

impl Segment {
    /// The segment after an edit before it that replaced `removed` bytes by `inserted`.
    fn moved(&self, removed: u32, inserted: u32) -> Self {
        let moved = |range: TextRange| TextRange::new(range.start - removed + inserted, range.end - removed + inserted);
        let kind = match &self.kind {
            SegmentKind::Function { name } => SegmentKind::Function { name: moved(*name) },
            SegmentKind::Class { name, header, members } => SegmentKind::Class {
                name: moved(*name),
                header: moved(*header),
                members: members
                    .iter()
                    .map(|member| Member { range: moved(member.range), method: member.method.map(moved) })
                    .collect(),
            },
            SegmentKind::Statement => SegmentKind::Statement,
        };
        Self { range: moved(self.range), kind }
    }
}
