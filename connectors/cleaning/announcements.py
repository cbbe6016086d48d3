"""Titles that say that an event is off, put off, or now online, in the five languages. Pure.

Many calendars know no status, so people write it into the title: `ABGESAGT: Sommerfest`,
`Sommerfest (verschoben)`, `Training fällt aus`. It counts only where it stands apart, or where
nothing else can be meant: `Abgesagte Revolution` is the name of a play.
"""

import re
from collections.abc import Iterator
from typing import Final

from schema.normal.text import one_line
from schema.vocabulary import EventStatus

_SAID: Final[dict[EventStatus, tuple[str, ...]]] = {
    "cancelled": (
        *("abgesagt", "absage", "entfällt", "entfaellt", "entfallen", "ausgefallen", "ausfall"),
        *("fällt aus", "faellt aus", "fällt leider aus", "fällt heute aus", "findet nicht statt"),
        *("storniert", "gestrichen", "cancelled", "canceled", "called off", "afgelast"),
        *("geannuleerd", "gaat niet door", "vervalt", "cancelado", "cancelada", "cancelados"),
        *("canceladas", "anulado", "anulada", "atšaukta", "atšauktas", "atšaukti", "atšaukiama"),
        *("atšaukiamas", "neįvyks", "nevyks"),
    ),
    "postponed": (
        *("verschoben", "vertagt", "postponed", "uitgesteld", "verplaatst", "verschoven", "verzet"),
        *("adiado", "adiada", "adiados", "adiadas", "atidėta", "atidėtas", "atidedama"),
        *("atidedamas", "nukelta", "nukeltas"),
    ),
    "rescheduled": (
        *("neuer termin", "neues datum", "ersatztermin", "nachholtermin", "terminänderung"),
        *("rescheduled", "new date", "nieuwe datum", "reagendado", "reagendada", "remarcado"),
        *("remarcada", "nova data", "nauja data"),
    ),
    "moved_online": (
        *("jetzt online", "nun online", "findet online statt", "moved online", "now online"),
        *("nu online", "agora online", "perkelta į internetą", "perkeltas į internetą"),
    ),
}
_STATUS: Final = {word: status for status, words in _SAID.items() for word in words}
_SURE: Final = frozenset(
    ("entfällt", "entfaellt", "fällt aus", "faellt aus", "fällt leider aus", "gaat niet door")
)
"""Needs nothing around it: nobody names an event so."""
_SURE_BEHIND: Final = _SURE | {"abgesagt", "findet nicht statt", "afgelast", "neįvyks", "nevyks"}

_MARK: Final = "|".join(re.escape(word) for word in sorted(_STATUS, key=len, reverse=True))
_HELPING: Final = (
    "leider|heute|ist|sind|wird|wurde|muss|ist leider|wird leider|wurde leider|is|are|was|"
    "has been|is helaas|wordt|helaas|foi|está|yra"
)
_REASON: Final = (
    r"(?:\s(?:wegen|aufgrund|auf|bis|ins|in den|due to|to|until|because of|wegens|naar|tot|door|"
    r"devido|por|para|até|dėl|į|iki)\s[^\[\](){}:!|–—]{1,60})?"
)
_DECOR: Final = r"[\s*+!#~_|=•⚠❌🚫❗‼\ufe0f\-–—]{0,12}"
_SAYS: Final = rf"(?:(?:{_HELPING})\s)?(?P<mark>{_MARK})(?!\w){_REASON}"

_BRACKETED: Final = re.compile(rf"[\[({{<]\s?{_SAYS}[\s!.*+]{{0,6}}[\])}}>]", re.IGNORECASE)
_BEFORE: Final = re.compile(rf"\A{_DECOR}{_SAYS}(?:\s?[:!|–—*+/]|\s-|-\s|\.\s)", re.IGNORECASE)
_FIRST: Final = re.compile(rf"\A{_DECOR}(?P<mark>{_MARK})\s", re.IGNORECASE)
_BEHIND: Final = re.compile(rf"(?:\s?[:!|–—*+/,]|\s-)\s?{_SAYS}{_DECOR}\.?$", re.IGNORECASE)
_LAST: Final = re.compile(
    rf"\s(?P<helping>(?:{_HELPING})\s)?(?P<mark>{_MARK})(?!\w){_DECOR}\.?$", re.IGNORECASE
)
_NOT: Final = re.compile(r"\b(?:nicht|kein|not|niet|não|ne)$", re.IGNORECASE)
_AROUND: Final = " \t*+!|=~_#:/,-–—•⚠❌🚫❗‼\ufe0f"
_MOST: Final = 3
"""How often a title may say it."""
LONGEST: Final = 500
"""Longer titles are texts, and announce nothing."""


def announced(title: str) -> tuple[EventStatus | None, str]:
    """A title as written → the status that it says, if any, and the title without saying it. A
    title that says nothing else stays whole."""
    if len(title) > LONGEST:
        return None, title
    status: EventStatus | None = None
    for _ in range(_MOST):
        found = next(_announcements(title), None)
        if found is None:
            break
        said, left = found
        status = status or said
        if not left:
            break
        title = left
    return status, title


def _announcements(title: str) -> Iterator[tuple[EventStatus, str]]:
    """Each way in which a title may say it, the surest first → status and what else it says."""
    for found in (_BRACKETED.search(title), _BEFORE.match(title)):
        if found:
            yield _STATUS[_said(found)], _left(title, found)
    found = _FIRST.match(title)
    if found and _stands_apart(found, title):
        yield _STATUS[_said(found)], _left(title, found)
    for found in (_BEHIND.search(title), _LAST.search(title)):
        if found and _is_meant(found, title):
            yield _STATUS[_said(found)], _left(title, found)
    if _said_alone(title) is not None:
        yield _STATUS[_bare(title)], ""


def _said(found: re.Match[str]) -> str:
    return found["mark"].lower()


def _left(title: str, found: re.Match[str]) -> str:
    """What a title says beside the announcement."""
    before, behind = title[: found.start()].rstrip(_AROUND), title[found.end() :].lstrip(_AROUND)
    return one_line(f"{before} {behind}").strip("*+|=~ ")


def _stands_apart(found: re.Match[str], title: str) -> bool:
    """Whether a first word without any sign behind it is an announcement."""
    if title.rstrip().endswith("?"):
        return False
    rest = title[found.end() :]
    return (found["mark"].isupper() and not rest.isupper()) or _said(found) in _SURE


def _is_meant(found: re.Match[str], title: str) -> bool:
    """Whether last words are an announcement, and not its contrary."""
    before = title[: found.start()]
    if _NOT.search(before) or not before.strip(_AROUND):
        return False
    if found.re is _BEHIND or found["helping"] or _said(found) in _SURE_BEHIND:
        return True
    return found["mark"].isupper() and not before.isupper()


def _bare(title: str) -> str:
    return title.strip(f"{_AROUND}.[](){{}}<>").lower()


def _said_alone(title: str) -> EventStatus | None:
    return _STATUS.get(_bare(title))
