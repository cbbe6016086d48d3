"""Closed vocabularies and their public labels in the five languages. Data only."""

from typing import Final, Literal

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
    "unmapped": _labels(
        "ohne Thema", "without topic", "zonder thema", "sem tema", "be temos",
    ),
    "climate.none": _labels(
        "ohne Klimabezug", "not about climate", "niet over klimaat", "sem relação com o clima",
        "nesusiję su klimatu",
    ),
    "climate.unassessed": _labels(
        "noch nicht eingeordnet", "not assessed yet", "nog niet beoordeeld", "ainda não avaliado",
        "dar neįvertinta",
    ),
    "type.association": _labels(
        "Verein oder Verband", "association", "vereniging", "associação", "asociacija",
    ),
    "type.initiative": _labels(
        "Initiative", "initiative", "initiatief", "iniciativa", "iniciatyva",
    ),
    "type.municipality": _labels(
        "Stadt oder Gemeinde", "municipality", "gemeente", "município", "savivaldybė",
    ),
    "type.company": _labels("Unternehmen", "company", "bedrijf", "empresa", "įmonė"),
    "type.school": _labels("Schule", "school", "school", "escola", "mokykla"),
    "type.foundation": _labels("Stiftung", "foundation", "stichting", "fundação", "fondas"),
    "type.church": _labels(
        "Kirche oder Religionsgemeinschaft", "church or religious community",
        "kerk of geloofsgemeenschap", "igreja ou comunidade religiosa",
        "bažnyčia ar religinė bendruomenė",
    ),
    "type.public_body": _labels(
        "öffentliche Einrichtung", "public body", "openbare instelling", "entidade pública",
        "viešoji įstaiga",
    ),
    "type.other": _labels("anderes", "other", "anders", "outro", "kita"),
    "type.conference": _labels(
        "Konferenz", "conference", "conferentie", "conferência", "konferencija",
    ),
    "type.workshop": _labels("Workshop", "workshop", "workshop", "oficina", "dirbtuvės"),
    "type.action_day": _labels(
        "Aktionstag", "action day", "actiedag", "dia de ação", "akcijos diena",
    ),
    "type.meeting": _labels("Treffen", "meeting", "bijeenkomst", "reunião", "susitikimas"),
    "type.course": _labels("Kurs", "course", "cursus", "curso", "kursai"),
    "type.tour": _labels("Führung", "guided tour", "rondleiding", "visita guiada", "ekskursija"),
    "initiative_type.community_garden": _labels(
        "Gemeinschaftsgarten", "community garden", "buurttuin", "horta comunitária",
        "bendruomenės sodas",
    ),
    "initiative_type.repair_initiative": _labels(
        "Reparaturinitiative", "repair initiative", "repaircafé", "iniciativa de reparação",
        "taisymo iniciatyva",
    ),
    "initiative_type.cargo_bike_sharing": _labels(
        "Lastenradverleih", "cargo-bike sharing", "bakfietsdelen",
        "partilha de bicicletas de carga", "krovininių dviračių dalijimasis",
    ),
    "initiative_type.food_sharing": _labels(
        "Lebensmittelretten", "food sharing", "voedsel delen", "partilha de alimentos",
        "dalijimasis maistu",
    ),
    "initiative_type.energy_cooperative": _labels(
        "Energiegenossenschaft", "energy cooperative", "energiecoöperatie",
        "cooperativa de energia", "energetikos kooperatyvas",
    ),
    "initiative_type.swap_shop": _labels(
        "Tauschladen", "swap shop", "ruilwinkel", "loja de trocas", "mainų parduotuvė",
    ),
    "initiative_type.other": _labels("anderes", "other", "anders", "outro", "kita"),
    "attendance.onsite": _labels("vor Ort", "on site", "op locatie", "presencial", "vietoje"),
    "attendance.online": _labels("online", "online", "online", "em linha", "internetu"),
    "attendance.mixed": _labels(
        "vor Ort und online", "on site and online", "op locatie en online", "presencial e em linha",
        "vietoje ir internetu",
    ),
    "remote.true": _labels(
        "von zu Hause aus möglich", "can be done from home", "kan vanuit huis",
        "possível a partir de casa", "galima iš namų",
    ),
    "remote.false": _labels(
        "nur vor Ort", "on site only", "alleen op locatie", "apenas presencial", "tik vietoje",
    ),
    "open_for_cooperation.true": _labels(
        "offen für Kooperation", "open for cooperation", "staat open voor samenwerking",
        "aberta a cooperação", "atvira bendradarbiavimui",
    ),
    "open_for_cooperation.false": _labels(
        "zurzeit keine Kooperation", "no cooperation at present", "nu geen samenwerking",
        "sem cooperação de momento", "šiuo metu nebendradarbiauja",
    ),
    "form.project": _labels("Projekt", "project", "project", "projeto", "projektas"),
    "form.idea": _labels(
        "Projektidee", "project idea", "projectidee", "ideia de projeto", "projekto idėja",
    ),
    "form.cooperation_agreement": _labels(
        "Kooperationsvereinbarung", "cooperation agreement", "samenwerkingsovereenkomst",
        "acordo de cooperação", "bendradarbiavimo susitarimas",
    ),
    "form.partnership": _labels(
        "Partnerschaft", "partnership", "partnerschap", "parceria", "partnerystė",
    ),
    "form.call": _labels("Aufruf", "call", "oproep", "convocatória", "kvietimas"),
    "licence.cc-zero": _labels(
        "CC0 (gemeinfrei)", "CC0 (public domain)", "CC0 (publiek domein)", "CC0 (domínio público)",
        "CC0 (viešoji nuosavybė)",
    ),
    "licence.cc-by/4.0": _labels(
        "CC BY 4.0 (Namensnennung)", "CC BY 4.0 (attribution)", "CC BY 4.0 (naamsvermelding)",
        "CC BY 4.0 (atribuição)", "CC BY 4.0 (priskyrimas)",
    ),
    "licence.cc-by-sa/4.0": _labels(
        "CC BY-SA 4.0 (Namensnennung, gleiche Bedingungen)",
        "CC BY-SA 4.0 (attribution, share alike)", "CC BY-SA 4.0 (naamsvermelding, gelijk delen)",
        "CC BY-SA 4.0 (atribuição, partilha igual)",
        "CC BY-SA 4.0 (priskyrimas, analogiškas platinimas)",
    ),
    "licence.dl-zero-de/2.0": _labels(
        "Datenlizenz Deutschland Zero 2.0", "Data licence Germany Zero 2.0",
        "Datalicentie Duitsland Zero 2.0", "Licença de dados Alemanha Zero 2.0",
        "Vokietijos duomenų licencija Zero 2.0",
    ),
    "licence.dl-by-de/2.0": _labels(
        "Datenlizenz Deutschland Namensnennung 2.0", "Data licence Germany attribution 2.0",
        "Datalicentie Duitsland naamsvermelding 2.0", "Licença de dados Alemanha atribuição 2.0",
        "Vokietijos duomenų licencija priskyrimas 2.0",
    ),
    "licence.odbl": _labels(
        "ODbL (Datenbanklizenz)", "ODbL (database licence)", "ODbL (databanklicentie)",
        "ODbL (licença de base de dados)", "ODbL (duomenų bazės licencija)",
    ),
    "licence.unknown": _labels("ungeklärt", "not known", "onbekend", "desconhecida", "nežinoma"),
    "freshness.confirmed": _labels(
        "von der Quelle bestätigt", "confirmed by the source", "bevestigd door de bron",
        "confirmado pela fonte", "patvirtinta šaltinio",
    ),
    "freshness.stale": _labels(
        "zurzeit nicht bestätigt", "not confirmed at present", "nu niet bevestigd",
        "não confirmado de momento", "šiuo metu nepatvirtinta",
    ),
    "freshness.withheld": _labels(
        "fehlt bei der Quelle, wird geprüft", "missing at the source, being checked",
        "ontbreekt bij de bron, wordt gecontroleerd", "falta na fonte, em verificação",
        "šaltinyje nebėra, tikrinama",
    ),
    "language.de": _labels("Deutsch", "German", "Duits", "alemão", "vokiečių"),
    "language.en": _labels("Englisch", "English", "Engels", "inglês", "anglų"),
    "language.nl": _labels("Niederländisch", "Dutch", "Nederlands", "neerlandês", "nyderlandų"),
    "language.pt": _labels("Portugiesisch", "Portuguese", "Portugees", "português", "portugalų"),
    "language.lt": _labels("Litauisch", "Lithuanian", "Litouws", "lituano", "lietuvių"),
    "language.fr": _labels("Französisch", "French", "Frans", "francês", "prancūzų"),
    "language.pl": _labels("Polnisch", "Polish", "Pools", "polaco", "lenkų"),
    "language.uk": _labels("Ukrainisch", "Ukrainian", "Oekraïens", "ucraniano", "ukrainiečių"),
    "language.ru": _labels("Russisch", "Russian", "Russisch", "russo", "rusų"),
    "language.ar": _labels("Arabisch", "Arabic", "Arabisch", "árabe", "arabų"),
    "language.tr": _labels("Türkisch", "Turkish", "Turks", "turco", "turkų"),
    "language.es": _labels("Spanisch", "Spanish", "Spaans", "espanhol", "ispanų"),
}  # fmt: skip
