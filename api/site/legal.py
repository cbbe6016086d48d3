"""What `[site]` says about imprint, privacy and accessibility, read once. Shows none of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aggregator.settings import LEGAL, SiteSettings, is_web_address
from api.site.prose import Document, from_markdown, from_text

MARKDOWN: Final = ".md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """One of the pages: an address elsewhere, or a text of the operator's in `language`, or
    neither; then our own page is shown."""

    address: str | None = None
    document: Document | None = None
    language: str


def legal_pages(site: SiteSettings) -> Mapping[str, Legal]:
    """Name → page, for each of `LEGAL`. Reads the files; raises `OSError` for one that is gone."""
    return {name: _legal(getattr(site, name), site.language) for name in LEGAL}


def _legal(setting: str | None, language: str) -> Legal:
    if setting is None:
        return Legal(language=language)
    if is_web_address(setting):
        return Legal(address=setting, language=language)
    path = Path(setting)
    text = path.read_text("utf-8-sig")
    read = from_markdown if path.suffix.lower() == MARKDOWN else from_text
    return Legal(document=read(text), language=language)
