//! Reads protocol messages whatever way their headers are spelt.
//!
//! The protocol's headers are those of HTTP: names are case-insensitive and unknown ones are allowed. The transport below
//! knows one spelling, so every header block is rewritten to it. Knows bytes only, no message.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

/// A header block longer than this is no header block: it is passed on for the transport to reject.
const LONGEST_HEADER: usize = 16 * 1024;

/// Wraps a reader of protocol messages.
pub(super) struct Headers<R> {
    reader: R,
    /// Bytes of a header block whose end has not been seen.
    header: Vec<u8>,
    /// Bytes to hand out before anything else is read.
    ready: Vec<u8>,
    /// How much of `ready` has been handed out.
    handed_out: usize,
    /// Bytes of the present body that are still to come.
    body: usize,
}

impl<R> Headers<R> {
    /// Reads messages from `reader`.
    pub(super) fn new(reader: R) -> Self {
        Self { reader, header: Vec::new(), ready: Vec::new(), handed_out: 0, body: 0 }
    }

    /// Takes in freshly read bytes and appends what can be handed out.
    fn take_in(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.body > 0 {
                let (body, rest) = bytes.split_at(bytes.len().min(self.body));
                self.ready.extend_from_slice(body);
                self.body -= body.len();
                bytes = rest;
                continue;
            }
            self.header.push(bytes[0]);
            bytes = &bytes[1..];
            if self.header.ends_with(b"\r\n\r\n") || self.header.len() > LONGEST_HEADER {
                self.end_header();
            }
        }
    }

    fn end_header(&mut self) {
        let header = std::mem::take(&mut self.header);
        match content_length(&header) {
            Some(length) => {
                self.body = length;
                self.ready.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
            }
            None => self.ready.extend_from_slice(&header),
        }
    }
}

/// The length that a header block names, if it names one.
fn content_length(header: &[u8]) -> Option<usize> {
    std::str::from_utf8(header).ok()?.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if name.trim().eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
    })
}

impl<R: AsyncRead + Unpin> AsyncRead for Headers<R> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.handed_out == self.ready.len() {
            self.ready.clear();
            self.handed_out = 0;
            let mut chunk = [0; 8 * 1024];
            let mut read = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut self.reader).poll_read(context, &mut read))?;
            if read.filled().is_empty() {
                // The end: what is left is an unfinished header.
                self.ready = std::mem::take(&mut self.header);
                if self.ready.is_empty() {
                    return Poll::Ready(Ok(()));
                }
            } else {
                self.take_in(read.filled());
            }
        }
        let start = self.handed_out;
        let end = self.ready.len().min(start + buffer.remaining());
        buffer.put_slice(&self.ready[start..end]);
        self.handed_out = end;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::Headers;

    async fn read_in_chunks(input: &[u8], size: usize) -> String {
        let (mut writer, reader) = tokio::io::duplex(64);
        let input = input.to_vec();
        let write = tokio::spawn(async move {
            for chunk in input.chunks(size) {
                writer.write_all(chunk).await.expect("the reader is alive");
            }
        });
        let mut output = String::new();
        Headers::new(reader).read_to_string(&mut output).await.expect("the text is UTF-8");
        write.await.expect("the writer does not panic");
        output
    }

    #[tokio::test]
    async fn header_names_are_case_insensitive_and_others_are_dropped() {
        let input = b"content-length: 4\r\nX-Other: 1\r\n\r\n{ab}CONTENT-TYPE: x; charset=utf8\r\nCONTENT-LENGTH:2\r\n\r\n{}";
        for size in [1, 2, 3, 7, 1000] {
            assert_eq!(read_in_chunks(input, size).await, "Content-Length: 4\r\n\r\n{ab}Content-Length: 2\r\n\r\n{}");
        }
    }

    #[tokio::test]
    async fn what_is_no_header_is_passed_on() {
        assert_eq!(read_in_chunks(b"nonsense: 1\r\n\r\nrest", 3).await, "nonsense: 1\r\n\r\nrest");
    }

    #[tokio::test]
    async fn bodies_may_look_like_headers() {
        let input = b"Content-Length: 24\r\n\r\ncontent-length: 9\r\n\r\n...";
        assert_eq!(read_in_chunks(input, 5).await, "Content-Length: 24\r\n\r\ncontent-length: 9\r\n\r\n...");
    }
}
