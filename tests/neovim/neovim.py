"""What a user does in Neovim, and what they see."""

from pathlib import Path

PATIENCE_MS = 60_000

WAIT_FOR_CLIENT = """
local buffer = ...
return vim.wait(%d, function()
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'backprobe' })[1]
  return client ~= nil and client.initialized
end, 10)
""" % PATIENCE_MS

# The places that the server gave, not the marks that Neovim moves along with the text: those are of this very text.
DIAGNOSTICS = """
return vim.tbl_map(function(diagnostic)
  local range = diagnostic.user_data.lsp.range
  return {
    code = diagnostic.code, message = diagnostic.message, severity = diagnostic.severity, source = diagnostic.source,
    place = { range.start.line, range.start.character, range['end'].line, range['end'].character },
    shown = { diagnostic.lnum, diagnostic.col, diagnostic.end_lnum, diagnostic.end_col },
  }
end, vim.diagnostic.get(...))
"""

# `apply` asks nothing if exactly one action is left. It returns before anything happens.
APPLY = """
local title = ...
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return vim.startswith(action.title, title) end,
})
"""

TITLES = """
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.get_clients({ bufnr = buffer, name = 'backprobe' })[1]
local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
params.context = { diagnostics = {} }
local response = client:request_sync('textDocument/codeAction', params, %d, buffer)
return vim.tbl_map(function(action) return action.title end, response.result or {})
""" % PATIENCE_MS

HOVER = """
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.get_clients({ bufnr = buffer, name = 'backprobe' })[1]
local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
local response = client:request_sync('textDocument/hover', params, %d, buffer)
return response.result and response.result.contents.value or ''
""" % PATIENCE_MS

STOP = """
local client = vim.lsp.get_clients({ name = 'backprobe' })[1]
client:stop()
return vim.wait(%d, function() return client:is_stopped() end, 10)
""" % PATIENCE_MS

UNTIL = """
local condition = load(...)
return vim.wait(%d, condition, 10)
""" % PATIENCE_MS


class Neovim:
    """One editor."""

    def __init__(self, editor) -> None:
        self.editor = editor

    def lua(self, code: str, *arguments):
        return self.editor.exec_lua(code, *arguments)

    def until(self, condition: str) -> None:
        """Waits until a piece of Lua returns true."""
        assert self.lua(UNTIL, condition), f"never came true: {condition}"

    def open(self, path: Path) -> None:
        """Opens a file and waits for the server."""
        self.editor.command(f"edit {path}")
        assert self.lua(WAIT_FOR_CLIENT, self.editor.current.buffer.number), "the server did not start"

    def text(self) -> str:
        return "\n".join(self.editor.current.buffer[:]) + "\n"

    def wait_for_diagnostics(self, count: int) -> list[dict]:
        """The diagnostics of the buffer, once there are so many of them and they are where the server saw them."""
        buffer = self.editor.current.buffer.number
        self.until(f"return #vim.diagnostic.get({buffer}) == {count}")
        return self.lua(DIAGNOSTICS, buffer)

    def put_cursor(self, line: int, column: int) -> None:
        """Lines and columns count from 0, in bytes."""
        self.editor.current.window.cursor = (line + 1, column)

    def actions(self) -> list[str]:
        return self.lua(TITLES)

    def apply(self, title: str) -> None:
        """Applies the one action whose title begins so, and waits until some buffer has changed."""
        self.lua("_G.ticks = {} for _, b in ipairs(vim.api.nvim_list_bufs()) do _G.ticks[b] = vim.api.nvim_buf_get_changedtick(b) end")
        self.lua(APPLY, title)
        self.until(
            "for _, b in ipairs(vim.api.nvim_list_bufs()) do"
            " if vim.api.nvim_buf_get_changedtick(b) ~= _G.ticks[b] and vim.bo[b].modified then return true end end return false"
        )

    def start(self, title: str) -> None:
        """Chooses the one action whose title begins so, and does not wait."""
        self.lua(APPLY, title)

    def hover(self) -> str:
        return self.lua(HOVER)

    def save_all(self) -> None:
        self.editor.command("wall")

    def stop_server(self) -> None:
        assert self.lua(STOP), "the server did not stop"
