"""What a user of each editor sees and can do."""

import json
import os
import subprocess

import pytest
from lsprotocol import types as lsp

from editor import changes_of, created_by

RULE = "batch-norm-without-training-flag"

BUGGY = '''\
import torch
import torch.nn.functional as F
from torch import nn


class Normalised(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(8))
        self.register_buffer("variance", torch.ones(8))
        self.output = nn.Linear(8, 2)

    def forward(self, inputs):
        inputs = F.batch_norm(inputs, self.mean, self.variance)
        return self.output(inputs)
'''
CALL = "F.batch_norm"
UNSTACKED = '''\
import torch.nn.functional as F
from torch import nn


class Stacked(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.second = nn.Linear(8, 8)
        self.output = nn.Linear(8, 2)

    def forward(self, inputs):
        hidden = F.relu(self.first(inputs))
        hidden = F.relu(self.second(inputs))
        return self.output(hidden)


def loss(inputs, labels):
    return F.cross_entropy(Stacked()(inputs), labels)
'''
WRITE_TEST = "Write a unit test for this finding"
FIX = "Pass `training=self.training`"
IGNORE = f"Ignore {RULE} here"


async def test_a_finding_stands_at_its_exact_place(editor):
    uri = editor.open("normalised.py", BUGGY)
    [diagnostic] = await editor.diagnostics(uri)
    assert diagnostic.range == editor.range_of(uri, CALL)
    assert (diagnostic.code, diagnostic.source) == (RULE, "backprobe")
    assert diagnostic.severity == lsp.DiagnosticSeverity.Warning
    assert diagnostic.message.splitlines()[0] == "`F.batch_norm` is not told that it trains"


async def test_columns_count_in_the_encoding_of_the_editor(editor):
    uri = editor.open("normalised.py", BUGGY.replace("        inputs = F", '        note = "é😀𝄞"; inputs = F'))
    [diagnostic] = await editor.diagnostics(uri)
    assert diagnostic.range == editor.range_of(uri, CALL)
    editor.substitute(uri, "😀", "")
    [diagnostic] = await editor.diagnostics(uri)
    assert diagnostic.range == editor.range_of(uri, CALL)


async def test_an_edit_that_mends_the_bug_takes_the_finding_away(editor):
    uri = editor.open("normalised.py", BUGGY)
    assert len(await editor.diagnostics(uri)) == 1
    editor.substitute(uri, "self.variance)\n", "self.variance, training=self.training)\n")
    assert await editor.diagnostics(uri) == []
    editor.substitute(uri, ", training=self.training", "")
    assert len(await editor.diagnostics(uri)) == 1


async def test_half_typed_code_keeps_the_finding(editor):
    uri = editor.open("normalised.py", BUGGY)
    await editor.diagnostics(uri)
    editor.substitute(uri, "        inputs = F", "        broken = (\n        inputs = F")
    [diagnostic] = await editor.diagnostics(uri)
    assert diagnostic.range == editor.range_of(uri, CALL)


async def test_closing_clears(editor):
    uri = editor.open("normalised.py", BUGGY)
    await editor.diagnostics(uri)
    editor.close(uri)
    await editor.cleared(uri)


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "file:///c%3A/models/normalised.py", "file:///C:/models/normalised.py"])
async def test_documents_that_are_no_file_are_served_under_their_name(editor, uri):
    editor.open_uri(uri, BUGGY)
    [diagnostic] = await editor.diagnostics(uri)
    assert diagnostic.range == editor.range_of(uri, CALL)


async def test_hover_shows_the_page_of_the_rule(editor):
    uri = editor.open("normalised.py", BUGGY)
    place = editor.range_of(uri, CALL)
    hover = await editor.hover(uri, place.start)
    assert hover.range == place
    assert "is not told that it trains" in hover.contents.value
    assert f"**{RULE}**\n\n**What it does**" in hover.contents.value
    assert await editor.hover(uri, lsp.Position(0, 0)) is None


async def test_a_finding_links_to_the_page_of_its_rule(editor, cache):
    uri = editor.open("normalised.py", BUGGY)
    [diagnostic] = await editor.diagnostics(uri)
    if editor.client.capabilities.text_document.publish_diagnostics.code_description_support:
        page = cache / "backprobe" / editor.server.server_info.version / "rules" / f"{RULE}.md"
        assert diagnostic.code_description.href == page.as_uri()
        assert page.read_text().startswith(f"# {RULE}\n")
    else:
        assert diagnostic.code_description is None


async def test_the_fix_mends_the_code(editor):
    uri = editor.open("normalised.py", BUGGY)
    fix = (await editor.actions(uri, editor.range_of(uri, CALL)))[FIX]
    assert fix.kind == lsp.CodeActionKind.QuickFix
    assert not fix.is_preferred, "it may change what the code does elsewhere"
    editor.apply(fix.edit)
    assert editor.texts[uri] == BUGGY.replace("self.variance)", "self.variance, training=self.training)")
    assert await editor.diagnostics(uri) == []


async def test_ignoring_silences_the_finding(editor):
    uri = editor.open("normalised.py", BUGGY)
    ignore = (await editor.actions(uri, editor.range_of(uri, CALL)))[IGNORE]
    editor.apply(ignore.edit)
    assert editor.texts[uri] == BUGGY.replace("self.variance)\n", f"self.variance)  # backprobe: ignore[{RULE}]\n")
    assert await editor.diagnostics(uri) == []


async def test_ignoring_in_the_file_silences_the_rule(editor):
    uri = editor.open("normalised.py", BUGGY)
    ignore = (await editor.actions(uri, editor.range_of(uri, CALL)))[f"Ignore {RULE} in this file"]
    editor.apply(ignore.edit)
    assert editor.texts[uri] == f"# backprobe: ignore-file[{RULE}]\n{BUGGY}"
    assert await editor.diagnostics(uri) == []


async def test_all_safe_fixes_are_applied_at_once(editor):
    unused = "# backprobe: ignore[single-unit-softmax]\n"
    uri = editor.open("unused.py", f"x = 1  {unused}y = 2  {unused}")
    assert len(await editor.diagnostics(uri)) == 2
    [fix_all] = (await editor.actions(uri, lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0)), ["source.fixAll"])).values()
    assert fix_all.kind == "source.fixAll.backprobe"
    editor.apply(fix_all.edit)
    assert editor.texts[uri] == "x = 1\ny = 2\n"
    assert await editor.diagnostics(uri) == []


async def test_settings_of_the_project_count_when_they_change(editor):
    uri = editor.open("normalised.py", BUGGY)
    await editor.changed_to(uri, [RULE])
    settings = editor.folder / "backprobe.toml"
    settings.write_text(f'ignore = ["{RULE}"]\n')
    editor.changed_on_disk(settings, lsp.FileChangeType.Created)
    await editor.changed_to(uri, [])
    settings.write_text("ignore = [\n")
    editor.changed_on_disk(settings, lsp.FileChangeType.Changed)
    [fault] = (await editor.shown_in(settings.as_uri())).diagnostics
    assert fault.severity == lsp.DiagnosticSeverity.Error
    await editor.changed_to(uri, [])


async def test_settings_of_the_editor_count(editor):
    editor.client.set_configuration({"backprobe": {"ignore": [RULE]}})
    editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams({"backprobe": {"ignore": [RULE]}}))
    uri = editor.open("normalised.py", BUGGY)
    await editor.changed_to(uri, [])


async def test_the_test_goes_into_a_new_file(editor):
    uri = editor.open("normalised.py", BUGGY)
    write = (await editor.actions(uri, editor.range_of(uri, CALL)))[WRITE_TEST]
    test = editor.uri("tests/test_normalised_training.py")
    declared = editor.client.capabilities.workspace.workspace_edit.resource_operations or []
    assert created_by(write.edit) == ([test] if lsp.ResourceOperationKind.Create in declared else [])
    [(written, text)] = editor.apply(write.edit).items()
    assert written == test
    assert text.startswith('"""Written by backprobe')
    compile(text, "test_normalised_training.py", "exec")


async def test_the_test_extends_the_file_that_is_open(editor):
    uri = editor.open("normalised.py", BUGGY)
    mine = "import math\n\n\ndef test_mine():\n    assert math.isfinite(1)\n"
    test = editor.open("tests/test_normalised_training.py", mine)
    write = (await editor.actions(uri, editor.range_of(uri, CALL)))[WRITE_TEST]
    assert created_by(write.edit) == []
    editor.apply(write.edit)
    extended = editor.texts[test]
    assert "def test_mine():\n    assert math.isfinite(1)\n" in extended
    assert extended.count("def test_") == 2
    actions = await editor.actions(uri, editor.range_of(uri, CALL))
    assert WRITE_TEST not in actions, "the same test is not written twice"
    window = editor.client.capabilities.window
    can_show = window is not None and window.show_document is not None and window.show_document.support
    assert ("Show the unit test of this finding" in actions) == can_show


async def test_the_test_extends_the_file_on_disk(editor):
    folder = editor.folder / "tests"
    folder.mkdir()
    (folder / "test_normalised_training.py").write_text("def test_mine():\n    pass\n")
    uri = editor.open("normalised.py", BUGGY)
    write = (await editor.actions(uri, editor.range_of(uri, CALL)))[WRITE_TEST]
    [(written, edits)] = changes_of(write.edit)
    assert written == editor.uri("tests/test_normalised_training.py")
    assert created_by(write.edit) == []
    assert (folder / "test_normalised_training.py").read_text() == "def test_mine():\n    pass\n", "nothing is written by the server"
    assert edits


async def test_what_trains_gets_its_tests_from_its_signature(editor):
    uri = editor.open("normalised.py", BUGGY)
    name = editor.range_of(uri, "Normalised")
    title = "Write a training test for `Normalised`"
    offered = await editor.actions(uri, name)
    can_resolve = editor.client.capabilities.text_document.code_action.resolve_support is not None
    assert list(offered) == ([title] if can_resolve else []), "tests are planned only for who accepts the offer"
    assert await editor.actions(uri, name, ["refactor"]) == offered
    assert await editor.actions(uri, name, ["quickfix"]) == {}
    if can_resolve:
        [(written, text)] = editor.apply(offered[title].edit).items()
        assert written == editor.uri("tests/test_normalised_training.py")
        assert "def test_every_parameter_of_normalised_trains():" in text
        compile(text, "test_normalised_training.py", "exec")
        editor.open("tests/test_normalised_training.py", text)
        again = (await editor.actions(uri, name))[title]
        assert again.edit is None, "the same tests are not written twice"
        window = editor.client.capabilities.window
        can_show = window is not None and window.show_document is not None and window.show_document.support
        assert (again.command is not None) == can_show


async def test_kinds_are_filtered_by_prefix(editor):
    uri = editor.open("normalised.py", BUGGY)
    place = editor.range_of(uri, CALL)
    everything = await editor.actions(uri, place)
    assert await editor.actions(uri, place, ["quickfix"]) == everything
    assert await editor.actions(uri, place, ["refactor"]) == {}
    assert await editor.actions(uri, place, ["source.fixAll"]) == {}
    assert await editor.actions(uri, lsp.Range(lsp.Position(0, 0), lsp.Position(0, 1))) == {}


async def test_other_files_are_seen_as_they_are_edited(editor):
    (editor.folder / "layers.py").write_text("")
    layers = editor.open("layers.py", "from torch.nn.functional import batch_norm\n")
    uri = editor.open("normalised.py", BUGGY.replace("import torch.nn.functional as F", "from layers import batch_norm").replace(CALL, "batch_norm"))
    await editor.changed_to(uri, [RULE])
    editor.substitute(layers, "import batch_norm", "import relu as batch_norm")
    await editor.changed_to(uri, [])
    editor.close(layers)


async def test_files_that_are_not_open_are_read_and_watched(editor):
    layers = editor.folder / "layers.py"
    layers.write_text("from torch.nn.functional import relu as batch_norm\n")
    uri = editor.open("normalised.py", BUGGY.replace("import torch.nn.functional as F", "from layers import batch_norm").replace(CALL, "batch_norm"))
    assert await editor.diagnostics(uri) == []
    layers.write_text("from torch.nn.functional import batch_norm\n")
    editor.changed_on_disk(layers, lsp.FileChangeType.Changed)
    await editor.changed_to(uri, [RULE])
    layers.unlink()
    editor.changed_on_disk(layers, lsp.FileChangeType.Deleted)
    await editor.changed_to(uri, [])


async def test_the_other_half_of_a_bug_is_related_information(editor):
    uri = editor.open("stacked.py", UNSTACKED)
    [diagnostic] = await editor.diagnostics(uri)
    assert diagnostic.code == "unstacked-layer"
    start = editor.range_of(uri, "self.second(inputs)").start
    assert diagnostic.range == lsp.Range(start, lsp.Position(start.line, start.character + len("self.second")))
    publish = editor.client.capabilities.text_document.publish_diagnostics
    if publish.related_information:
        [related] = diagnostic.related_information
        start = editor.range_of(uri, "self.first(inputs)").start
        end = lsp.Position(start.line, start.character + len("self.first"))
        assert related.location == lsp.Location(uri, lsp.Range(start, end))
        assert related.message == "the output of this layer is never read"
    else:
        assert diagnostic.related_information is None


SETTINGS = ["", f'severity = {{ "{RULE}" = "error" }}\n', 'select = ["comments"]\n', '[per-file-ignores]\n"normalised.py" = ["comments"]\n']


@pytest.mark.parametrize("settings", SETTINGS)
async def test_the_editor_and_the_command_line_find_the_same(editor, settings):
    path = editor.folder / "normalised.py"
    (editor.folder / "backprobe.toml").write_text(settings)
    path.write_text(BUGGY + "\n\ndef more(x):\n    return F.batch_norm(x, x, x)  # backprobe: ignore[unstacked-layer]\n")
    uri = editor.open("normalised.py", path.read_text())
    shown = await editor.diagnostics(uri)
    command = [os.environ["BACKPROBE"], "check", "--output-format", "json", path]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=60).stdout)
    assert len(found) == len(shown) > 0
    for finding, diagnostic in zip(found, shown):
        assert finding["rule"] == diagnostic.code
        assert finding["severity"] == diagnostic.severity.name.lower()
        start = lsp.Position(finding["line"] - 1, finding["column"] - 1)
        end = lsp.Position(finding["end_line"] - 1, finding["end_column"] - 1)
        assert diagnostic.range == lsp.Range(start, end)


async def test_pulled_diagnostics_carry_a_result(pulling):
    uri = pulling.open("normalised.py", BUGGY)
    report = await pulling.pull(uri)
    assert [diagnostic.range for diagnostic in report.items] == [pulling.range_of(uri, CALL)]
    assert (await pulling.pull(uri, report.result_id)).kind == "unchanged"
    pulling.substitute(uri, "import torch\n", "import torch\n\n")
    moved = await pulling.pull(uri, report.result_id)
    assert [diagnostic.range for diagnostic in moved.items] == [pulling.range_of(uri, CALL)]
