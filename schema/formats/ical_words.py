"""What an entry of a calendar says in words, in the five languages. Data, and choosing among it."""

from collections.abc import Mapping
from typing import Final

from schema.vocabulary import LANGUAGES

FALLBACK: Final = "en"
"""Spoken where a text is in a language that is not one of the five."""

_ROWS: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "cancelled": ("Abgesagt: ", "Cancelled: ", "Afgelast: ", "Cancelado: ", "Atšaukta: "),
    "postponed": ("Verschoben: ", "Postponed: ", "Uitgesteld: ", "Adiado: ", "Atidėta: "),
    "moved_online": (
        "Jetzt online: ", "Now online: ", "Nu online: ", "Agora online: ", "Dabar internetu: "
    ),
    "was_planned": (
        "Ursprünglich geplant", "Originally planned", "Oorspronkelijk gepland",
        "Inicialmente previsto", "Iš pradžių planuota",
    ),
    "new_date_open": (
        "Ein neuer Termin steht noch nicht fest.",
        "A new date has not been set yet.",
        "Er is nog geen nieuwe datum bekend.",
        "Ainda não há nova data.",
        "Nauja data dar nenustatyta.",
    ),
    "organiser": (
        "Veranstaltet von", "Organised by", "Georganiseerd door", "Organização", "Rengia"
    ),
    "respond": ("Anmeldung", "Sign up", "Aanmelden", "Inscrição", "Registracija"),
    "contact": ("Kontakt", "Contact", "Contact", "Contacto", "Kontaktai"),
    "source": ("Quelle", "Source", "Bron", "Fonte", "Šaltinis"),
    "licence": ("Lizenz", "Licence", "Licentie", "Licença", "Licencija"),
    "entry": ("Eintrag", "Entry", "Vermelding", "Entrada", "Įrašas"),
    "licence.unknown": (
        "ungeklärt, bitte bei der Quelle fragen", "not known, please ask the source",
        "onbekend, vraag het de bron", "desconhecida, pergunte à fonte",
        "nežinoma, klauskite šaltinio",
    ),
    "attribution": ("zu nennen", "to be credited", "te vermelden", "a citar", "nurodyti"),
}  # fmt: skip

LICENCES: Final[Mapping[str, str]] = {
    "cc-zero": "Creative Commons Zero (CC0 1.0)",
    "cc-by/4.0": "Creative Commons Attribution 4.0 (CC BY 4.0)",
    "cc-by-sa/4.0": "Creative Commons Attribution-ShareAlike 4.0 (CC BY-SA 4.0)",
    "dl-zero-de/2.0": "Datenlizenz Deutschland – Zero 2.0",
    "dl-by-de/2.0": "Datenlizenz Deutschland – Namensnennung 2.0",
    "odbl": "Open Database License (ODbL)",
}
"""Names of licences, which are the same in every language."""

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

_IN: Final[dict[str, dict[str, str]]] = {
    language: {name: row[column] for name, row in _ROWS.items()}
    for column, language in enumerate(LANGUAGES)
}


def spoken(language: str) -> str:
    """A language tag → the one of the five that speaks for it."""
    primary = language.partition("-")[0].lower()
    return primary if primary in _IN else FALLBACK


def words(language: str) -> Mapping[str, str]:
    """A language tag → the words in it."""
    return _IN[spoken(language)]


def licence(name: str, language: str) -> str:
    """A licence in words."""
    if name == "unknown":
        return words(language)["licence.unknown"]
    return LICENCES.get(name, name)


def day_and_time(iso: str, language: str) -> str:
    """An ISO date or wall time → as people of the language write it."""
    year, month, day, clock = iso[:4], iso[5:7], iso[8:10], iso[11:16]
    match spoken(language):
        case "de":
            said = (f"{day}.{month}.{year}", f"{clock} Uhr")
        case "nl":
            said = (f"{day}-{month}-{year}", f"{clock} uur")
        case "pt":
            said = (f"{day}/{month}/{year}", clock)
        case "lt":
            said = (f"{year}-{month}-{day}", clock)
        case _:
            said = (f"{int(day)} {_MONTHS[int(month) - 1]} {year}", clock)
    return ", ".join(said) if clock else said[0]
