"""What a user does in VS Code, and what they see."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

# What would cover or change the picture, or ask the network.
QUIET = {
    "workbench.startupEditor": "none",
    "workbench.colorTheme": "Dark Modern",
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.enableExperiments": False,
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "update.mode": "none",
    "chat.disableAIFeatures": True,
    "git.enabled": False,
    "editor.fontFamily": "DejaVu Sans Mono",
    "editor.minimap.enabled": False,
    "terminal.integrated.fontFamily": "DejaVu Sans Mono",
    "files.autoSave": "off",
    # Letters in the page, not on a canvas.
    "terminal.integrated.gpuAcceleration": "off",
    "terminal.integrated.stickyScroll.enabled": False,
}


def settings(values: dict) -> str:
    """Settings as VS Code reads them; `__` stands for a dot in a name."""
    return json.dumps({name.replace("__", "."): value for name, value in values.items()})


class VSCode:
    """One window."""

    def __init__(self, page: Page, address: str, folder: Path, pictures: Path) -> None:
        page.set_default_timeout(PATIENCE_MS)
        self.page = page
        self.pictures = pictures
        pictures.mkdir(parents=True, exist_ok=True)
        page.goto(f"{address}/?folder={folder}", wait_until="domcontentloaded")
        page.locator(".explorer-folders-view").wait_for()

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def open(self, name: str) -> None:
        """Opens a file that the explorer shows."""
        self.page.locator(".explorer-folders-view .monaco-list-row", has_text=name).dblclick()
        self.tab(name).wait_for()

    def save(self) -> None:
        """Saves the file that is shown, and waits until it is."""
        self.press("Control+s")
        expect(self.page.locator(".tabs-container .tab.active.dirty")).to_have_count(0)

    def switch_to(self, name: str) -> None:
        """Goes to the tab of an open file, and takes the pointer out of the way."""
        self.tab(name).first.click()
        self.page.mouse.move(200, 500)

    def command(self, title: str) -> None:
        """Runs a command by its name in the palette."""
        self.press("F1")
        box = self.page.locator(".quick-input-widget input")
        box.fill(f">{title}")
        self.page.locator(".quick-input-list .monaco-list-row", has_text=title).first.click()

    def go_to(self, line: int, column: int = 1) -> None:
        """Puts the cursor there, counted from 1."""
        self.press("Control+g")
        self.page.locator(".quick-input-widget input").fill(f":{line}:{column}")
        self.press("Enter")
        expect(self.page.locator(".editor-statusbar-item, .statusbar-item", has_text=f"Ln {line}, Col {column}")).to_be_visible()

    def tab(self, name: str) -> Locator:
        return self.page.locator(".tabs-container .tab", has_text=name)

    def squiggles(self) -> Locator:
        return self.page.locator(".squiggly-warning, .squiggly-error")

    def line(self, text: str) -> Locator:
        return self.page.locator(".view-line").filter(has_text=text)

    def hover(self, squiggle: Locator) -> Locator:
        """Rests the pointer on an underlined piece of code; what comes up then."""
        box = squiggle.bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        shown = self.page.locator(".monaco-hover-content:visible")
        shown.first.wait_for()
        return shown

    def offers(self) -> Locator:
        """Clicks the light bulb; what it offers."""
        self.page.locator('[class*="codicon-gutter-lightbulb"], .lightBulbWidget.codicon:visible').first.click()
        offers = self.page.locator(".action-widget .monaco-list-row.action")
        offers.first.wait_for()
        return offers

    def notification(self, text: str) -> Locator:
        return self.page.locator(".notification-toast", has_text=text)

    def panel(self) -> Locator:
        """The panel below the editor."""
        return self.page.locator(".part.panel")
