"""The suite for connectors must notice a connector that breaks a promise."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest

from connectors import (
    Complete,
    ConnectorSettings,
    Document,
    Everything,
    Facts,
    Manifest,
    Raw,
    Request,
    Secret,
    SecretRef,
    Understood,
    Unreadable,
)
from connectors.conformance import failures
from connectors.samples import EXPECTED, IN, Sample, difference, renew, samples
from schema import Contact, Entity, Offer, Problem

TITLES = {"de": "Gut", "en": "Good"}
PERSON = "karla.kanari@privat.example"
DOCUMENT = orjson.dumps({"offers": [{"id": "1", "title": "Eins"}, {"id": "2", "mail": PERSON}]})


class GoodSettings(ConnectorSettings):
    address: str = "https://good.example/list.json"
    """Where the list lies."""


class Good:
    """A small connector that keeps every promise."""

    manifest: ClassVar[Manifest] = Manifest(name="good", version=1, titles=TITLES, kinds=("offer",))
    Settings: type[ConnectorSettings] = GoodSettings

    def start(self, settings: Any, state: Any) -> Iterable[Request]:
        return [Request(url=settings.address)]

    def read(self, document: Document, settings: Any) -> Iterable[Understood]:
        with document.open() as file:
            try:
                offers = orjson.loads(file.read())["offers"]
            except (ValueError, KeyError) as error:
                raise Unreadable(Problem("document.unreadable")) from error
        yield from (Raw(key=each["id"], kind="offer", data=each) for each in offers)
        yield Complete(Everything())

    def map(self, raw: Raw, settings: Any, facts: Facts) -> Iterable[Entity]:
        title = raw.data.get("title", "Ohne Titel")
        yield Offer(
            native_id=str(raw.key), title={facts.language: title}, url="https://good.example/"
        )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    given = {"settings": {}, "canary": [PERSON]}
    (tmp_path / f"one{IN}").write_bytes(DOCUMENT)
    (tmp_path / f"one{EXPECTED}").write_bytes(orjson.dumps({"given": given}))
    renew(Good(), tmp_path)
    return tmp_path


def broken(connector: Any, folder: Path) -> str:
    return "\n".join(failures(connector, samples(connector, folder)))


def test_a_good_connector_conforms(folder: Path) -> None:
    assert not broken(Good(), folder)


def test_without_samples_nothing_is_proven() -> None:
    assert failures(Good(), ()) == ["there is no sample"]


def test_a_bad_manifest_is_noticed(folder: Path) -> None:
    class Bad(Good):
        manifest = Manifest(name="Bad-Name", version=0, titles={}, kinds=("dog",), max_pages=0)

    found = broken(Bad(), folder)
    for word in (
        "Bad-Name",
        "versions",
        "titles",
        "unknown kinds",
        "limits",
        "not in the manifest",
    ):
        assert word in found


def test_a_secret_that_is_no_reference_is_noticed(folder: Path) -> None:
    class BadSettings(GoodSettings):
        api_key: str = "x"

    class Bad(Good):
        Settings = BadSettings

        def start(self, settings: Any, state: Any) -> Iterable[Request]:
            return [Request(url=settings.address, query=(("api_key", settings.api_key),))]

    found = broken(Bad(), folder)
    assert "api_key is not marked SecretRef" in found
    assert "api_key has no text under it" in found
    assert "api_key is sent without a reference" in found


def test_a_secret_by_reference_is_fine(folder: Path) -> None:
    class Referring(Good):
        def start(self, settings: Any, state: Any) -> Iterable[Request]:
            return [Request(url=settings.address, query=(("key", Secret("env:KEY")),))]

    assert SecretRef is not None
    assert not broken(Referring(), folder)


def test_no_request_and_no_address_are_noticed(folder: Path) -> None:
    class Silent(Good):
        def start(self, settings: Any, state: Any) -> Iterable[Request]:
            return []

    class Astray(Good):
        def start(self, settings: Any, state: Any) -> Iterable[Request]:
            return [Request(url="file:///etc/passwd")]

    assert "no request" in broken(Silent(), folder)
    assert "no address to fetch" in broken(Astray(), folder)


def test_a_complete_that_a_cut_document_proves_is_noticed(folder: Path) -> None:
    class Gullible(Good):
        def read(self, document: Document, settings: Any) -> Iterable[Understood]:
            with document.open() as file:
                if not file.read().startswith(b'{"offers"'):
                    raise Unreadable(Problem("document.unreadable"))
            yield Complete(Everything())

    assert "complete although cut at byte" in broken(Gullible(), folder)


def test_a_login_page_that_is_read_is_noticed(folder: Path) -> None:
    class Credulous(Good):
        def read(self, document: Document, settings: Any) -> Iterable[Understood]:
            return ()

    found = broken(Credulous(), folder)
    assert "a page is not refused" in found
    assert "nothing is not refused" in found


def test_a_person_that_gets_through_is_noticed(folder: Path) -> None:
    class Leaky(Good):
        def map(self, raw: Raw, settings: Any, facts: Facts) -> Iterable[Entity]:
            contact = Contact(role="organisation", email=raw.data.get("mail"))
            yield Offer(native_id=str(raw.key), title={"de": "x"}, contact=contact)

    assert "got through" in broken(Leaky(), folder)


def test_a_sample_without_a_canary_is_noticed(folder: Path) -> None:
    path = folder / f"one{EXPECTED}"
    expected = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps({**expected, "given": {"settings": {}}}))
    assert "there is no canary" in broken(Good(), folder)
    path.write_bytes(orjson.dumps({**expected, "given": {"settings": {}, "canary": ["Nobody"]}}))
    assert "'Nobody' is not in the document" in broken(Good(), folder)


def test_what_is_no_plain_data_or_reads_differently_is_noticed(folder: Path) -> None:
    class Moody(Good):
        times: ClassVar[list[int]] = []

        def read(self, document: Document, settings: Any) -> Iterable[Understood]:
            yield from super().read(document, settings)
            self.times.append(1)
            yield Raw(key=str(len(self.times)), kind="event", data={"a": {1, 2}})

    with pytest.raises(TypeError):
        broken(Moody(), folder)


def test_an_entity_that_holds_nothing_is_noticed(folder: Path) -> None:
    class Empty(Good):
        def map(self, raw: Raw, settings: Any, facts: Facts) -> Iterable[Entity]:
            yield Offer(native_id=str(raw.key), title={"de": "x"}, summary={"de": ""})

    assert "holds an empty text" in broken(Empty(), folder)


def test_a_difference_is_shown_line_by_line(folder: Path) -> None:
    (sample,) = samples(Good(), folder)
    other = {**sample.expected, "complete": ["nothing"]}
    shown = difference(sample.expected, other)
    assert '-    "everything"' in shown
    assert '+    "nothing"' in shown
    assert not difference(other, other)


def test_half_a_pair_is_no_sample(folder: Path) -> None:
    (folder / f"two{IN}").write_bytes(b"")
    with pytest.raises(FileNotFoundError):
        samples(Good(), folder)


def test_renewing_keeps_how_a_sample_arrives(folder: Path) -> None:
    path = folder / f"one{EXPECTED}"
    expected = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps({"given": expected["given"]}))
    assert renew(Good(), folder) == ("one",)
    assert orjson.loads(path.read_bytes()) == expected
    assert renew(Good(), folder) == ()


def test_a_failed_document_has_no_bytes(folder: Path) -> None:
    sample: Sample = samples(Good(), folder)[0]
    failed = type(sample.document)(path=None, url="https://x.example/", failure="source.timeout")
    with pytest.raises(ValueError, match="no bytes"), failed.open():
        pass
