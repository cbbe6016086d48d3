"""What the fake city's volunteer agency thinks up itself: data only, all of it invented."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """An invented offer. `organisation` is (id, name); `fields` are fields of action."""

    organisation: tuple[int, str]
    title: str
    short: str
    text: str
    street: str
    fields: tuple[str, ...]


GARDEN: Final = (590001, "Gemeinschaftsgarten Musterstadt e.V.")
REPAIR: Final = (590002, "Repair-Café Musterstadt")
BIKE: Final = (590003, "Radinitiative Musterstadt e.V.")
ENERGY: Final = (590004, "Bürgerenergie Musterstadt eG")
SCHOOL: Final = (590005, "Klimabildung Musterstadt gGmbH")
NATURE: Final = (590006, "Naturfreunde Musterstadt e.V.")

NOVELTIES: Final = (
    Novelty(
        organisation=GARDEN,
        title="Gießpatenschaft für junge Stadtbäume",
        short="Zwei Bäume in Ihrer Straße, einmal in der Woche",
        text="In trockenen Sommern brauchen junge Bäume Hilfe. Sie gießen zwei Bäume in Ihrer "
        "Nähe; Kannen und Schlüssel für den Hydranten stellen wir.",
        street="Lindenallee 4",
        fields=("Natur, Tiere & Umwelt",),
    ),
    Novelty(
        organisation=REPAIR,
        title="Reparieren statt wegwerfen: Hilfe im Repair-Café",
        short="Jeden ersten Samstag im Monat",
        text="Toaster, Fahrräder, Jacken: Sie reparieren gemeinsam mit unseren Gästen oder "
        "begrüßen sie am Empfang. Werkzeug ist da.",
        street="Werkstraße 12",
        fields=("Technik & Reparatur", "Nachbarschaft"),
    ),
    Novelty(
        organisation=BIKE,
        title="Lastenrad-Pate oder -Patin gesucht",
        short="Ausleihe und kleine Wartung",
        text="Unser freies Lastenrad steht bei Ihnen im Hof. Sie geben es zweimal in der Woche "
        "aus und melden uns, wenn etwas quietscht.",
        street="Bahnhofsplatz 2",
        fields=("Verkehr & Mobilität",),
    ),
    Novelty(
        organisation=ENERGY,
        title="Stromspar-Lotsinnen und -Lotsen für Haushalte",
        short="Nach einer Schulung an zwei Abenden",
        text="Sie besuchen Haushalte, messen den Verbrauch der Geräte und zeigen, was sich "
        "leicht sparen lässt. Messgeräte leihen wir Ihnen.",
        street="Sonnenweg 7",
        fields=("Energie & Klimaschutz", "Beratung"),
    ),
    Novelty(
        organisation=SCHOOL,
        title="Klima-Werkstatt an der Grundschule begleiten",
        short="Dienstags von 14 bis 16 Uhr",
        text="Kinder bauen Wetterstationen und kleine Windräder. Sie helfen einer Gruppe von "
        "fünf Kindern; Vorwissen ist nicht nötig.",
        street="Schulstraße 1",
        fields=("Bildung & Lernen", "Kinder & Jugend"),
    ),
    Novelty(
        organisation=NATURE,
        title="Nistkästen bauen und betreuen",
        short="Ab Februar, etwa zwei Stunden im Monat",
        text="Wir bauen Kästen für Mauersegler und Fledermäuse und sehen zweimal im Jahr nach, "
        "wer eingezogen ist.",
        street="Am Stadtwald 30",
        fields=("Natur, Tiere & Umwelt",),
    ),
    Novelty(
        organisation=GARDEN,
        title="Kompost-Beratung im Quartier",
        short="Samstags auf dem Wochenmarkt",
        text="Sie beantworten Fragen rund um Kompost und Wurmkiste und verteilen unser Faltblatt.",
        street="Marktplatz 1",
        fields=("Abfall & Recycling", "Beratung"),
    ),
    Novelty(
        organisation=ENERGY,
        title="Balkonkraftwerke gemeinsam anschließen",
        short="Einsätze nach Absprache",
        text="Sie helfen Nachbarinnen und Nachbarn beim Aufstellen ihrer kleinen Solaranlage. "
        "Den Anschluss prüft unsere Elektrikerin.",
        street="Sonnenweg 7",
        fields=("Energie & Klimaschutz", "Technik & Reparatur"),
    ),
    Novelty(
        organisation=NATURE,
        title="Hitzetelefon: Anrufe bei älteren Menschen",
        short="An heißen Tagen, eine Stunde am Vormittag",
        text="Wenn Hitze angesagt ist, rufen Sie fünf Menschen an, erinnern ans Trinken und "
        "hören zu. Wir schulen Sie im Mai.",
        street="Am Stadtwald 30",
        fields=("Gesundheit & Soziales", "Senioren"),
    ),
    Novelty(
        organisation=BIKE,
        title="Radverkehr zählen an der neuen Brücke",
        short="Einmalig, zwei Stunden",
        text="Wir zählen, wie viele Menschen die neue Brücke mit dem Rad nutzen, und bringen "
        "die Zahlen in den Verkehrsausschuss.",
        street="Bahnhofsplatz 2",
        fields=("Verkehr & Mobilität", "Politik & Beteiligung"),
    ),
    Novelty(
        organisation=REPAIR,
        title="Kleidertausch vorbereiten",
        short="Zweimal im Jahr ein Wochenende",
        text="Sie sortieren Kleidung, bauen Ständer auf und sorgen für Kaffee und Musik.",
        street="Werkstraße 12",
        fields=("Abfall & Recycling", "Nachbarschaft"),
    ),
)

FIELDS: Final = (
    "Natur, Tiere & Umwelt",
    "Bildung & Lernen",
    "Kinder & Jugend",
    "Senioren",
    "Gesundheit & Soziales",
    "Energie & Klimaschutz",
    "Verkehr & Mobilität",
    "Kultur & Musik",
    "Sport & Bewegung",
    "Technik & Reparatur",
    "Nachbarschaft",
)
"""The agency's own fields of action, for the offers of its list."""
