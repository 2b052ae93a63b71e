"""What is in the package that users install."""

import json
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "editors" / "vscode"
MANIFEST = json.loads((EXTENSION / "package.json").read_text())


@pytest.fixture(scope="module")
def package():
    with zipfile.ZipFile(EXTENSION / "backprobe.vsix") as package:
        yield package


def test_it_holds_the_bundle_and_what_users_read(package):
    files = {name.removeprefix("extension/") for name in package.namelist() if name.startswith("extension/")}
    assert files == {"package.json", "readme.md", "LICENSE.txt", "dist/notices.txt", MANIFEST["main"].removeprefix("./"), MANIFEST["icon"]}


def test_it_is_small(package):
    assert sum(entry.compress_size for entry in package.infolist()) < 500_000


def test_the_icon_is_a_picture_that_is_large_enough(package):
    icon = package.read(f"extension/{MANIFEST['icon']}")
    assert icon.startswith(b"\x89PNG")
    assert int.from_bytes(icon[16:20]) >= 128


def test_the_version_is_that_of_the_program():
    assert MANIFEST["version"] == tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]


def test_the_licence_is_that_of_the_repository():
    assert (EXTENSION / "LICENSE").read_text() == (ROOT / "LICENSE-MIT").read_text()


def test_the_licences_of_what_is_bundled_are_in_it(package):
    notices = package.read("extension/dist/notices.txt").decode()
    for name in ["vscode-languageclient", "vscode-jsonrpc", "vscode-languageserver-types", "semver"]:
        assert re.search(rf"^{re.escape(name)} \d+\.\d+\.\d+$", notices, re.MULTILINE), name


def test_the_readme_names_every_command_and_every_setting_of_the_extension():
    readme = (EXTENSION / "README.md").read_text()
    commands = MANIFEST["contributes"]["commands"]
    own, _ = MANIFEST["contributes"]["configuration"]
    settings = own["properties"]
    for name in [f"{command['category']}: {command['title']}" for command in commands] + [f"`{name}`" for name in settings]:
        assert name in readme, name


def test_the_lock_file_names_no_place_to_download_from():
    packages = json.loads((EXTENSION / "package-lock.json").read_text())["packages"]
    assert len(packages) > 10
    assert not [name for name, package in packages.items() if "resolved" in package]
