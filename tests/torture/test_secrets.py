"""A few faults with every test run; CI goes through all of them."""

import sys
from base64 import b64encode
from pathlib import Path
from subprocess import run
from urllib.parse import quote

import pytest

from aggregator.store.compression import compress
from tests.torture.secrets import Sweep
from tests.torture.spellings import spellings

FAULTS = 1
KEY = "Abc123defGHI456z/+&=%ü#"


@pytest.mark.timeout(120)
def test_no_key_gets_out_under_faults() -> None:
    command = [sys.executable, "-m", "tests.torture.secrets", "--n", str(FAULTS)]
    ended = run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{FAULTS} faults × 9 sinks: 0 hits" in ended.stdout


@pytest.mark.parametrize(
    "planted",
    [
        KEY.encode(),
        quote(KEY).encode(),
        quote(quote(KEY, safe=""), safe="").encode(),
        b'{"url":"' + KEY.encode("unicode_escape") + b'"}',
        compress(b"<x>" + KEY.encode() + b"</x>"),
        KEY.encode().hex().encode(),
        b64encode(b"user:" + KEY.encode()),
    ],
)
def test_a_planted_key_is_found_however_it_is_spelled(planted: bytes, tmp_path: Path) -> None:
    sweep = Sweep(spellings(KEY))
    (tmp_path / "file").write_bytes(planted)
    sweep.look_at_files(tmp_path)
    assert sweep.tally.found["file"] == 1


def test_what_is_no_key_is_no_hit() -> None:
    sweep = Sweep(spellings(KEY))
    sweep.look("page", b"Abc123 and a page of words")
    assert not sweep.tally.found
