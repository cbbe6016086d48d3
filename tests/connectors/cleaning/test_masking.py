import pytest

from connectors.cleaning.contacts import Allowed
from connectors.cleaning.html import safe, text_of
from connectors.cleaning.masking import mask_html


@pytest.mark.parametrize(
    ("html", "masked", "found"),
    [
        ('<p>Mail: <a href="mailto:Karla.K@x.example">Karla</a></p>', "<p>Mail: […]</p>", 1),
        ('<p>Ruf <a href="tel:+493452002810">an</a></p>', "<p>Ruf […]</p>", 1),
        ("<p>karla@x.example, 0345&nbsp;2002810</p>", "<p>[…], […]</p>", 2),
        ("karla<b>@</b>x.example", "<p>[…]</p>", 1),
        ("<p>Tel. <b>0345</b>/<i>2002810</i> <b>jetzt</b></p>", "<p>Tel. […] jetzt</p>", 1),
        ("&lt;karla@x.example&gt;", "&lt;[…]&gt;", 1),
        ('<a href="https://wa.me/493452002810">x</a>', '<a rel="noopener noreferrer">x</a>', 1),
        ('<a href="https://x.example/?an=karla%40y.example">a</a>',
         '<a rel="noopener noreferrer">a</a>', 1),
        ('<a href="mailto:info@x.example,karla@x.example">a</a>', "[…]", 1),
    ],
)  # fmt: skip
def test_private_contacts_leave_html(html: str, masked: str, found: int) -> None:
    assert mask_html(safe(html)) == (masked, found)
    assert "karla" not in text_of(masked).lower()


def test_links_to_roles_stay_without_hidden_receivers() -> None:
    html = safe('<a href="mailto:info@x.example?bcc=karla@x.example">Büro</a>')
    kept = '<a href="mailto:info@x.example" rel="noopener noreferrer">Büro</a>'
    assert mask_html(html) == (kept, 0)


def test_links_with_numbers_in_them_stay() -> None:
    html = safe('<p><a href="https://x.example/?detail=0345200281">mehr</a></p>')
    assert mask_html(html) == (html, 0)


def test_an_organisations_own_number_may_be_linked() -> None:
    html = safe('<a href="tel:0345-2002810">0345 2002810</a>')
    assert mask_html(html, Allowed(phones=frozenset({"+493452002810"}))) == (html, 0)
