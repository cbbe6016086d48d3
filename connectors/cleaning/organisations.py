"""Names that can only be an organisation's, in the five languages. Pure.

Where a calendar names an organiser, nothing tells a club from a person but the name itself. So
one counts as an organisation only by a word that no person is called.
"""

import re
from typing import Final

_WORDS: Final = """
    verein vereine e.v. ev gmbh ggmbh ag eg ug kg stiftung genossenschaft verband bündnis
    initiative gruppe netzwerk arbeitskreis forum zentrum werkstatt agentur büro amt
    ministerium stadt gemeinde landkreis kreis rathaus bezirk quartier kirche pfarrei schule
    hochschule universität uni akademie volkshochschule vhs bibliothek bücherei museum theater
    jugendclub club team redaktion verwaltung referat stabsstelle kita nabu adfc vcd awo
    caritas diakonie drk thw feuerwehr stadtwerke klimaschutz umwelt ortsgruppe kreisverband
    association society foundation council city town municipality department office centre center
    group network committee union university school library charity trust ltd inc
    vereniging stichting gemeente bibliotheek school wijk buurt groep netwerk
    associação fundação câmara município junta escola biblioteca grupo rede cooperativa
    asociacija draugija savivaldybė seniūnija mokykla biblioteka bendruomenė fondas centras klubas
"""
_NAMED: Final = frozenset(_WORDS.split())
_ENDINGS: Final = (
    *("verein", "verband", "stiftung", "initiative", "gruppe", "zentrum", "amt"),
    *("gemeinde", "agentur", "werkstatt", "werke", "schule", "kirche", "büro", "netzwerk", "forum"),
    *("bündnis", "museum", "bibliothek", "referat", "vereniging", "stichting"),
)
_LETTERS: Final = re.compile(r"[\w.]{1,100}")
_SHORTEST_STEM: Final = 3
"""Letters before an ending, so that no short surname counts."""


def names_organisation(name: str) -> bool:
    """Whether a name is an organisation's: by a whole word or by how a long word ends."""
    if "@" in name or not name:
        return False
    words = [word.lower() for word in _LETTERS.findall(name)]
    return any(word in _NAMED or word.rstrip(".") in _NAMED or _is_compound(word) for word in words)


def _is_compound(word: str) -> bool:
    return any(
        word.endswith(ending) and len(word) >= len(ending) + _SHORTEST_STEM for ending in _ENDINGS
    )
