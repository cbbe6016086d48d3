"""Names of mailboxes that belong to a function, in the five languages. Data only."""

from typing import Final

_EVERYWHERE: Final = """
    info infos information informationen mail email post contact contacts office service team hello
    hallo hi support help admin administration webmaster postmaster newsletter news press redaction
    editor events event noreply feedback welcome club marketing media shop web internet
"""
_GERMAN: Final = """
    kontakt kontakte anfrage anfragen anmeldung anmeldungen auskunft beratung bewerbung buero büro
    biblio bibliothek buecherei datenschutz ehrenamt ehrenamtliche ehrenamtlich engagement
    empfang freiwillige freiwilligenagentur freiwilligenzentrum freiwilligendienst fsj bfd
    geschaeftsstelle geschäftsstelle gs gemeinde gemeindebuero pfarramt pfarrbuero helfen helfer
    jugend jugendamt jugendhaus kita kindergarten klima klimaschutz koordination leitung
    mitglied mitglieder mitmachen museum nachbarschaft nachbarschaftshilfe naturschutz
    oeffentlichkeitsarbeit organisation presse projekt projekte redaktion rathaus sekretariat
    schule schulleitung senioren sozial soziales spende spenden stadt stadtverwaltung
    stadtteilbuero stadtteilzentrum tierheim umwelt umweltamt veranstaltung veranstaltungen
    verein verwaltung vermittlung vorstand werkstatt zentrale zentrum freiwilligen
"""
_ENGLISH: Final = """
    volunteer volunteers volunteering enquiries enquiry inquiry reception secretary council
    secretariat community climate environment board membership donate donations projects project
"""
_DUTCH: Final = """
    vrijwilliger vrijwilligers vrijwilligerswerk secretariaat secretaris bestuur gemeente
    aanmelden aanmelding receptie informatie klantenservice klimaat duurzaamheid vereniging
    bewoners wijk projecten
"""
_PORTUGUESE: Final = """
    geral secretaria informacoes informações contacto contato correio voluntariado voluntarios
    voluntários associacao associação camara câmara municipio município ambiente clima
    atendimento direcao direção presidencia projetos projeto junta freguesia
"""
_LITHUANIAN: Final = """
    pastas paštas rastine raštinė sekretoriatas informacija kontaktai kontaktas savanoriai
    savanoris savanoryste savanorystė administracija biuras bendruomene bendruomenė aplinka
    klimatas savivaldybe savivaldybė seniunija seniūnija taryba asociacija
"""

ROLES: Final = frozenset(
    f"{_EVERYWHERE} {_GERMAN} {_ENGLISH} {_DUTCH} {_PORTUGUESE} {_LITHUANIAN}".split()
)
"""Role words: the part of an address before the @, or one of its pieces."""
