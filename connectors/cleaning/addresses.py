"""Addresses as sources write them: towns with their districts, postal codes as text."""

import re
from typing import Final

from schema.normal.text import one_line

_CITIES: Final = """
    aachen augsburg berlin bielefeld bochum bonn bottrop braunschweig bremen bremerhaven
    chemnitz cottbus darmstadt dortmund dresden duisburg düsseldorf erfurt erlangen essen
    frankfurt freiburg fürth gelsenkirchen göttingen gütersloh hagen halle hamburg hamm
    hannover heidelberg heilbronn herne hildesheim ingolstadt iserlohn jena karlsruhe kassel
    kiel koblenz köln krefeld leipzig leverkusen lübeck ludwigshafen magdeburg mainz mannheim
    moers mönchengladbach mülheim münchen münster neuss nürnberg oberhausen offenbach oldenburg
    osnabrück paderborn pforzheim potsdam recklinghausen regensburg remscheid reutlingen
    rostock saarbrücken salzgitter schwerin siegen solingen stuttgart trier tübingen ulm
    wiesbaden wolfsburg wuppertal würzburg zwickau
"""
LARGE_CITIES: Final = frozenset(_CITIES.split())
"""German cities of about 100,000 people and more; nobody's district is called like them."""
_BEHIND_SLASH: Final = """
    oder main saale havel spree elbe weser aller leine lahn fulda werra donau rhein ruhr neckar
    isar inn mosel nahe ems wümme wupper sieg lippe harz taunus breisgau allgäu schwarzwald
    weinstraße pfalz oberpfalz westfalen holstein sachsen thüringen hessen bayern vogtland
    erzgebirge lausitz bodensee eifel rheinland württemberg niedersachsen mecklenburg
"""
_RIVERS_AND_REGIONS: Final = frozenset(_BEHIND_SLASH.split())
"""What stands behind a slash and belongs to the town's own name: `Frankfurt/Oder`."""
_TOWN_AND_DISTRICT: Final = re.compile(r"([^\W\d_][^/,;()]{1,60}?)\s?/\s?([^\W\d_][^/,;().]{1,60})")
_POSTAL_CODE: Final = re.compile(r"[0-9]{4,5}(?:[ -]?[A-Z]{2}|-[0-9]{3})?|[A-Z]{2}-[0-9]{4,5}")


def locality(text: str) -> tuple[str | None, str | None]:
    """`Essen/Altendorf` → (Essen, Altendorf), in this order also where it was written the other
    way round. Whatever could be one name stays one: `Frankfurt/Oder`, `Essen Borbeck`."""
    town = one_line(text)
    found = _TOWN_AND_DISTRICT.fullmatch(town) if "/" in town else None
    if found is None:
        return town or None, None
    first, second = found[1], found[2]
    if second.lower() in _RIVERS_AND_REGIONS:
        return town, None
    if second.lower() in LARGE_CITIES:
        return (town, None) if first.lower() in LARGE_CITIES else (second, first)
    return first, second


def postal_code(text: str) -> str | None:
    """A postal code as text, leading zeros kept, or None for what is none."""
    if len(text) == 5 and text.isascii() and text.isdigit():
        return text
    code = one_line(text).upper()
    return code if _POSTAL_CODE.fullmatch(code) else None
