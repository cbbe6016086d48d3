import re

import pytest

from connectors.cleaning.html import Body, body, html_of, line, plain, safe, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Nachhaltig<keit> lernen", "Nachhaltig<keit> lernen"),
        ("a < b & c > d", "a < b & c > d"),
        ("Baum &amp; Strauch", "Baum & Strauch"),
        ("Baum &amp;amp; Strauch", "Baum & Strauch"),
        ("AT&T ?a=1&copy=2&para=3", "AT&T ?a=1&copy=2&para=3"),
        ("5&nbsp;&euro;", "5 €"),
        ("Klartext  ohne\r\nMarkup", "Klartext ohne\nMarkup"),
        ("am Ende <br", "am Ende <br"),
    ],
)
def test_what_holds_no_known_tag_is_text(value: str, text: str) -> None:
    assert body(value) == Body(text=text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<p>Gie&szlig;en &amp; mehr</p>", "Gießen & mehr"),
        ("&lt;p&gt;Gie&amp;szlig;en &amp;amp; mehr&lt;/p&gt;", "Gießen & mehr"),
        ("&amp;lt;p&amp;gt;Gießen&amp;lt;/p&amp;gt;", "Gießen"),
        ("natur&lt;br /&gt;<br />\nklima", "natur\n\nklima"),
        ("<p>Nachhaltig<keit> &lt; 5</p>", "Nachhaltig<keit> < 5"),
        ("<P CLASS=x>Groß</P>", "Groß"),
        ("<p>abge<stro", "abge"),
        ("<p>a&amp;nbsp;b</p>", "a b"),
        ("x<o:p></o:p>y <!-- nie --> z", "xy z"),
    ],
)
def test_what_holds_a_known_tag_is_html_at_any_level(value: str, text: str) -> None:
    assert body(value).html
    assert plain(value) == text


@pytest.mark.parametrize("value", ["", " \n\t", "\u00a0", "&nbsp;"])
def test_white_space_is_nothing(value: str) -> None:
    assert body(value) == Body()
    assert plain(value) == ""


def test_html_that_shows_nothing_has_no_text() -> None:
    assert safe("<p>&nbsp;</p><p></p><script>x</script>") == ""
    assert plain("<p>&nbsp;</p>") == ""


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<p onclick="x()" style="y" title="z">a</p>', "<p>a</p>"),
        ("<script>x</script><style>y</style><svg><script>z</script></svg>a", "a"),
        ('<a href="javascript:x">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="/nah">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="https://a.example/?b=1&c=2">a</a>',
         '<a href="https://a.example/?b=1&amp;c=2" rel="noopener noreferrer">a</a>'),
        ('<img src="https://a.example/zaehler.gif">a', "a"),
        ('<iframe src="https://a.example/">b</iframe>a', "a"),
        ("<big><span>a</span></big>", "a"),
        ("<p>a<b>b", "<p>a<b>b</b></p>"),
    ],
)  # fmt: skip
def test_only_the_safe_subset_stays(html: str, kept: str) -> None:
    assert safe(html) == kept
    assert safe(kept) == kept


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>a</div><div>b</div><section>c</section>d", "a\n\nb\n\nc\n\nd"),
        ("<ul><li>a</li><li>b</li></ul>c", "- a\n- b\n\nc"),
        ("<table><tr><td>Mo</td><td>9 Uhr</td></tr><tr><td>Di</td></tr></table>", "Mo 9 Uhr\nDi"),
        ("<h2>T</h2><p>a<br>b</p>\n\n<p>c\n d</p>", "T\n\na\nb\n\nc d"),
        ('a <a href="https://x.example/?a=%3E">hier</a> &lt;b&gt; c', "a hier <b> c"),
    ],
)
def test_text_keeps_lines_lists_and_words_apart(html: str, text: str) -> None:
    assert text_of(safe(html)) == text


def test_text_becomes_html_with_the_same_lines() -> None:
    assert html_of("a <b>\nc\n\nd") == "<p>a &lt;b&gt;<br>c</p><p>d</p>"
    assert text_of(html_of("a <b>\nc\n\nd")) == "a <b>\nc\n\nd"


def test_a_line_is_one_line() -> None:
    assert (
        line("Nachhaltig<keit><br />\u00a0lernen\n &amp; mehr") == "Nachhaltig<keit> lernen & mehr"
    )
    assert line(" a\t b ") == "a b"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>" * 501 + "Garten &amp; Hof" + "</div>" * 501 + "<b>!</b>", "Garten & Hof !"),
        ("<ul><li>" * 501 + "&lt;script&gt;", "<script>"),
        ("&lt;" * 50_001, "<" * 50_001),
    ],
)
def test_of_markup_made_to_take_long_only_the_text_stays(html: str, text: str) -> None:
    cleaned = safe(html)
    assert set(re.findall(r"<\W?\w+", cleaned)) <= {"<p", "</p", "<br"}
    assert text_of(cleaned) == text


def test_long_honest_markup_stays() -> None:
    html = "<ul>" + "<li><b>Garten</b></li>" * 2_000 + "</ul>"
    assert safe(html).count("<b>") == 2_000
