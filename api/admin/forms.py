"""Forms that are sent to us: small, and from our own pages only. Says nothing about who sends."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from aiohttp import hdrs, web

from api.keys import LINKS
from api.problems import HttpProblem

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
MOST_BYTES: Final = 8192
MOST_FIELDS: Final = 8
SITE: Final = "Sec-Fetch-Site"
SAME: Final = "same-origin"


async def read_form(request: web.Request) -> Mapping[str, str]:
    """The fields of a form. Raises a 403 for one that another site's page sent, a 400 for what is
    no form of ours."""
    if not comes_from_here(request.headers, request.app[LINKS].public_url):
        raise HttpProblem(status=403, code="request.not_from_here")
    length = request.content_length
    if request.content_type != MEDIA_TYPE or length is None or length > MOST_BYTES:
        raise HttpProblem(status=400, code="request.not_from_here")
    body = await request.read()
    try:
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise HttpProblem(status=400, code="request.not_from_here") from None
    return dict(fields)


def comes_from_here(headers: Mapping[str, str], public_url: str) -> bool:
    """Whether a page of this service sent a request, as the browser says (`Origin`, RFC 6454;
    `Sec-Fetch-Site`). A browser that does not say is not believed."""
    if headers.get(SITE, SAME) != SAME:
        return False
    try:
        origin = urlsplit(headers.get(hdrs.ORIGIN, ""))
    except ValueError:
        return False
    public = urlsplit(public_url)
    if origin.netloc == _netloc(public_url):
        return origin.scheme == public.scheme
    return origin.scheme in {"http", "https"} and origin.netloc == headers.get(hdrs.HOST)


def _netloc(address: str) -> str:
    """Host and port as a browser writes them: without the scheme's own port."""
    parts = urlsplit(address)
    usual = {"http": ":80", "https": ":443"}[parts.scheme]
    return parts.netloc.lower().removesuffix(usual)
