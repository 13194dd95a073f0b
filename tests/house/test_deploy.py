"""What is deployed by: units that systemd takes, and an image of all packages of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
UNITS = sorted((TOP / "deploy" / "systemd").iterdir())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    # It looks whether the program is there, which is nobody's fault here.
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/srv/nps-warehouse/.venv/bin/nps", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert str(tmp_path) not in said.stderr, said.stderr


def test_an_image_holds_every_package() -> None:
    packages = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]["find"][
        "include"
    ]
    copied = re.findall(r"^COPY (\w+) \1$", (TOP / "deploy" / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert {*copied} == {name.rstrip("*") for name in packages}


def test_an_image_holds_the_files_that_the_code_reads_beside_its_packages() -> None:
    said = (TOP / "deploy" / "Containerfile").read_text("utf-8")
    [copied] = re.findall(r"^COPY (.+) \./$", said, re.MULTILINE)
    assert {"requirements.lock", "pyproject.toml", "dagster.yaml"} <= {*copied.split()}
