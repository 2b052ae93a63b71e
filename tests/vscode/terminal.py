"""A terminal in a page, and a program in it."""

import base64
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from pathlib import Path

from playwright.sync_api import Page

PATIENCE = 60
ROWS, COLUMNS = 31, 140

PAGE = "<body style='margin:0;padding:8px;background:#14161b;width:max-content'><div id='terminal'></div></body>"
OPEN = """async ([rows, cols]) => {
  await document.fonts.ready
  window.terminal = new Terminal({ rows, cols, fontFamily: 'DejaVu Sans Mono', fontSize: 14, theme: { background: '#14161b' } })
  window.terminal.open(document.getElementById('terminal'))
}"""
WRITE = "text => new Promise(done => window.terminal.write(Uint8Array.from(atob(text), c => c.charCodeAt(0)), done))"
SCREEN = """() => {
  const { active } = window.terminal.buffer
  return Array.from({ length: window.terminal.rows }, (_, row) => active.getLine(active.baseY + row).translateToString(true)).join('\\n')
}"""


class Terminal:
    """Shows what a program writes, and types what a user would."""

    def __init__(self, page: Page, xterm: Path, command: list[str], folder: Path, variables: dict[str, str]) -> None:
        page.set_content(PAGE)
        page.add_style_tag(path=xterm / "css" / "xterm.css")
        page.add_script_tag(path=xterm / "lib" / "xterm.js")
        page.evaluate(OPEN, [ROWS, COLUMNS])
        self.page = page
        self.process, self.ours = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, variables)
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def wait_for(self, text: str) -> None:
        """Shows what comes until the screen has `text`."""
        end = time.monotonic() + PATIENCE
        while text not in self.screen():
            assert time.monotonic() < end, f"no {text!r} in\n{self.screen()}"
            self.pump(0.1)
        # What else belongs to the same picture.
        self.pump(0.5)

    def pump(self, seconds: float) -> None:
        """Passes on what the program writes until it is silent for so long."""
        while select.select([self.ours], [], [], seconds)[0]:
            self.page.evaluate(WRITE, base64.b64encode(os.read(self.ours, 65536)).decode())

    def screen(self) -> str:
        return self.page.evaluate(SCREEN)

    def close(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.ours)
