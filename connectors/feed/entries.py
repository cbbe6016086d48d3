"""feedparser's entries → raws: only what is used, as plain data. No persons, nothing that counts.

Names of a raw's fields: `id`, `link`, `title`, `text` (HTML or text), `summary`, `base` (for
addresses in the text), `published`, `updated`, `expires`, `tags`, `images`, `lat`, `lon`, `start`,
`end`, `dtend` (a date as end is the first day after it), `starttime`, `endtime`, `tzid`, `place`,
`organizer`, `status`, `generator`. Absent is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

from connectors.feed.identity import without_counting
from connectors.feed.parsing import OURS, Parsed
from schema.normal.names import fold_name
from schema.normal.urls import is_web_url

MOST_IMAGES: Final = 10
MOST_TAGS: Final = 100
_EVENT: Final = (
    *("start", "end", "dtend", "starttime", "endtime"),
    *("tzid", "place", "organizer", "status"),
)
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
_DATES: Final = {
    "published": ("published", "created"),
    "updated": ("updated",),
    "expires": ("expired", "validity_end"),
}

Data = dict[str, Any]


def raws_of(parsed: Parsed, url: str) -> Iterator[Data]:
    """A feed from `url` → the data of each of its entries. They are made plain dicts first:
    feedparser's own hand out one field in place of another."""
    base = _base(parsed.feed, url)
    generator = _text(parsed.feed.get("generator"))
    for entry in parsed.entries:
        data = _data(dict(entry), base)
        if generator and data:
            data["generator"] = generator
        if parsed.version.startswith("rss") and "updated" in data:
            data.setdefault("published", data["updated"])  # dc:date, where RSS has nothing else
        yield data


def _base(feed: Any, url: str) -> str:
    """What relative addresses start from where no xml:base says it: the feed's own page."""
    link = feed.get("link")
    return str(link) if link and is_web_url(link) else url


def _data(entry: Data, base: str) -> Data:
    link = _link(entry, base)
    text, summary, own = _texts(entry)
    lat, lon = _point(entry)
    said: Data = {
        "id": _text(entry.get("id")),
        "link": link,
        "title": _text(entry.get("title")),
        "text": text,
        "summary": summary,
        "base": _from(own or base, text, link),
        "tags": _tags(entry),
        "images": _images(entry, base),
        "lat": lat,
        "lon": lon,
        **{name: _dated(entry, names) for name, names in _DATES.items()},
        **{name: _text(entry.get(f"{OURS}_{name}")) for name in _EVENT},
    }
    return {name: value for name, value in said.items() if value}


def _text(value: Any) -> str | None:
    """A text that says something; feedparser has objects where an element had attributes."""
    return value.strip() or None if isinstance(value, str) else None


def _from(base: str, text: str | None, link: str | None) -> str | None:
    """The base of addresses in a text, where the text could have relative ones."""
    if not text or ("href" not in text.lower()):
        return None
    base = urljoin(link or "", base)
    return base if is_web_url(base) else None


def _dated(entry: Data, names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := _text(entry.get(name)))), None)


def _link(entry: Data, base: str) -> str | None:
    """The entry's page: its link, or the first page among its links, or its id, where that is a
    whole address."""
    own = entry.get("link")
    if own == entry.get("id") and not is_web_url(own or ""):
        own = None  # feedparser gives out any id as a link
    links = [each.get("href") for each in entry.get("links", ()) if each.get("rel") == "alternate"]
    for link in (own, *links):
        if isinstance(link, str) and (url := joined(base, link)):
            return url
    return None


def joined(base: str, link: str) -> str | None:
    """An address as written → a whole web address without what counts visitors; None for others."""
    link = link.strip().replace(" ", "%20")
    if not link:
        return None
    try:
        url = link if is_web_url(link) else urljoin(base, link)
        return without_counting(url) if is_web_url(url) else None
    except ValueError:
        return None


def _texts(entry: Data) -> tuple[str | None, str | None, str | None]:
    """The entry's text, the summary where there is one beside it, and the text's own base."""
    summary = _text(entry.get("summary"))
    for content in entry.get("content") or ():
        text = _text(content.get("value"))
        if text and not content.get("type", "").startswith(("image/", "audio/", "video/")):
            beside = summary if summary != text else None
            return text, beside, _text(content.get("base"))
    if summary is None:
        return _text(entry.get("media_description")), None, None
    detail = entry.get("summary_detail")
    return summary, None, _text(detail.get("base")) if isinstance(detail, Mapping) else None


def _tags(entry: Data) -> list[str]:
    """Categories by the name that is shown to people, and by the term, where it is a word too."""
    tags: dict[str, str] = {}
    for tag in entry.get("tags", ()):
        label, term = _text(tag.get("label")), _text(tag.get("term"))
        if label:
            tags.setdefault(fold_name(label), label)
        if term and not (label and is_web_url(term)):
            tags.setdefault(fold_name(term), term)
    return list(tags.values())[:MOST_TAGS]


def _images(entry: Data, base: str) -> list[str]:
    """Pictures: enclosures, media:content, and the thumbnail where there is nothing larger."""
    enclosed = [link for link in entry.get("links", ()) if link.get("rel") == "enclosure"]
    large = [*enclosed, *(_list(entry.get("media_content")))]
    found = [_picture(each, base) for each in large]
    found += [_picture(each, base, sure=True) for each in _list(entry.get("media_thumbnail"))[:1]]
    pictures = list(dict.fromkeys(url for url in found if url))
    return pictures[:MOST_IMAGES]


def _list(value: Any) -> list[Any]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _picture(said: Mapping[str, Any], base: str, *, sure: bool = False) -> str | None:
    address = said.get("href") or said.get("url")
    if not isinstance(address, str) or not address:
        return None
    kind = f"{said.get('type') or ''} {said.get('medium') or ''}"
    named = address.lower().partition("?")[0].endswith(_PICTURES)
    is_picture = sure or "image" in kind or (named and not kind.strip())
    return joined(base, address) if is_picture else None


def _point(entry: Data) -> tuple[str | None, str | None]:
    """Latitude and longitude as texts: GeoRSS (which feedparser turns round), W3C geo, ICBM."""
    where = entry.get("where")
    if isinstance(where, Mapping) and where.get("type") == "Point":
        lon, lat = where["coordinates"][:2]
        return str(lat), str(lon)
    lat, lon = _text(entry.get("geo_lat")), _text(entry.get("geo_long"))
    if lat and lon:
        return lat, lon
    return _text(entry.get("icbm_latitude")), _text(entry.get("icbm_longitude"))
