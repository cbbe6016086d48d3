"""Reading the pages of lists as a person or a browser would. For tests only."""

from typing import Any

from lxml import html

from tests.api.asking import ask
from tests.api.conftest import Client

PREFIX = "/klima"
"""Where the served instance lives on its host; links of pages carry it."""


async def page(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    """One GET → the page's tree; the status must be the one expected."""
    answer = await ask(client, path, **headers)
    text = await answer.text()
    assert answer.status == status, text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return html.fromstring(text)


def text_of(tree: Any) -> str:
    """What can be read in a part of a page."""
    return " ".join(tree.text_content().split())


def texts(tree: Any, path: str) -> list[str]:
    """What can be read in every part that a path finds."""
    return [text_of(each) for each in tree.xpath(path)]


def inner(href: str) -> str:
    """A link of a page → what reaches the application behind its proxy."""
    assert href.startswith(f"{PREFIX}/"), href
    return href.removeprefix(PREFIX)


def total(tree: Any) -> str:
    """How many entries a list says it has."""
    (said,) = texts(tree, "//h2[@id='results']")
    return said


def titles(tree: Any) -> list[str]:
    """The titles on the cards of a list."""
    return texts(tree, "//ul[@class='cards']//h3")


def chips(tree: Any) -> dict[str, str]:
    """The active filters: what each says → the link that drops it."""
    found = tree.xpath("//ul[@class='chips']/li[not(@class)]/a")
    return {text_of(each).removesuffix(" entfernen"): each.get("href") for each in found}


def option_of(tree: Any, field: str) -> str:
    """What is chosen in a field."""
    (chosen,) = tree.xpath(f"//select[@name='{field}']//option[@selected]/@value")
    return str(chosen)
