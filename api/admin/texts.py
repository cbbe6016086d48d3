"""What the pages under `/admin` say, German and English side by side. Data, and choosing among it;
how sources and runs are told stands in `api.saying`."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from api.site.words import LANGUAGES

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "sources": ("Quellen", "Sources"),
    "heading": ("Quellen und Läufe", "Sources and runs"),
    "times": ("Genaue Zeiten gelten in {}.", "Exact times are those of {}."),
    "no_sources": ("Keine Quelle ist eingerichtet.", "No source is configured."),
    "no_runs": ("Noch ist nichts gelaufen.", "Nothing has run yet."),
    "sources_before": ("Vorige Quellen", "Sources before"),
    "sources_after": ("Weitere Quellen", "Further sources"),
    "see_run": ("Lauf {} ansehen und entscheiden", "Look at run {} and decide"),
    "held_since": ("zuerst angehalten {}", "first held back {}"),
    "resume": ("Weitermachen lassen:", "To let it go on:"),
    "pause": ("Ruhen lassen:", "To let it rest:"),
    "published": ("Veröffentlicht", "Published"),
    "nothing": ("nichts", "nothing"),
    "missing": ("An der Quelle vermisst", "Missing at the source"),
    "quarantined": ("In Quarantäne", "In quarantine"),
    "approved_waiting": (
        "Freigegeben, wartet auf den nächsten Besuch",
        "Approved, waiting for the next visit",
    ),
    "rejected_waiting": ("Abgelehnt, bleibt veröffentlicht", "Rejected, stays published"),
    "failures": ("Fehlschläge nacheinander", "Failures in a row"),
    "last_check": ("Letzter Besuch", "Last visit"),
    "last_success": ("Letzter Erfolg", "Last success"),
    "next_check": ("Nächster Besuch", "Next visit"),
    "never": ("noch nie", "never yet"),
    "due": ("so bald wie möglich", "as soon as possible"),
    "no_visit": ("keiner", "none"),
    "patient": (
        "nicht früher: die Quelle bat um weniger Anfragen",
        "not earlier: the source asked for fewer requests",
    ),
    "history": ("Die letzten Läufe, der neueste zuerst", "The last runs, the newest first"),
    "runs": ("Läufe", "Runs"),
    "last_runs": ("Letzte Läufe", "Last runs"),
    "all_runs": ("Alle Läufe", "All runs"),
    "runs_of": ("Läufe dieser Quelle", "Runs of this source"),
    "run": ("Lauf {}", "Run {}"),
    "run_of": ("Lauf {} von {}", "Run {} of {}"),
    "took": ("dauerte {}", "took {}"),
    "held_n": ("{} angehalten", "{} held back"),
    "filter_source": ("Quelle", "Source"),
    "every_source": ("alle Quellen", "all sources"),
    "filter": ("Zeigen", "Show"),
    "older": ("Ältere Läufe", "Older runs"),
    "newest": ("Zu den neuesten", "To the newest"),
    "state": ("Zustand", "State"),
    "id": ("Kennung", "Id"),
    "connector": ("Konnektor", "Connector"),
    "its_page": ("Seite der Quelle", "Page of the source"),
    "quarantine": ("Quarantäne", "Quarantine"),
    "quarantine_lead": (
        "Was sich nicht zu einem Eintrag machen ließ. Was davon schon veröffentlicht war, bleibt.",
        "What could not be made an entry. What was published of it before stays.",
    ),
    "quarantine_none": ("Nichts liegt in Quarantäne.", "Nothing lies in quarantine."),
    "quarantine_since": ("seit Lauf {}", "since run {}"),
    "in_field": ("im Feld", "in the field"),
    "more_on_command_line": ("Mehr davon auf der Kommandozeile:", "More on the command line:"),
    "settings": ("Einstellungen", "Settings"),
    "settings_lead": (
        "Aus der Konfiguration; Adressen und Schlüssel des Konnektors stehen nur dort.",
        "From the configuration; the connector's addresses and keys stand only there.",
    ),
    "not_configured": (
        "Diese Quelle steht nicht mehr in der Konfiguration.",
        "This source is not configured any more.",
    ),
    "set.every": ("Abstand der Besuche", "Time between visits"),
    "set.language": ("Sprache", "Language"),
    "set.zone": ("Zeitzone", "Time zone"),
    "set.licence": ("Lizenz", "Licence"),
    "set.share": ("Weitergabe", "Sharing"),
    "set.attribution": ("Zu nennen", "To be credited"),
    "set.climate": ("Klimabezug", "Climate"),
    "set.categories": ("Kategorien", "Categories"),
    "set.personal": ("Persönliche Felder", "Person-level fields"),
    "set.free_text": ("Kontakte in Texten", "Contacts in texts"),
    "set.removals": ("Darf auf einmal verschwinden", "May vanish at once"),
    "set.changes": ("Darf sich auf einmal ändern", "May change at once"),
    "not_set": ("nicht gesetzt", "not set"),
    "did": ("Was er tat", "What it did"),
    "cause": ("Anlass", "Cause"),
    "not_noted": ("nicht notiert", "not noted"),
    "started": ("Begonnen", "Started"),
    "ended": ("Beendet", "Ended"),
    "counts": ("Zahlen", "Counts"),
    "stages": ("Sekunden je Abschnitt", "Seconds by stage"),
    "finding": ("Auffällig", "Finding"),
    "times_n": ("{}-mal", "{} times"),
    "held": ("Was er angehalten hat", "What it held back"),
    "would_vanish": ("Würde verschwinden", "Would vanish"),
    "would_change": ("Würde sich ändern", "Would change"),
    "lost": ("Was verloren ginge", "What would be lost"),
    "field": ("Feld", "Field"),
    "before": ("Vorher", "Before"),
    "after": ("Nachher", "After"),
    "published_now": ("Veröffentlicht", "Published"),
    "source_says": ("Sagt die Quelle", "The source says"),
    "says_nothing": ("nichts", "nothing"),
    "differs": ("anders", "different"),
    "not_shown": ("wird hier nicht gezeigt", "not shown here"),
    "fate.settled": ("Nicht mehr angehalten", "No longer held back"),
    "fate.waiting": ("Noch nicht entschieden", "Not decided yet"),
    "fate.approved": ("Freigegeben", "Approved"),
    "fate.rejected": ("Abgelehnt", "Rejected"),
    "by_whom": ("von {}", "by {}"),
    "withdrawn": ("zurückgezogen", "withdrawn"),
    "more_n": ("{} weitere:", "{} more:"),
    "decide": ("Entscheiden", "Decide"),
    "approve": ("Freigeben", "Approve"),
    "approve_means": (
        (
            "Der nächste Besuch der Quelle lässt genau das zu. Was fehlt, wird zurückgezogen, "
            "sobald es seit 24 Stunden vermisst ist. Braucht in {} Tagen kein Besuch die Freigabe, "
            "endet sie."
        ),
        (
            "The next visit of the source lets just that pass. What is missing is withdrawn once "
            "it has been missing for 24 hours. If no visit needs it within {} days, the approval "
            "ends."
        ),
    ),
    "reject": ("Ablehnen", "Reject"),
    "reject_means": (
        "Was veröffentlicht ist, bleibt, bis die Quelle etwas anderes sagt.",
        "What is published stays until the source says something else.",
    ),
    "on_command_line": ("Auf der Kommandozeile:", "On the command line:"),
    "about_newest": (
        "Entschieden wird über Lauf {}, den neuesten, der etwas angehalten hat.",
        "The decision is about run {}, the newest that held something back.",
    ),
    "told.approved": (
        "Freigegeben. Der nächste Besuch der Quelle lässt es zu; sie ist jetzt an der Reihe.",
        "Approved. The next visit of the source lets it pass; the source is due now.",
    ),
    "told.rejected": (
        "Abgelehnt. Was veröffentlicht ist, bleibt.",
        "Rejected. What is published stays.",
    ),
    "told.late": (
        "Darüber ist schon entschieden, oder die Quelle nennt es wieder: nichts wartet mehr.",
        "This was decided already, or the source lists it again: nothing waits any more.",
    ),
    "told.newer": (
        "Inzwischen hält ein späterer Lauf anderes an. Bitte diesen ansehen und dort entscheiden.",
        "Meanwhile a later run holds other things back. Please look at that one and decide there.",
    ),
    "changed": ("Was er geändert hat", "What it changed"),
    "no_change": (
        "Nichts, wovon die Geschichte noch erzählt.",
        "Nothing that history still tells of.",
    ),
    "log_in": ("Anmelden", "Log in"),
    "log_out": ("Abmelden", "Log out"),
    "login_lead": (
        "Hier steht, wie es den Quellen geht, und hier wird über angehaltene Läufe entschieden.",
        "These pages show how the sources are doing, and let held runs be decided about.",
    ),
    "who": ("Name", "Name"),
    "password": ("Passwort", "Password"),
    "wrong": ("Das ist nicht das Passwort.", "That is not the password."),
    "wait": (
        "Zu viele falsche Passwörter. In {} Sekunden geht es wieder.",
        "Too many wrong passwords. Try again in {} seconds.",
    ),
    "logged_in": ("Angemeldet als {}", "Logged in as {}"),
    "read_only": (
        (
            "Ohne Passwort zeigen diese Seiten nur. Entschieden wird auf der Kommandozeile, oder "
            "hier, sobald die Konfiguration ein Passwort nennt:"
        ),
        (
            "Without a password these pages only show. Decisions are made on the command line, or "
            "here as soon as the configuration names a password:"
        ),
    ),
}


@cache
def words_in(language: str) -> Mapping[str, str]:
    """A language of the pages → every text in it."""
    column = LANGUAGES.index(language)
    return {name: texts[column] for name, texts in _TEXTS.items()}
