"""From an underlined line to a proven and mended bug, in the window: seen, explained, tested, red, fixed, green."""

from playwright.sync_api import expect

BUGGY = '''\
"""Tells three kinds of flowers apart."""
import torch
import torch.nn.functional as F
from torch import nn


class FlowerNet(nn.Module):
    def __init__(self, features=12, kinds=3):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, kinds)

    def forward(self, flowers):
        hidden = F.relu(self.hidden(flowers))
        hidden = F.dropout(hidden, p=0.5)
        return self.output(hidden)


def train(flowers, kinds, steps=100):
    model = FlowerNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(flowers), kinds).backward()
        optimizer.step()
    return model.eval()
'''
MENDED = BUGGY.replace("p=0.5", "p=0.5, training=self.training")
BEFORE = BUGGY[: BUGGY.index("F.dropout")]
LINE, COLUMN = 1 + BEFORE.count("\n"), 1 + len(BEFORE.rpartition("\n")[2])
TEST = "test_flowers_training.py"
RULE = "dropout-without-training-flag"


def test_a_bug_is_seen_proved_and_mended(open_project, project, python):
    source = project / "flowers.py"
    source.write_text(BUGGY)
    editor = open_project(python__defaultInterpreterPath=python)
    editor.open("flowers.py")

    # Seen.
    expect(editor.squiggles()).to_have_count(1)
    editor.picture("1-seen")

    # Explained.
    explanation = editor.hover(editor.squiggles())
    expect(explanation.first).to_contain_text("`F.dropout` stays on during evaluation", use_inner_text=True)
    expect(explanation.first).to_contain_text("Why it matters")
    editor.picture("2-explained")
    explanation.get_by_role("link", name=RULE).first.click()
    editor.tab(f"{RULE}.md").wait_for()
    expect(editor.line(f"# {RULE}").first).to_be_visible()
    editor.picture("2-page")
    editor.switch_to("flowers.py")

    # Offered.
    editor.go_to(LINE, COLUMN)
    offers = editor.offers()
    editor.picture("3-offered")
    offers.filter(has_text="Write a unit test for this finding").click()

    # Tested: written, opened, stored, and offered to run.
    editor.tab(TEST).wait_for()
    toast = editor.notification(f"backprobe wrote tests/{TEST}")
    toast.wait_for()
    editor.picture("4-written")
    [written] = (project / "tests").glob("test_*.py")
    test = written.read_text()
    assert written.name == TEST
    assert test.startswith('"""Written by backprobe')
    assert source.read_text() == BUGGY, "the action must leave the code alone"

    # Red.
    toast.get_by_role("button", name="Run the test").click()
    expect(editor.panel()).to_contain_text("1 failed")
    editor.picture("5-red")

    # Shown again, from the finding.
    editor.switch_to("flowers.py")
    editor.go_to(LINE, COLUMN + 1)
    editor.offers().filter(has_text="Show the unit test of this finding").click()
    expect(editor.page.locator(".tabs-container .tab.active")).to_contain_text(TEST)

    # Mended, as it is offered.
    editor.switch_to("flowers.py")
    editor.go_to(LINE, COLUMN + 2)
    editor.offers().filter(has_text="Pass `training=self.training`").click()
    expect(editor.squiggles()).to_have_count(0)
    editor.save()
    editor.picture("6-mended")
    assert source.read_text() == MENDED

    # Green: the test is found from the file that it is about.
    editor.command("backprobe: Run the test")
    expect(editor.panel()).to_contain_text("1 passed")
    editor.picture("7-green")
    assert written.read_text() == test


def test_a_test_is_written_for_the_line_of_the_cursor(open_project, project, python):
    (project / "flowers.py").write_text(BUGGY)
    editor = open_project(python__defaultInterpreterPath=python)
    editor.open("flowers.py")
    expect(editor.squiggles()).to_have_count(1)

    editor.go_to(1)
    editor.command("backprobe: Write unit test")
    editor.notification("backprobe found nothing in this line").wait_for()
    editor.picture("1-nothing-here")

    editor.go_to(LINE)
    editor.command("backprobe: Write unit test")
    editor.tab(TEST).wait_for()
    assert (project / "tests" / TEST).read_text().startswith('"""Written by backprobe')

    # What is written is not written again.
    editor.switch_to("flowers.py")
    editor.command("backprobe: Write unit test")
    editor.notification(f"The test is written already: tests/{TEST}").wait_for()
    editor.picture("2-written-already")

    # A run that is not over gives way to the next.
    editor.command("backprobe: Run the test")
    expect(editor.panel()).to_contain_text("test session starts")
    editor.command("backprobe: Run the test")
    expect(editor.panel()).to_contain_text("1 failed")
    # Nothing is asked.
    expect(editor.page.locator(".quick-input-widget")).to_be_hidden()


def test_a_fix_that_is_chosen_is_applied_at_once(open_project, project, python):
    source = project / "flowers.py"
    source.write_text(BUGGY.replace("F.dropout(hidden, p=0.5)", "F.batch_norm(hidden, self.mean, self.variance)"))
    editor = open_project(python__defaultInterpreterPath=python)
    editor.open("flowers.py")
    expect(editor.squiggles()).to_have_count(1)
    editor.go_to(LINE, COLUMN)
    editor.offers().filter(has_text="Pass `training=self.training`").click()
    expect(editor.squiggles()).to_have_count(0)
    editor.save()
    assert "F.batch_norm(hidden, self.mean, self.variance, training=self.training)" in source.read_text()


def test_a_missing_program_is_missed_aloud(open_project, project):
    (project / "flowers.py").write_text(BUGGY)
    editor = open_project()
    editor.open("flowers.py")
    missing = editor.notification("backprobe is not installed")
    missing.wait_for()
    editor.picture("1-missing")

    missing.get_by_role("button", name="How to install").click()
    readme = editor.page.frame_locator("iframe.webview.ready").frame_locator("iframe#active-frame")
    expect(readme.locator("body")).to_contain_text("It downloads nothing")
    editor.picture("2-how-to-install")

    editor.command("backprobe: Show log")
    expect(editor.panel()).to_contain_text("there is no /bin/backprobe")
    editor.picture("3-log")

    editor.command("backprobe: Restart server")
    missing.wait_for()
    missing.get_by_role("button", name="Open settings").click()
    expect(editor.page.locator(".settings-editor")).to_contain_text("The program backprobe")
    editor.picture("4-settings")


def test_the_program_follows_the_settings_and_the_python_extension(open_project, project, server, python):
    (project / "flowers.py").write_text(BUGGY)
    editor = open_project(backprobe__path="~/no/backprobe", selected__interpreter=python)
    editor.open("flowers.py")
    editor.notification("The setting backprobe.path names").wait_for()
    editor.picture("1-wrong-setting")
    expect(editor.squiggles()).to_have_count(0)

    server.configure(selected__interpreter=python)
    expect(editor.squiggles()).to_have_count(1)

    # An environment without backprobe.
    server.configure(selected__interpreter="/usr/bin/python3")
    expect(editor.squiggles()).to_have_count(0)
    editor.notification("neither in the selected Python environment nor on the PATH").wait_for()
    editor.picture("2-other-environment")

    server.configure(selected__interpreter=python)
    expect(editor.squiggles()).to_have_count(1)

    # The settings of projects may be kept in the editor.
    server.configure(selected__interpreter=python, backprobe__ignore=["dropout-without-training-flag"])
    expect(editor.squiggles()).to_have_count(0)
    server.configure(selected__interpreter=python)
    expect(editor.squiggles()).to_have_count(1)
