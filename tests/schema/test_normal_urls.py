import pytest

from schema.normal.urls import LONGEST, is_web_url, web_url


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "HTTPS://a.example:8080/ä?b=1#c",
        "http://127.0.0.1:1/",
        "http://[::1]/",
        "https://bücher.example/",
    ],
)
def test_whole_web_addresses_are_published(url: str) -> None:
    assert is_web_url(url)
    assert web_url(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "ftp://a.example/",
        "javascript:alert(1)",
        "https://u:p@a.example/",
        "https://u@a.example/",
        "https://a.example/ b",
        "https://a.example/\nb",
        'https://a.example/"onload=x',
        "https://a.example/<script>",
        "//a.example/",
        f"https://a.example/{'x' * LONGEST}",
    ],
)
def test_everything_else_is_not(url: str) -> None:
    assert not is_web_url(url)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("www.a.example", "http://www.a.example"),
        ("a.example/b?c=1", "http://a.example/b?c=1"),
        ("max@a.example", None),
        ("siehe Aushang", None),
        ("Nach Absprache.", None),
        ("e.V.", None),
        ("", None),
        ("-", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_homepage_is_an_address_or_nothing(written: str, url: str | None) -> None:
    assert web_url(written) == url
