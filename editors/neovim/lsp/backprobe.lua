--- Configuration of the backprobe language server for `vim.lsp.enable('backprobe')`.
---
--- The server is the command `backprobe`, which `pip install backprobe` puts on the PATH of the environment. To use another one:
---   vim.lsp.config('backprobe', { cmd = { '/path/to/backprobe', 'server' } })

---@type vim.lsp.Config
return {
  cmd = { 'backprobe', 'server' },
  filetypes = { 'python' },
  root_markers = { 'backprobe.toml', 'pyproject.toml', 'setup.py', 'setup.cfg', '.git' },
}
