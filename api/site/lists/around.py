"""What a list is shown with: the day it is, what its values name, and ways out of an empty one."""

from zoneinfo import ZoneInfo

from aiohttp import web

from api.keys import HOURS, LINKS, SETTINGS
from api.params import Query
from api.site.lists.kindly import followed, names_of
from api.site.lists.kinds import Listed
from api.site.lists.numbers import total_said
from api.site.lists.reading import Reading
from api.site.lists.shown import Around, without


async def around_of(
    request: web.Request, reading: Reading, listed: Listed, language: str
) -> Around:
    """What the list of a reading is shown with."""
    zone = request.app[SETTINGS].service.zone
    hour = await request.app[HOURS].begun()
    return Around(
        listed=listed,
        reading=reading,
        language=language,
        zone=zone,
        today=hour.astimezone(ZoneInfo(zone)).date(),
        path=listed.path,
        names=await names_of(request, reading.query.texts, language),
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
