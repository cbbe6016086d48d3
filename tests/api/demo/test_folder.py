"""The demo's folder makes it the same demo again, wherever its ports have gone."""

import json
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.demo.calendars import CALENDARS
from api.demo.configuration import AGENCY
from api.demo.folder import InUse, Kept, free_port, key, occupied, settle
from api.demo.programme import ideas


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def configuration(folder: Path) -> dict[str, Any]:
    """What the folder's configuration says."""
    return tomllib.loads((folder / "allmende.toml").read_text("utf-8"))


def test_a_new_folder_gets_birth_ports_and_configuration(tmp_path: Path) -> None:
    kept = settle(tmp_path, 1_800_000_000, None)
    said = configuration(tmp_path)
    assert kept.birth == 1_800_000_000
    assert said["service"]["public_url"] == f"http://127.0.0.1:{kept.port}/"
    assert said["service"]["port"] == kept.port
    assert f":{kept.city_port}/" in said["source"][0]["settings"]["base_url"]


def test_every_calendar_of_the_city_is_a_source_of_a_new_demo(tmp_path: Path) -> None:
    kept = settle(tmp_path, 1, None)
    sources = configuration(tmp_path)["source"][1:]
    asked = [source["settings"]["url"] for source in sources]
    assert asked == [f"http://127.0.0.1:{kept.city_port}/{each.path}" for each in CALENDARS]
    assert len({source["id"] for source in sources}) == len(CALENDARS)
    words = {word for each in CALENDARS for idea in ideas(each.name) for word in idea.words}
    assert all(words <= source["terms"].keys() for source in sources)


def test_a_folder_of_before_there_were_calendars_stays_as_it_is(tmp_path: Path) -> None:
    text = AGENCY.format(port=20500, city_port=20501)
    (tmp_path / "allmende.toml").write_text(text, "utf-8")
    kept = Kept(seed=1, birth=1_800_000_000, port=20500, city_port=20501)
    (tmp_path / "demo.json").write_text(json.dumps(_asdict(kept)))
    again = settle(tmp_path, 1_900_000_000, None)
    said = configuration(tmp_path)
    assert again.birth == kept.birth
    assert [source["id"] for source in said["source"]] == ["freinet-musterstadt"]
    assert said["service"]["port"] == again.port


def test_a_second_start_keeps_birth_and_edits(tmp_path: Path) -> None:
    first = settle(tmp_path, 1_800_000_000, None)
    file = tmp_path / "allmende.toml"
    file.write_text(file.read_text().replace('"20s"', '"5s"'))
    assert settle(tmp_path, 1_900_000_000, None) == first
    assert configuration(tmp_path)["source"][0]["every"] == "5s"


def test_a_taken_port_gives_way_everywhere_in_the_configuration(tmp_path: Path, taken: int) -> None:
    settle(tmp_path, 1, None)
    before = json.loads((tmp_path / "demo.json").read_text())
    text = (tmp_path / "allmende.toml").read_text()
    (tmp_path / "demo.json").write_text(json.dumps(before | {"port": taken}))
    (tmp_path / "allmende.toml").write_text(text.replace(str(before["port"]), str(taken)))
    kept = settle(tmp_path, 2, None)
    said = configuration(tmp_path)["service"]
    assert kept.port > taken
    assert (said["port"], said["public_url"]) == (kept.port, f"http://127.0.0.1:{kept.port}/")


def test_ports_that_change_places_are_not_confused(tmp_path: Path) -> None:
    first, second = free_port(20000), free_port(20001)
    text = f'port = {first}\nbase_url = "http://127.0.0.1:{second}/"\n'
    kept = Kept(seed=1, birth=1, port=first, city_port=second)
    (tmp_path / "demo.json").write_text(json.dumps({**_asdict(kept)}))
    (tmp_path / "allmende.toml").write_text(f"\n{text}")
    settle(tmp_path, 1, second)
    said = configuration(tmp_path)
    assert said["port"] == second
    assert str(second) not in said["base_url"]


def _asdict(kept: Kept) -> dict[str, int]:
    return {name: getattr(kept, name) for name in ("seed", "birth", "port", "city_port")}


def test_a_spoiled_state_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")
    assert settle(tmp_path, 7, None).birth == 7


def test_the_wanted_port_is_taken_where_it_is_free(tmp_path: Path) -> None:
    wanted = free_port(21000)
    assert settle(tmp_path, 1, wanted).port == wanted


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = key(tmp_path)
    assert len(made) == 32
    assert key(tmp_path) == made
    assert (tmp_path / "city.key").stat().st_mode & 0o777 == 0o600


def test_one_folder_is_used_by_one_demo(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    with occupied(folder), pytest.raises(InUse), occupied(folder):
        pass
    with occupied(folder):
        pass
