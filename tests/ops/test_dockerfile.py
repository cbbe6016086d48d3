"""The image as it is described: what goes in, who runs it, how it starts and is asked."""

import re

import pytest

from aggregator.settings import ServiceSettings
from tests.ops.commands import is_command
from tests.ops.dockerfile import copied, environment, instructions, lets_in, of, stages
from tests.ops.variables import unknown, wrong
from tests.repo.tree import PACKAGES, TOP, everything, files, name, project

SHIPPED = stages()[-1]


def test_both_stages_stand_on_the_projects_python() -> None:
    (base,) = (one.rest for one in instructions() if one.keyword == "ARG")
    lowest = project()["project"]["requires-python"].removeprefix(">=")
    assert re.fullmatch(rf"PYTHON=python:{lowest}(\.\d+)?-slim-[a-z]+", base)
    assert [one.words[0] for stage in stages() for one in of(stage, "FROM")] == ["${PYTHON}"] * 2


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_exists_and_is_sent_to_the_builder(source: str) -> None:
    path = TOP / source
    found = files(source) if path.is_dir() else [path]
    assert found
    assert all(one.is_file() and lets_in(name(one)) for one in found)


def test_nothing_else_is_sent_to_the_builder() -> None:
    wanted = set(copied())
    sent = {name(path) for path in everything() if lets_in(name(path))}
    assert {path for path in sent if not {path, path.split("/")[0]} & wanted} == set()
    assert not lets_in(".venv/bin/python")
    assert not lets_in("api/__pycache__/app.pyc")
    assert not lets_in("docker/allmende.toml")


def test_the_image_carries_every_package() -> None:
    assert set(PACKAGES) <= set(copied())


def test_every_installation_is_hashed_or_our_own_wheel() -> None:
    runs = [one.rest for stage in stages() for one in of(stage, "RUN")]
    installs = [run for run in runs if re.search(r"\bpip install\b", run)]
    assert len(installs) == 3
    hashed = [run for run in installs if "--require-hashes" in run]
    assert all("--only-binary :all:" in run or "--no-build" in run for run in hashed)
    assert all("--no-index" in run and "--no-deps" in run for run in set(installs) - set(hashed))


def test_what_ships_installs_nothing_and_has_no_compiler() -> None:
    text = "\n".join(one.rest for one in of(SHIPPED, "RUN"))
    assert not re.search(r"\b(pip|uv|apt|apt-get|gcc|curl|wget)\b", text)
    assert not re.search(r"\b(apt|apt-get|gcc|build-essential|curl)\b", str(instructions()))
    assert not [one for one in instructions() if one.keyword == "ADD"]


def test_it_runs_as_a_fixed_user_who_is_not_root() -> None:
    user = of(SHIPPED, "USER")[-1].rest
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    (making,) = of(SHIPPED, "RUN")
    number = user.partition(":")[0]
    assert {f"--uid {number}", f"--gid {number}", f"--owner {number}"} <= set(
        re.findall(r"--(?:uid|gid|owner) \d+", making.rest)
    )
    order = [one.keyword for one in SHIPPED]
    assert order.index("USER") > max(n for n, word in enumerate(order) if word in {"RUN", "COPY"})


def test_it_starts_a_command_of_ours_without_a_shell() -> None:
    (entry,), (command,) = of(SHIPPED, "ENTRYPOINT"), of(SHIPPED, "CMD")
    (program,) = entry.listed
    assert program.rpartition("/")[2] in project()["project"]["scripts"]
    assert program.rpartition("/")[0] in environment()["PATH"].split(":")
    assert command.listed == ["serve"]
    assert is_command(command.listed)


def test_it_is_ended_by_sigterm_and_asked_without_a_shell() -> None:
    assert [one.rest for one in of(SHIPPED, "STOPSIGNAL")] == ["SIGTERM"]
    (check,) = of(SHIPPED, "HEALTHCHECK")
    placed = [one.words[-1] for one in of(SHIPPED, "COPY") if "from" not in one.flags]
    assert check.listed[-1] in placed
    assert check.listed[0].startswith("/venv/bin/python")


def test_its_settings_exist_and_relative_paths_lead_into_the_volume() -> None:
    assert unknown(environment()) == set()
    assert wrong(environment()) == []
    (volume,) = (one.rest for one in of(SHIPPED, "VOLUME"))
    assert environment()["ALLMENDE_CONFIG"].rpartition("/")[0] == ""
    assert f"/{ServiceSettings().data}" == volume
    assert ServiceSettings().database.removeprefix("sqlite:///").startswith(volume.strip("/"))


def test_it_says_the_port_it_listens_on() -> None:
    assert [one.rest for one in of(SHIPPED, "EXPOSE")] == [str(ServiceSettings().port)]
    assert f'"{ServiceSettings().port}"' in (TOP / "docker" / "healthcheck.py").read_text()
