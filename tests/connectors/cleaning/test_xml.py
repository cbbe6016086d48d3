import random
from io import BytesIO
from pathlib import Path

import pytest

from connectors.base import Unreadable
from connectors.cleaning.xml import CHUNK, XmlReader
from schema import Level

LIST = "<liste>{}</liste>"
RECORD = "<satz nr='{}'><titel>Gießen &amp; pflegen</titel><text>{}</text></satz>\n"

ODD = "<liste><satz nr='ä–€'/></liste>"


def records(count: int, text: str = "x") -> str:
    return LIST.format("".join(RECORD.format(number, text) for number in range(count)))


def read(data: bytes | str, charset: str | None = None) -> tuple[list[str], XmlReader]:
    reader = XmlReader(BytesIO(data.encode() if isinstance(data, str) else data), charset)
    return [each.get("nr", "") for each in reader.elements("satz")], reader


def codes(reader: XmlReader) -> list[str]:
    return [problem.code for problem in reader.problems()]


def test_a_whole_document_is_read_to_its_end() -> None:
    numbers, reader = read(records(3))
    assert (numbers, reader.root, reader.ended, codes(reader)) == (
        ["0", "1", "2"],
        "liste",
        True,
        [],
    )


def test_no_cut_document_ever_ends() -> None:
    data = records(120, "ä" * 200).encode()
    points = random.Random(7).sample(range(1, len(data)), 1000)
    assert not [point for point in points if read(data[:point])[1].ended]


def test_a_cut_document_delivers_what_was_read_and_says_so() -> None:
    data = records(300)
    numbers, reader = read(data[: data.index("nr='250'")])
    assert len(numbers) == 250
    assert codes(reader) == ["document.cut"]


@pytest.mark.parametrize(
    "rest", ["Käthe Wachtel, 0151 99108866", "Käthe\nWachtel, line 7, column 7"]
)
def test_what_a_document_says_where_it_is_cut_is_in_no_message(rest: str) -> None:
    _, reader = read(f"<liste>\n<!-- {rest}")
    assert reader.broken is not None
    assert reader.broken.startswith("Comment not terminated, line ")
    assert "Käthe" not in reader.broken
    assert "Wachtel" not in reader.broken


def test_what_stands_behind_the_end_makes_the_document_unproven() -> None:
    numbers, reader = read(records(2) + "<br />Warning: out of memory")
    assert len(numbers) == 2
    assert not reader.ended
    assert read(records(2) + "\n <!-- fine -->\n")[1].ended


@pytest.mark.parametrize(
    "poison",
    [
        b"\x00",
        b"\x0b",
        b"\x1f",
        b"\xe4",
        b"\xff",
        b"&#0;",
        b"&#xD800;",
        b"&#xFFFF;",
        b"\xef\xbf\xbe",
    ],
)
def test_one_forbidden_character_costs_one_character(poison: bytes) -> None:
    data = records(5, "POISON").encode().replace(b"POISON", poison, 1)
    numbers, reader = read(data)
    (problem,) = reader.problems()
    assert (len(numbers), reader.ended) == (5, True)
    assert (problem.code, problem.level) == ("document.scrubbed", Level.WARNING)
    assert problem.message == f"1 replaced, the first at {records(5, 'POISON').index('POISON')}"


def test_replaced_characters_are_shown_as_such() -> None:
    reader = XmlReader(BytesIO(b"<liste><satz>a\x00b&#xD800;c&#228;</satz></liste>"))
    assert [each.text for each in reader.elements("satz")] == ["a\ufffdb\ufffdcä"]


@pytest.mark.parametrize("reference", ["&#xD800;", "&#55296;", "&#x0000000b;"])
def test_a_reference_across_chunks_is_seen_wherever_it_is_cut(reference: str) -> None:
    for shift in range(len(reference) + 2):
        filler = " " * (CHUNK - len("<liste>") - shift)
        numbers, reader = read(f"<liste>{filler}{reference}<satz nr='1'/></liste>")
        assert (numbers, reader.ended, codes(reader)) == (["1"], True, ["document.scrubbed"])


def test_a_character_across_chunks_is_whole() -> None:
    for shift in range(4):
        filler = " " * (CHUNK - len("<liste><satz>") - shift)
        reader = XmlReader(BytesIO(f"<liste>{filler}<satz>€😀</satz></liste>".encode()))
        assert [each.text for each in reader.elements("satz")] == ["€😀"]


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (f"<?xml version='1.0'?>{ODD}".encode(), None),
        (f"<?xml version='1.0' encoding='ISO-8859-1'?>{ODD}".encode("cp1252"), None),
        (ODD.encode("cp1252"), "iso-8859-1"),
        (ODD.encode("utf-8-sig"), "iso-8859-1"),
        (f"<?xml version='1.0' encoding='UTF-16'?>{ODD}".encode("utf-16"), None),
        (f"<?xml version='1.0' encoding='UTF-8'?>{ODD}".encode(), "iso-8859-1"),
        (f"\n\n<?xml version='1.0' encoding='utf-16'?>{ODD}".encode(), None),
    ],
)
def test_the_encoding_is_what_the_bytes_are(data: bytes, charset: str | None) -> None:
    numbers, reader = read(data, charset)
    assert (numbers, reader.ended) == (["ä–€"], True)


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ("", "blank", "an empty answer"),
        (" \n", "blank", "an empty answer"),
        ("Fatal error", "error_page", "an error page"),
        ("All is well", "wrong_root", "text"),
        (
            '{"error":{"message":"Expectation Failed"}}',
            "wrong_root",
            "JSON: Expectation Failed",
        ),
        ("<agencies><mandant/></agencies>", "wrong_root", "<agencies>"),
        ("<!DOCTYPE html><html><body>", "shell_page", "a page that needs a browser"),
        (
            "<?xml version='1.0'?><!-- x --><html xmlns='http://www.w3.org/1999/xhtml'><h1>x</h1>",
            "web_page",
            "a web page",
        ),
    ],
)
def test_another_document_is_refused_by_its_root(data: str, code: str, said: str) -> None:
    reader = XmlReader(BytesIO(data.encode()))
    with pytest.raises(Unreadable) as refused:
        reader.expect("liste")
    problem = refused.value.problem
    assert problem.code == f"document.{code}"
    assert problem.message == f"<liste> expected, not {said}"


def test_a_document_type_that_declares_entities_is_refused() -> None:
    bomb = (
        "<!DOCTYPE liste [<!ENTITY a 'xxxx'><!ENTITY b '&a;&a;'>]><liste><satz nr='&b;'/></liste>"
    )
    with pytest.raises(Unreadable, match=r"document\.unreadable"):
        XmlReader(BytesIO(bomb.encode())).expect("liste")


def test_a_document_type_outside_is_not_fetched() -> None:
    data = "<!DOCTYPE liste SYSTEM 'file:///etc/passwd'><liste><satz nr='1'/></liste>"
    numbers, reader = read(data)
    reader.expect("liste")
    assert numbers == ["1"]


def test_only_children_of_the_root_are_delivered() -> None:
    numbers, _ = read(
        "<liste><gruppe><satz nr='1'/></gruppe><satz nr='2'><satz nr='3'/></satz></liste>"
    )
    assert numbers == ["2"]


def test_elements_that_were_read_leave_memory() -> None:
    reader = XmlReader(BytesIO(records(500).encode()))
    kept = [
        len(parent) for each in reader.elements("satz") if (parent := each.getparent()) is not None
    ]
    assert len(kept) == 500
    assert max(kept[-100:]) < 500


@pytest.mark.parametrize("declared", ["SYSTEM 'file://{path}'", "'kept in a file'"])
def test_whoever_expects_nothing_is_not_told_what_entities_stand_for(
    tmp_path: Path, declared: str
) -> None:
    """A second guard: `expect` refuses such documents before."""
    path = tmp_path / "file"
    path.write_text("kept in a file", "utf-8")
    entity = declared.format(path=path)
    data = f"<!DOCTYPE liste [<!ENTITY a {entity}>]><liste><satz>&a;</satz></liste>"
    said = [
        "".join(map(str, each.itertext()))
        for each in XmlReader(BytesIO(data.encode())).elements("satz")
    ]
    assert "kept" not in "".join(said)
