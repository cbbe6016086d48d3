"""The systemd unit: it starts a command of ours with settings that exist; where systemd is at
hand, systemd itself reads it."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.ops.commands import is_command
from tests.ops.variables import unknown, wrong
from tests.repo.tree import TOP, project

UNIT: Final = TOP / "docker" / "allmende.service"
EXPOSURE: Final = 15
"""Tenths of what `systemd-analyze security` counts; nothing kept out would be 100."""


def lines(name: str) -> list[str]:
    """Values of every line of this name."""
    return re.findall(rf"(?m)^{name}=(.*)$", UNIT.read_text())


def test_it_starts_a_command_of_ours() -> None:
    (start,) = lines("ExecStart")
    program, *words = start.split()
    assert Path(program).name in project()["project"]["scripts"]
    assert is_command(words)


def test_its_variables_are_settings_and_data_lies_where_it_may_write() -> None:
    variables = dict(one.split("=", 1) for one in lines("Environment"))
    assert unknown(variables) == set()
    assert wrong(variables) == []
    (state,) = lines("StateDirectory")
    assert variables["ALLMENDE_SERVICE__DATA"] == f"/var/lib/{state}"
    assert f"////var/lib/{state}/" in variables["ALLMENDE_SERVICE__DATABASE"].replace(
        "sqlite:/", "/"
    )


def test_a_credential_is_named_as_the_configuration_reads_it() -> None:
    text = UNIT.read_text()
    (loaded,) = re.findall(r"(?m)^#LoadCredential=([\w-]+):", text)
    (read,) = re.findall(r'"file:/run/credentials/([^"]+)"', text)
    assert read == f"{UNIT.name}/{loaded}"


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that is there, for `systemd-analyze` looks whether it is."""
    (start,) = lines("ExecStart")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace(start.split()[0], "/bin/true"))
    return copy


@pytest.mark.ops
def test_systemd_finds_nothing_wrong_with_it(unit: Path) -> None:
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.ops
def test_systemd_finds_it_confined(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--no-pager", "--offline=yes"]
    bounded = [*command, f"--threshold={EXPOSURE}", str(unit)]
    done = subprocess.run(bounded, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_line_stands_twice_that_systemd_reads_once() -> None:
    repeatable = {"Environment", "SystemCallFilter"}
    keys = re.findall(r"(?m)^(\w+)=", UNIT.read_text())
    assert {key for key in keys if keys.count(key) > 1} <= repeatable
