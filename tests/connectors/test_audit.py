from connectors.mapping import Audit
from schema import Level


def test_used_fields_are_taken_and_others_left() -> None:
    audit = Audit(frozenset({"titel", "ort"}), frozenset({"intern"}))
    assert audit.take({"titel": "a", "intern": "b", "neu": "c"}) == {"titel": "a"}


def test_a_field_that_nothing_reads_is_reported_once_for_all_records() -> None:
    audit = Audit(frozenset({"titel"}), frozenset({"intern"}))
    for _ in range(3):
        audit.take({"titel": "a", "neu": "geheim", "intern": "b", "alt": "c"})
    found = audit.problems()
    assert [(each.code, each.path, each.level) for each in found] == [
        ("record.unmapped_field", "alt", Level.INFO),
        ("record.unmapped_field", "neu", Level.INFO),
    ]
    assert "geheim" not in str(found)


def test_a_document_whose_fields_are_all_named_needs_no_words() -> None:
    audit = Audit(frozenset({"titel"}), frozenset({"intern"}))
    audit.take({"titel": "a", "intern": "b"})
    assert not audit.problems()
