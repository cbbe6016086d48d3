"""Words for months, weekdays and time zones in the five languages. Data, and looking it up."""

from typing import Final

_MONTHS: Final = """
    januar jänner jan january januari janeiro sausio sausis
    februar feber feb february februari fevereiro fev vasario vasaris
    märz maerz mrz mär march mar maart mrt março marco kovo kovas
    april apr abril abr balandžio balandis bal
    mai may mei maio gegužės gegužė geg
    juni jun june junho birželio birželis birž
    juli jul july julho liepos liepa liep
    august aug augustus agosto ago rugpjūčio rugpjūtis rugp
    september sept sep setembro set rugsėjo rugsėjis rugs
    oktober okt october oct outubro out spalio spalis spal
    november nov novembro lapkričio lapkritis lapkr
    dezember dez december dec dezembro gruodžio gruodis gruod
"""
MONTHS: Final = {
    word: number
    for number, line in enumerate(_MONTHS.strip().splitlines(), start=1)
    for word in line.split()
}

_WEEKDAYS: Final = """
    montag mo mon monday maandag ma segunda segunda-feira pirmadienis pirmadienį pr
    dienstag di tue tues tuesday dinsdag terça terça-feira ter antradienis antradienį an
    mittwoch mi wed wednesday woensdag wo quarta quarta-feira qua trečiadienis trečiadienį tr
    donnerstag do thu thur thurs thursday donderdag quinta quinta-feira qui ketvirtadienis kt
    freitag fr fri friday vrijdag vr sexta sexta-feira sex penktadienis penktadienį pn
    samstag sonnabend sa sat saturday zaterdag za sábado sáb šeštadienis šeštadienį št
    sonntag so sun sunday zondag zo domingo dom sekmadienis sekmadienį sk
"""
WEEKDAYS: Final = {
    word: number
    for number, line in enumerate(_WEEKDAYS.strip().splitlines())
    for word in line.split()
}
"""Word → 0 for Monday … 6 for Sunday."""

OFFSETS: Final = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("cet", "mez", "bst", "west"), 60),
    **dict.fromkeys(("cest", "mesz", "eet"), 120),
    **dict.fromkeys(("eest", "msk"), 180),
    "edt": -240,
    **dict.fromkeys(("est", "cdt"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    "pst": -480,
}
"""Name of a time zone as it stands in dates (RFC 822, 5.1, and the names of Europe) → minutes
east of Greenwich. Names that mean several zones, such as IST, are left out."""


def month(word: str) -> int | None:
    """A month's name or its abbreviation → 1 to 12."""
    return MONTHS.get(word.lower().rstrip("."))


def weekday(word: str) -> int | None:
    """A weekday's name or its abbreviation → 0 (Monday) to 6."""
    return WEEKDAYS.get(word.lower().rstrip("."))
