"""Closed vocabularies and their public labels in the five languages. Data only."""

from typing import Final, Literal, get_args

Climate = Literal["mitigation", "adaptation", "justice"]
ContactRole = Literal["organisation", "role"]
Decider = Literal["source", "rule", "editor", "suggestion"]
LinkType = Literal["guide", "checklist", "survey", "funding", "document", "form", "website"]
Precision = Literal["address", "street", "postal_code", "locality", "district", "country"]
OfferStatus = Literal["open", "paused", "filled", "closed", "unknown"]
Commitment = Literal["one_off", "short_term", "long_term", "unknown"]
EventType = Literal["conference", "workshop", "action_day", "meeting", "course", "tour", "other"]
EventStatus = Literal["scheduled", "cancelled", "postponed", "rescheduled", "moved_online"]
Attendance = Literal["onsite", "online", "mixed"]
ProjectForm = Literal["project", "idea", "cooperation_agreement", "partnership", "call"]
ProjectStatus = Literal[
    "idea", "seeking_partners", "agreed", "running", "finished", "cancelled", "unknown",
]  # fmt: skip
OrganisationType = Literal[
    "association", "initiative", "municipality", "company", "school", "foundation", "church",
    "public_body", "other",
]  # fmt: skip
InitiativeType = Literal[
    "community_garden", "repair_initiative", "cargo_bike_sharing", "food_sharing",
    "energy_cooperative", "swap_shop", "other",
]  # fmt: skip
Licence = Literal[
    "cc-zero", "cc-by/4.0", "cc-by-sa/4.0", "dl-zero-de/2.0", "dl-by-de/2.0", "odbl", "unknown",
]  # fmt: skip
Share = Literal["portal", "partners", "open"]

LANGUAGES: Final = ("de", "en", "nl", "pt", "lt")

Labels = dict[str, str]


def _labels(de: str, en: str, nl: str, pt: str, lt: str) -> Labels:
    return dict(zip(LANGUAGES, (de, en, nl, pt, lt), strict=True))


LABELS: Final[dict[str, Labels]] = {
    "organisation": _labels(
        "Organisation", "Organisation", "Organisatie", "Organização", "Organizacija"
    ),
    "offer": _labels(
        "Engagementangebot",
        "Volunteering opportunity",
        "Vrijwilligersklus",
        "Oportunidade de voluntariado",
        "Savanorystės pasiūlymas",
    ),
    "status.open": _labels("offen", "open", "open", "aberto", "atviras"),
    "status.paused": _labels("pausiert", "paused", "gepauzeerd", "em pausa", "sustabdytas"),
    "status.filled": _labels("besetzt", "filled", "vervuld", "preenchido", "užpildytas"),
    "status.closed": _labels("beendet", "closed", "gesloten", "encerrado", "uždarytas"),
    "status.unknown": _labels("unbekannt", "unknown", "onbekend", "desconhecido", "nežinomas"),
    "commitment.one_off": _labels("einmalig", "one-off", "eenmalig", "pontual", "vienkartinis"),
    "commitment.short_term": _labels(
        "kurzfristig", "short-term", "kortlopend", "curta duração", "trumpalaikis"
    ),
    "commitment.long_term": _labels(
        "langfristig", "long-term", "langlopend", "longa duração", "ilgalaikis"
    ),
    "commitment.unknown": _labels("unbekannt", "unknown", "onbekend", "desconhecido", "nežinomas"),
    "event": _labels("Veranstaltung", "Event", "Evenement", "Evento", "Renginys"),
    "project": _labels("Projekt", "Project", "Project", "Projeto", "Projektas"),
    "status.scheduled": _labels("geplant", "scheduled", "gepland", "agendado", "suplanuotas"),
    "status.cancelled": _labels("abgesagt", "cancelled", "afgelast", "cancelado", "atšauktas"),
    "status.postponed": _labels("verschoben", "postponed", "uitgesteld", "adiado", "atidėtas"),
    "status.rescheduled": _labels(
        "neuer Termin", "rescheduled", "nieuwe datum", "reagendado", "perkeltas"
    ),
    "status.moved_online": _labels(
        "jetzt online", "moved online", "nu online", "agora online", "perkeltas į internetą"
    ),
    "status.idea": _labels("Idee", "idea", "idee", "ideia", "idėja"),
    "status.seeking_partners": _labels(
        "sucht Partner",
        "seeking partners",
        "zoekt partners",
        "procura parceiros",
        "ieško partnerių",
    ),
    "status.agreed": _labels("vereinbart", "agreed", "afgesproken", "acordado", "sutartas"),
    "status.running": _labels("läuft", "running", "lopend", "em curso", "vykdomas"),
    "status.finished": _labels("abgeschlossen", "finished", "afgerond", "concluído", "baigtas"),
    "climate.mitigation": _labels(
        "Klimaschutz", "Climate mitigation", "Klimaatmitigatie", "Mitigação", "Klimato švelninimas"
    ),
    "climate.adaptation": _labels(
        "Klimaanpassung", "Climate adaptation", "Klimaatadaptatie", "Adaptação", "Prisitaikymas"
    ),
    "climate.justice": _labels(
        "Klimagerechtigkeit",
        "Climate justice",
        "Klimaatrechtvaardigheid",
        "Justiça climática",
        "Klimato teisingumas",
    ),
}  # fmt: skip

OFFER_STATUSES: Final[tuple[str, ...]] = get_args(OfferStatus)
EVENT_STATUSES: Final[tuple[str, ...]] = get_args(EventStatus)
