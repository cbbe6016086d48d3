"""What a list is shown with: the day it is, what its values name, and ways out of an empty one."""

from zoneinfo import ZoneInfo

from aiohttp import web

from api.keys import CHOOSING, HOURS, LINKS, PAGES, SETTINGS
from api.params import Query
from api.site.lists.choosing import counts_of
from api.site.lists.kindly import Followed, followed, named
from api.site.lists.kinds import Listed
from api.site.lists.numbers import total_said
from api.site.lists.shown import Around, without


async def around_of(request: web.Request, found: Followed, listed: Listed, language: str) -> Around:
    """What a list that was followed is shown with."""
    app, reading = request.app, found.reading
    zone = app[SETTINGS].service.zone
    hour = await app[HOURS].begun()
    choices = await app[CHOOSING].of(app[PAGES], listed.kind, found.listing.feed)
    return Around(
        listed=listed,
        reading=reading,
        language=language,
        zone=zone,
        today=hour.astimezone(ZoneInfo(zone)).date(),
        path=listed.path,
        names=await named(request, reading.query, choices.named, language),
        counts=counts_of(choices),
        whole=found.listing.feed.live,
    )


async def ways_out(
    request: web.Request, around: Around, usual: Query
) -> list[tuple[str, str, str]]:
    """From an empty list, where dropping one filter leads to something."""
    ways = []
    for chip in around.chips:
        reading = around.reading
        for name in (*chip.drops, "cursor"):
            reading = reading.without(name, "dropped")
        found = await followed(request, reading, around.listed.kind, usual)
        total = found.listing.total
        if total.n:
            said = total_said(total, around.listed.counted, around.language)
            ways.append((chip.said, said, without(around, request.app[LINKS], chip)))
    return ways
