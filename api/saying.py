"""How sources and runs are told to people, in plain words, the same in every face. Data and pure
functions. German and English; the command line speaks English.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from aggregator.queries.sources import SourceState
from aggregator.queries.withheld import Waiting
from api.meanings_de import GERMAN
from api.site.words import LANGUAGES
from schema.problems import MEANINGS, Meaning

ENGLISH: Final = "en"
Pair = tuple[str, str]
"""The same in each of `LANGUAGES`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source is doing: in a word or two, what that means, and what to do (None: nothing)."""

    word: str
    means: str
    advice: str | None


CONDITIONS: Final[Mapping[str, tuple[Pair, Pair, Pair | None]]] = {
    "fresh": (
        ("Aktuell", "Fresh"),
        ("Der letzte Besuch ging gut.", "The last visit went well."),
        None,
    ),
    "late": (
        ("Überfällig", "Overdue"),
        ("Seit über einer Stunde ist ein Besuch fällig.", "A visit has been due for over an hour."),
        (
            "Läuft der Worker? Sein Protokoll sagt, woran es liegt.",
            "Is the worker running? Its log says what is wrong.",
        ),
    ),
    "failing": (
        ("Gestört", "Failing"),
        (
            "Der letzte Besuch misslang. Was vorher veröffentlicht war, bleibt.",
            "The last visit went wrong. What was published before stays.",
        ),
        None,
    ),
    "held": (
        ("Angehalten", "Held"),
        (
            "Mehr würde verschwinden oder sich ändern, als glaubhaft ist. Was da ist, bleibt.",
            "More would vanish or change than is plausible. What is there stays.",
        ),
        None,
    ),
    "never": (
        ("Neu", "New"),
        ("Noch wurde sie nie besucht.", "It has not been visited yet."),
        ("Nichts zu tun: der erste Besuch steht an.", "Nothing to do: its first visit is ahead."),
    ),
    "paused": (
        ("Ruht", "Resting"),
        (
            "Sie wird nicht besucht, bis jemand sie weitermachen lässt.",
            "It is not visited until somebody lets it go on.",
        ),
        None,
    ),
    "disabled": (
        ("Abgeschaltet", "Switched off"),
        (
            "Laut Konfiguration wird sie nicht besucht. Was sie brachte, bleibt.",
            "The configuration says that it is not visited. What it brought stays.",
        ),
        None,
    ),
}
OUTCOMES: Final[Mapping[str, Pair]] = {
    "unchanged": ("nichts Neues", "nothing new"),
    "applied": ("erledigt", "done"),
    "held": ("unglaubhaft, teils angehalten", "implausible, partly held back"),
    "degraded": ("erledigt, mit Lücken", "done, with gaps"),
    "incomplete": ("abgebrochen, nichts entfernt", "cut short, nothing removed"),
    "refused": ("nicht lesbar, nichts geändert", "not readable, nothing changed"),
    "crashed": ("ein Fehler von uns", "an error of ours"),
    "cancelled": ("abgesagt", "cancelled"),
    "interrupted": ("unterbrochen", "interrupted"),
}
CAUSES: Final[Mapping[str, Pair]] = {
    "schedule": ("er war fällig", "it was due"),
    "request": ("jemand hat darum gebeten", "somebody asked for it"),
    "replay": ("Aufgehobenes wurde neu gelesen", "kept documents were read again"),
    "rollback": ("frühere Läufe wurden zurückgenommen", "earlier runs were taken back"),
}
BECAME: Final[Mapping[str, Pair]] = {
    "new": ("neu", "new"),
    "changed": ("geändert", "changed"),
    "withdrawn": ("zurückgezogen", "withdrawn"),
    "returned": ("wieder da", "back again"),
}
COUNTS: Final[Mapping[str, Pair]] = {
    "found": ("gefunden", "found"),
    "new": ("neu", "new"),
    "changed": ("geändert", "changed"),
    "same": ("unverändert", "unchanged"),
    "quarantined": ("in Quarantäne", "quarantined"),
    "withheld": ("angehalten", "held back"),
    "missing": ("vermisst", "missing"),
    "returned": ("wieder da", "back again"),
    "withdrawn": ("zurückgezogen", "withdrawn"),
}
UNITS: Final = (
    (timedelta(minutes=1), timedelta(minutes=90), ("Minute", "Minuten"), ("minute", "minutes")),
    (timedelta(hours=1), timedelta(hours=36), ("Stunde", "Stunden"), ("hour", "hours")),
    (timedelta(days=1), timedelta(days=60), ("Tag", "Tagen"), ("day", "days")),
    (timedelta(days=30), timedelta(days=700), ("Monat", "Monaten"), ("month", "months")),
    (timedelta(days=365), timedelta.max, ("Jahr", "Jahren"), ("year", "years")),
)
"""A unit, up to which span it is used, and its name for one and for many (German: dative)."""
GOING_ON: Final = ("läuft noch", "going on")
BY_HAND: Final = ("Jemand hat sie angehalten.", "Somebody let it rest.")
UNKNOWN: Final = (
    "Auf der Kommandozeile nachsehen: allmende runs show.",
    "Look at the run with the command line.",
)
INSTANT: Final = ("weniger als eine Sekunde", "less than a second")
JUST_NOW: Final = ("gerade eben", "just now")
AT_ONCE: Final = ("gleich", "in a moment")
AGO: Final = ("vor {}", "{} ago")
AHEAD: Final = ("in {}", "in {}")
WOULD_VANISH: Final = (
    ("1 Eintrag würde verschwinden", "1 entry would vanish"),
    ("{} Einträge würden verschwinden", "{} entries would vanish"),
)
WOULD_CHANGE: Final = (
    ("1 Eintrag würde sich ändern", "1 entry would change"),
    ("{} Einträge würden sich ändern", "{} entries would change"),
)


def in_language(pair: Pair, language: str) -> str:
    """A text in one of `LANGUAGES`."""
    return pair[LANGUAGES.index(language)]


def standing(condition: str, language: str) -> Standing:
    """A source's condition in words."""
    word, means, advice = CONDITIONS[condition]
    return Standing(
        in_language(word, language),
        in_language(means, language),
        None if advice is None else in_language(advice, language),
    )


def ended(outcome: str | None, language: str = ENGLISH) -> str:
    """How a run ended; one without an outcome still goes on."""
    said = GOING_ON if outcome is None else OUTCOMES.get(outcome, (outcome, outcome))
    return in_language(said, language)


def made_because(cause: str | None, language: str = ENGLISH) -> str | None:
    """Why a run was made, where that is known."""
    return None if cause is None else in_language(CAUSES.get(cause, (cause, cause)), language)


def counted(counts: Mapping[str, Any], language: str = ENGLISH) -> str:
    """A run's counts that are not zero, as "429 found, 2 new"."""
    return ", ".join(_numbers(counts, COUNTS, language))


def changed(counts: Mapping[Any, int], language: str = ENGLISH) -> str:
    """What became of how many records, as "3 new, 1 withdrawn"."""
    return ", ".join(_numbers(counts, BECAME, language))


def _numbers(counts: Mapping[Any, Any], words: Mapping[str, Pair], language: str) -> Iterator[str]:
    for key, word in words.items():
        if counts.get(key):
            yield f"{counts[key]} {in_language(word, language)}"


def became(what: str, language: str = ENGLISH) -> str:
    """What became of a record."""
    return in_language(BECAME[what], language)


def meaning(code: str, language: str = ENGLISH) -> Meaning:
    """What a code means and what to do; an unknown one is told as it is."""
    unknown = Meaning(code, in_language(UNKNOWN, language))
    english = MEANINGS.get(code, unknown)
    return english if language == ENGLISH else GERMAN.get(code, english)


def why_it_rests(code: str | None, language: str = ENGLISH) -> str:
    """Why a paused source rests, and what lets it go on."""
    if code is None:
        return in_language(BY_HAND, language)
    told = meaning(code, language)
    return f"{told.title}. {told.advice}"


def asked_to_wait(state: SourceState) -> bool:
    """Whether the next visit waits because the source asked for fewer requests."""
    return state.problem is not None and state.problem.code == "source.rate_limited"


def at_stake(waiting: Waiting, language: str) -> str:
    """What nobody decided about yet: "8 entries would vanish, 1 entry would change"."""
    told = ((waiting.removals, WOULD_VANISH), (waiting.changes, WOULD_CHANGE))
    return ", ".join(in_language(words[n > 1], language).format(n) for n, words in told if n)


def spoken(duration: timedelta, language: str = ENGLISH) -> str:
    """A duration in words, as exact as people need it."""
    seconds = duration.total_seconds()
    if seconds < 1:
        return in_language(INSTANT, language)
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def ago(then: datetime, now: datetime, language: str) -> str:
    """An instant that is over, seen from `now`: "2 hours ago". Both aware."""
    return _seen(now - then, JUST_NOW, AGO, language)


def ahead(then: datetime, now: datetime, language: str) -> str:
    """An instant to come, seen from `now`: "in 40 minutes". Both aware."""
    return _seen(then - now, AT_ONCE, AHEAD, language)


def _seen(span: timedelta, near: Pair, form: Pair, language: str) -> str:
    if span < timedelta(minutes=1):
        return in_language(near, language)
    unit, _, *names = next(each for each in UNITS if span < each[1])
    n = max(1, round(span / unit))
    one, many = names[LANGUAGES.index(language)]
    return in_language(form, language).format(f"{n} {one if n == 1 else many}")
