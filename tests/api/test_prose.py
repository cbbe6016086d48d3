"""Longer texts of others stand in our pages, and are never a part of them."""

import pytest

from api.site.cards import beginning
from api.site.prose import from_markdown, from_text, paragraphs, safe_html


def test_markdown_gives_the_page_its_title_and_sets_headings_below() -> None:
    read = from_markdown("# Impressum *der Stadt*\n\n### Anschrift\n\nMarkt 1\n\n## Amt\n")
    assert read.title == "Impressum der Stadt"
    assert read.html == "<h2>Anschrift</h2>\n<p>Markt 1</p>\n<h2>Amt</h2>\n"


def test_markdown_without_a_heading_has_no_title() -> None:
    assert from_markdown("Markt 1\n").title is None


def test_markdown_knows_tables_links_and_lists() -> None:
    html = from_markdown(
        "| a | b |\n| - | - |\n| 1 | 2 |\n\n* [x](https://stadt.example/)\n* <a@b.example>\n"
    ).html
    assert "<td>1</td>" in html
    assert '<a href="https://stadt.example/" rel="noopener noreferrer">x</a>' in html
    assert 'href="mailto:a@b.example"' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://foreign.example/x.png)",
        '<img src=x onerror="alert(1)">',
        "<style>*{display:none}</style>",
    ],
)
def test_nothing_in_markdown_runs_or_loads(text: str) -> None:
    html = from_markdown(f"# Titel\n\n{text}").html
    for mark in ("<script", "<img", "<style", 'href="javascript'):
        assert mark not in html


def test_html_of_others_claims_no_part_of_the_page() -> None:
    said = "<main><nav><h1>A</h1></nav><h4>B</h4><h4>C</h4><section id=x>D</section></main>"
    assert safe_html(said, below=2) == "<h3>A</h3><h4>B</h4><h4>C</h4>D"


def test_html_of_others_is_made_safe_again() -> None:
    said = '<p onclick="x()" class="button">a</p><img src="https://foreign.example/"><form>b</form>'
    assert safe_html(said, below=1) == "<p>a</p>b"


def test_headings_never_go_deeper_than_there_are() -> None:
    assert safe_html("<h1>a</h1><h2>b</h2>", below=6) == "<h6>a</h6><h6>b</h6>"


def test_plain_text_keeps_its_paragraphs_and_lines() -> None:
    assert paragraphs("a <b>\nc\n\n\nd") == "<p>a &lt;b&gt;<br>\nc</p>\n<p>d</p>"
    assert from_text("x").title is None


def test_a_text_is_cut_between_words_and_one_long_word_anywhere() -> None:
    assert beginning("Wir pflanzen, gießen und ernten.", 15) == "Wir pflanzen …"
    assert beginning("https://verein.example/" + "x" * 300, 12) == "https://vere…"
    assert beginning("Kurz.", 12) == "Kurz."
