"""Documents in use and documents kept: never one taken from under a reader, nothing left behind."""

import asyncio
import hashlib
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.fetch.answers import Fetched
from aggregator.fetch.snapshots import DamagedSnapshot, Snapshots
from tests.aggregator.fetch.conftest import left_over, read

BODY = b"<angebot>Giessen</angebot>" * 1000
NAME = hashlib.sha256(BODY).hexdigest()


async def put(snapshots: Snapshots, body: bytes = BODY) -> Fetched:
    async with snapshots.writing() as part:
        await snapshots.run(part.write, body)
    return Fetched(url="", status=200, path=str(part.path), sha256=part.sha256, size=part.size)


async def test_a_kept_document_comes_back_as_it_was(snapshots: Snapshots) -> None:
    fetched = await put(snapshots)
    await snapshots.keep(fetched)
    assert left_over(snapshots) == [f"{NAME}.zst"]
    assert (snapshots.folder / f"{NAME}.zst").stat().st_size < len(BODY) / 10
    async with snapshots.open_plain(NAME) as path:
        assert read(path) == BODY
    assert left_over(snapshots) == [f"{NAME}.zst"]


async def test_a_dropped_document_is_gone(snapshots: Snapshots) -> None:
    fetched = await put(snapshots)
    snapshots.drop(fetched)
    snapshots.drop(fetched)
    assert left_over(snapshots) == []


async def test_keeping_then_dropping_keeps(snapshots: Snapshots) -> None:
    fetched = await put(snapshots)
    await snapshots.keep(fetched)
    snapshots.drop(fetched)
    await snapshots.keep(fetched)
    assert snapshots.has(NAME)
    snapshots.delete(NAME)
    assert not snapshots.has(NAME)
    with pytest.raises(FileNotFoundError):
        await snapshots.keep(fetched)


async def test_the_same_bytes_kept_at_once_are_kept_once(snapshots: Snapshots) -> None:
    documents = [await put(snapshots) for _ in range(8)]
    assert len({fetched.path for fetched in documents}) == 8
    await asyncio.gather(*map(snapshots.keep, documents))
    assert left_over(snapshots) == [f"{NAME}.zst"]
    async with snapshots.open_plain(NAME) as path:
        assert read(path) == BODY


async def test_what_was_damaged_is_whole_when_it_is_kept_again(snapshots: Snapshots) -> None:
    kept = snapshots.folder / f"{NAME}.zst"
    await snapshots.keep(await put(snapshots))
    before = kept.read_bytes()
    kept.write_bytes(b"nonsense")
    await snapshots.keep(await put(snapshots))
    assert kept.read_bytes() == before
    assert left_over(snapshots) == [kept.name]


async def test_dropping_one_leaves_the_other_of_the_same_bytes(snapshots: Snapshots) -> None:
    one, other = await put(snapshots), await put(snapshots)
    snapshots.drop(one)
    assert read(other.path) == BODY


async def fail_while_writing(snapshots: Snapshots) -> None:
    async with snapshots.writing() as part:
        part.write(BODY)
        raise ZeroDivisionError


async def test_a_failed_block_leaves_nothing(snapshots: Snapshots) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail_while_writing(snapshots)
    assert left_over(snapshots) == []


def mode_of(path: str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


async def test_only_the_owner_may_read(snapshots: Snapshots) -> None:
    fetched = await put(snapshots)
    await snapshots.keep(await put(snapshots))
    for path, mode in (
        (fetched.path, 0o600),
        (snapshots.folder / f"{NAME}.zst", 0o600),
        (snapshots.folder, 0o700),
    ):
        assert mode_of(str(path)) == mode


async def test_sweeping_takes_what_nobody_holds(snapshots: Snapshots) -> None:
    (snapshots.folder / "0123.part").write_bytes(b"left behind")
    fetched = await put(snapshots)
    await snapshots.keep(await put(snapshots, b"kept"))
    assert Snapshots(snapshots.folder).sweep() == 1
    assert read(fetched.path) == BODY
    assert len(left_over(snapshots)) == 2


HOLD = """
import sys
from pathlib import Path
from aggregator.fetch.snapshots import Part
part = Part(Path(sys.argv[1]))
part.write(b"x")
print(part.path, flush=True)
sys.stdin.read()
"""


def test_sweeping_spares_another_living_process(snapshots: Snapshots) -> None:
    command = [sys.executable, "-c", HOLD, str(snapshots.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        path = Path(process.stdout.readline().decode().strip())
        assert (snapshots.sweep(), path.exists()) == (0, True)
        process.kill()
    assert (snapshots.sweep(), path.exists()) == (1, False)


@pytest.mark.parametrize("cut", [slice(0, 30), slice(0, 0), slice(10, None)])
async def test_a_damaged_document_is_noticed(snapshots: Snapshots, cut: slice) -> None:
    await snapshots.keep(await put(snapshots))
    kept = snapshots.folder / f"{NAME}.zst"
    kept.write_bytes(kept.read_bytes()[cut])
    with pytest.raises(DamagedSnapshot):
        async with snapshots.open_plain(NAME):
            pass
    assert left_over(snapshots) == [kept.name]


async def test_a_document_with_other_bytes_is_noticed(snapshots: Snapshots) -> None:
    other = await put(snapshots, b"other")
    await snapshots.keep(other)
    (snapshots.folder / f"{other.sha256}.zst").rename(snapshots.folder / f"{NAME}.zst")
    with pytest.raises(DamagedSnapshot, match="other bytes"):
        async with snapshots.open_plain(NAME):
            pass


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64])
async def test_only_digests_name_documents(snapshots: Snapshots, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        snapshots.has(name)


async def test_what_is_not_kept_cannot_be_opened(snapshots: Snapshots) -> None:
    with pytest.raises(FileNotFoundError):
        async with snapshots.open_plain(NAME):
            pass
    assert left_over(snapshots) == []


async def test_closing_removes_what_is_in_use(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    await put(snapshots)
    snapshots.close()
    assert left_over(snapshots) == []
