"""The fake city's pages for people: where the links of its entries lead. Strings only."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Final

from api.demo.calendars import Calendar
from api.demo.details import AGENCY_NAME
from api.demo.happenings import Happening
from api.demo.offers import Offer

FRAME: Final = """<!DOCTYPE html>
<html lang="de"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body{{font:1.05rem/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}}
header{{border-bottom:3px solid #2b7a4b;margin-bottom:1.5rem}}</style></head>
<body><header><p>{agency} · erfundene Stadt zum Ausprobieren</p></header>
<main><h1>{title}</h1>{content}</main></body></html>
"""


def _frame(title: str, content: str) -> str:
    return FRAME.format(title=escape(title), agency=escape(AGENCY_NAME), content=content)


def offer_page(offer: Offer) -> str:
    """One offer as the agency's own page shows it. The text is the agency's, so it stays HTML."""
    title = offer.value("angebotsname").replace("<br />", " ")
    place = " ".join(filter(None, (offer.value("strasse"), offer.value("plz"), offer.value("ort"))))
    return _frame(
        title,
        f"<p><strong>{escape(offer.value('einrichtungsname'))}</strong><br>{escape(place)}</p>"
        f"<div>{offer.value('beschreibung')}</div>"
        "<p>Hier stünde das Formular, mit dem man sich bei der Agentur meldet.</p>",
    )


def missing_page() -> str:
    """What stands where an offer stood."""
    return _frame("Das gibt es hier nicht mehr", "<p>Es wurde beendet oder verschoben.</p>")


def happening_page(happening: Happening) -> str:
    """One entry of a calendar as its own page shows it."""
    idea, start = happening.idea, happening.start
    hour = f", {start:%H:%M} Uhr" if isinstance(start, datetime) else ""
    off = "Abgesagt: " if happening.called_off else ""
    again = " (kommt wieder)" if happening.series else ""
    return _frame(
        off + idea.title,
        f"<p><strong>{start:%d.%m.%Y}{hour}</strong>{again}<br>{escape(idea.place.address)}</p>"
        f"<p>{escape(happening.text)}</p><p>{escape(' · '.join(idea.words))}</p>",
    )


def start_page(minute: int, offers: tuple[Offer, ...], calendars: Iterable[Calendar]) -> str:
    """What the city is, its calendars, and its newest offers."""
    newest = sorted(offers, key=lambda offer: int(offer.value("bearbeitet")), reverse=True)[:15]
    items = "".join(
        f'<li><a href="query/iframe/detail.php?detail={offer.id}">'
        f"{escape(offer.value('angebotsname'))}</a></li>"
        for offer in newest
    )
    listed = "".join(
        f'<li><a href="{escape(each.path)}">{escape(each.title)}</a></li>' for each in calendars
    )
    return _frame(
        AGENCY_NAME,
        f"<p>Diese Stadt ist {minute} Minuten alt und hat {len(offers)} Angebote. Jede Minute "
        "wird eines geändert, eines geht, eines kommt, und neun werden in einem Zug "
        f"bearbeitet.</p><h2>Kalender</h2><ul>{listed}</ul>"
        f"<h2>Zuletzt bearbeitet</h2><ul>{items}</ul>",
    )
