"""Where an entry comes from and whether that still holds, in words. Pure; told what now is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aggregator.queries.details import Confirmation
from api.site.cards import web_address
from api.site.dates import dated
from api.site.moments import ago
from api.site.words import words_in
from schema.formats.ical_words import LICENCES

FRESH: Final = "fresh"
DEEDS: Final[Mapping[str, str]] = {
    "cc-zero": "https://creativecommons.org/publicdomain/zero/1.0/deed.{}",
    "cc-by/4.0": "https://creativecommons.org/licenses/by/4.0/deed.{}",
    "cc-by-sa/4.0": "https://creativecommons.org/licenses/by-sa/4.0/deed.{}",
    "dl-zero-de/2.0": "https://www.govdata.de/dl-de/zero-2-0",
    "dl-by-de/2.0": "https://www.govdata.de/dl-de/by-2-0",
    "odbl": "https://opendatacommons.org/licenses/odbl/",
}
"""Where a licence is explained; for some in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence by its name, and the page that explains it."""

    name: str
    page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A source behind an entry. `confirmed` says when it was last read with success, `changed`
    when the entry last changed there; what is absent is None."""

    name: str
    page: str | None
    licence: Licence
    attribution: str | None
    changed: str | None
    confirmed: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who is told, and when: an aware instant, the zone of days, the page's language."""

    now: datetime
    zone: str
    language: str

    @property
    def today(self) -> date:
        """The day it is."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The day an instant (aware) lies on."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def dated(self, moment: datetime) -> str:
        """An instant (aware) as its day."""
        return dated(self.day_of(moment), self.today, self.language)

    def since(self, moment: datetime) -> str:
        """How long ago an instant (aware) was, or its day where that is long ago."""
        said = ago(moment, self.now, self.language)
        return said or words_in(self.language)["on_day"].format(self.dated(moment))


def behind(
    document: Mapping[str, Any], known: Mapping[str, Confirmation], told: Telling
) -> tuple[Behind, ...]:
    """The sources of a document, in its order."""
    return tuple(_behind(each, known.get(each["id"]), told) for each in document.get("sources", ()))


def _behind(said: Mapping[str, Any], known: Confirmation | None, told: Telling) -> Behind:
    words = words_in(told.language)
    succeeded = known.succeeded if known else None
    fetched = said.get("fetched")
    return Behind(
        name=said["name"],
        page=web_address(said.get("url")),
        licence=licence_of(said.get("licence", "unknown"), told.language),
        attribution=said.get("attribution"),
        changed=told.dated(datetime.fromisoformat(fetched)) if fetched else None,
        confirmed=told.since(succeeded) if succeeded else words["never_confirmed"],
        fresh=known is not None and known.condition == FRESH,
    )


def licence_of(name: str, language: str) -> Licence:
    """A licence's id → what people call it."""
    if name not in LICENCES:
        return Licence(name=words_in(language)["licence.unknown"], page=None)
    return Licence(name=LICENCES[name], page=DEEDS[name].format(language))
