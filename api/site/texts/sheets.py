"""What pages about one entry say. Data only."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "all.offer": ("Alle Angebote", "All opportunities"),
    "all.event": ("Alle Veranstaltungen", "All events"),
    "all.organisation": ("Alle Organisationen", "All organisations"),
    "all.project": ("Alle Projekte", "All projects"),
    "by": ("von", "by"),
    "act.offer": ("Jetzt melden", "Get in touch"),
    "act.event": ("Anmelden", "Sign up"),
    "act.page": ("Mehr zur Veranstaltung", "More about the event"),
    "act.organisation": ("Kontakt aufnehmen", "Get in touch"),
    "act.project": ("Mitmachen", "Join in"),
    "by_mail": ("per E-Mail", "by e-mail"),
    "at_source": ("Seite bei der Quelle", "Page at the source"),
    "text.offer": ("Worum es geht", "What it is about"),
    "text.event": ("Worum es geht", "What it is about"),
    "text.organisation": ("Wer wir sind", "Who we are"),
    "text.project": ("Worum es geht", "What it is about"),
    "facts": ("Auf einen Blick", "At a glance"),
    "when": ("Wann", "When"),
    "next_date": ("Nächster Termin", "Next date"),
    "dates": ("Nächste Termine", "Next dates"),
    "several_dates": ("mehrere Termine", "several dates"),
    "was_planned": ("Ursprünglich geplant", "Originally planned"),
    "is_over": ("Diese Veranstaltung ist vorbei.", "This event is over."),
    "called_off.cancelled": (
        "Diese Veranstaltung ist abgesagt.",
        "This event has been cancelled.",
    ),
    "called_off.postponed": (
        "Diese Veranstaltung ist verschoben. Ein neuer Termin steht noch nicht fest.",
        "This event has been postponed. A new date has not been set yet.",
    ),
    "ics": ("In den Kalender übernehmen", "Add to your calendar"),
    "topics": ("Themen", "Topics"),
    "climate": ("Klimabezug", "Climate"),
    "tags": ("Schlagwörter", "Tags"),
    "contact": ("Kontakt", "Contact"),
    "links": ("Mehr dazu", "Further links"),
    "pictures": ("Bilder bei der Quelle", "Pictures at the source"),
    "picture": ("Bild", "Picture"),
    "picture_credit": ("Bild: {}", "Picture: {}"),
    "link.guide": ("Anleitung", "guide"),
    "link.checklist": ("Checkliste", "checklist"),
    "link.survey": ("Umfrage", "survey"),
    "link.funding": ("Förderung", "funding"),
    "link.document": ("Dokument", "document"),
    "link.form": ("Formular", "form"),
    "link.website": ("Website", "website"),
    "fact.commitment": ("Dauer", "Duration"),
    "fact.remote": ("Wo", "Where"),
    "fact.schedule": ("Zeiten", "Times"),
    "fact.hours": ("Aufwand", "Time needed"),
    "fact.wanted": ("Gesucht", "Wanted"),
    "fact.valid_from": ("Ab", "From"),
    "fact.valid_through": ("Bis", "Until"),
    "fact.skills": ("Kenntnisse", "Skills"),
    "fact.activities": ("Tätigkeiten", "Activities"),
    "fact.target_groups": ("Für", "For"),
    "fact.requirements": ("Voraussetzungen", "Requirements"),
    "fact.benefits": ("Was es dafür gibt", "What you get"),
    "fact.opening_hours": ("Öffnungszeiten", "Opening hours"),
    "fact.accessibility": ("Barrierefreiheit vor Ort", "Accessibility on site"),
    "fact.type": ("Art", "Type"),
    "fact.initiative_type": ("Art der Initiative", "Type of initiative"),
    "fact.open_for_cooperation": ("Kooperation", "Cooperation"),
    "fact.form": ("Form", "Form"),
    "hours_a_week": ("{} Stunden in der Woche", "{} hours a week"),
    "people.one": ("{} Person", "{} person"),
    "people.many": ("{} Personen", "{} people"),
    "origin": ("Woher dieser Eintrag kommt", "Where this entry comes from"),
    "origin_from": ("Quelle", "Source"),
    "changed": ("Zuletzt geändert", "Last changed"),
    "checked": ("Zuletzt geprüft", "Last checked"),
    "here_since": ("Hier seit", "Here since"),
    "just_now": ("gerade eben", "just now"),
    "on_day": ("am {}", "on {}"),
    "as_data": ("Dieser Eintrag als JSON", "This entry as JSON"),
    "stale_source": (
        (
            "Die Quelle ist zurzeit nicht bestätigt; zuletzt gelesen wurde sie {}. "
            "Der Eintrag kann überholt sein."
        ),
        (
            "The source is not confirmed at present; it was last read {}. "
            "The entry may be out of date."
        ),
    ),
    "withheld": (
        (
            "Dieser Eintrag ist zurzeit nicht bestätigt: Die Quelle hat ihn womöglich entfernt "
            "oder geändert. Bis das jemand geklärt hat, steht er hier ohne Kontakt."
        ),
        (
            "This entry is not confirmed at present: the source may have removed or changed it. "
            "Until somebody has settled that, it stands here without its contact."
        ),
    ),
    "more_offers": ("Angebote von {}", "Opportunities at {}"),
    "more_events": ("Veranstaltungen von {}", "Events of {}"),
    "more_all": ("Alle {}", "All {}"),
    "gone": ("Dieser Eintrag ist nicht mehr da", "This entry is no longer here"),
    "gone_when": (
        "Seine Quelle nennt ihn nicht mehr. Am {} wurde er hier zurückgezogen.",
        "Its source does not name it any more. It was withdrawn here on {}.",
    ),
    "gone_erased": (
        "Er wurde gelöscht. Mehr wird dazu nicht aufbewahrt.",
        "It was erased. Nothing more is kept about it.",
    ),
    "gone_next": ("Was es sonst gibt", "What else there is"),
}
