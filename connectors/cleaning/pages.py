"""What a server sent in place of a document: a login, a soft 404, a bot check … Pure.

Servers send such pages with status 200. So the shape says what a page is, never a status: what it
calls itself, what it asks for, where it leads, and marks of well-known software. Only what is not
of the expected format is looked at here: it is refused in any case, the kind says what to do.
"""

import re
from collections.abc import Iterator
from typing import Final

from connectors.base import Unreadable
from connectors.cleaning.encoding import encoding_of
from connectors.cleaning.jsontext import quoted_error
from connectors.cleaning.shape import LOOKED_AT, Shape, shape_of
from schema import Problem

LITTLE: Final = 1_500
"""Characters of visible text up to which a page may be about nothing but a check or an error."""
NOTHING: Final = 250
"""Characters of visible text up to which a page needs a browser to say anything."""
SHORT: Final = 600
"""Characters up to which a plain text may be a server's message."""

_CALLED: Final = {
    "login": "a login page",
    "challenge": "a check for robots",
    "captive": "the login page of a network",
    "consent": "a question about cookies",
    "not_found": "a page that says “not found”",
    "maintenance": "a maintenance page",
    "denied": "a page that says “no access”",
    "error": "an error page",
    "directory": "a list of files",
    "placeholder": "a placeholder of the web server or the registrar",
    "forwarding": "a page that leads elsewhere",
    "shell": "a page that needs a browser",
    "web": "a web page",
}


def _words(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}" for word in words))


# Beginnings of words, in English, German, Dutch, Portuguese and Lithuanian.
_NOT_FOUND: Final = _words(
    *("404 ", "404:", "error 404", "http 404", "fehler 404", "not found", "page missing"),
    *("doesn't exist", "doesn’t exist", "does not exist", "could not be found", "no longer exists"),
    *("nicht gefunden", "existiert nicht", "gibt es nicht", "nicht vorhanden"),
    *("nicht mehr verfügbar", "niet gevonden", "bestaat niet", "não encontrad", "não existe"),
    *("nerast", "neegzistuoja", "page introuvable", "410 gone"),
)
_MAINTENANCE: Final = _words(
    *("wartung", "maintenance", "onderhoud", "manutenção", "techniniai darbai", "priežiūros darb"),
    *("503 ", "service unavailable", "temporarily unavailable", "temporarily offline"),
    *("vorübergehend nicht", "tijdelijk niet", "temporariamente", "laikinai"),
    *(
        "be right back",
        "back soon",
        "gleich wieder",
        "bald wieder",
        "offline",
        "under construction",
    ),
    *("im aufbau", "coming soon", "in kürze", "binnenkort", "em breve", "netrukus"),
    *("zo terug", "voltamos já", "em construção", "in opbouw", "kuriama", "baustelle"),
)
_LOGIN: Final = _words(
    *("login", "log in", "log-in", "sign in", "sign-in", "signin", "anmeld", "einloggen"),
    *("inloggen", "aanmelden", "iniciar sessão", "entrar", "autentica", "prisijung"),
    *("authentication required", "single sign", "sso", "shibboleth", "wählen sie ihre einrichtung"),
    *("select your organisation", "select your institution", "passwort", "password", "wachtwoord"),
)
_DENIED: Final = _words(
    *("403 ", "forbidden", "access denied", "zugriff verweigert", "kein zugriff", "nicht erlaubt"),
    *("toegang geweigerd", "geen toegang", "acesso negado", "prieiga uždrausta", "401 "),
    *("unauthorized", "nicht berechtigt", "zugang gesperrt", "nicht autorisiert"),
)
_ERROR: Final = _words(
    *(
        "500 ",
        "502 ",
        "504 ",
        "internal server error",
        "bad gateway",
        "gateway time",
        "fatal error",
    ),
    *("parse error", "database error", "error establishing", "database connection", "fehler"),
    *("an error occurred", "something went wrong", "exception", "traceback", "warning:"),
    *("interner server", "serverfout", "erro ", "klaida", "bad request", "400 ", "server error"),
    *("foutmelding", "er is iets misgegaan", "unexpected error", "web server is down"),
    "http server error",
)
_CHALLENGE: Final = _words(
    *("just a moment", "attention required", "checking your browser", "ddos protection"),
    *("verify you are human", "verifying you are", "are you a robot", "are you human", "captcha"),
    *(
        "making sure you're not a bot",
        "making sure you’re not a bot",
        "security check",
        "bot check",
    ),
    *("sicherheitsüberprüfung", "sicherheitsprüfung", "browser wird überprüft", "kein roboter"),
    *("bist du ein mensch", "sind sie ein mensch", "pardon our interruption", "human verification"),
    *("beveiligingscontrole", "geen robot", "verificação de segurança", "não é um rob"),
    *("saugumo patikr", "ne robot", "one more step", "proof of work"),
)
_CONSENT: Final = _words(
    *("cookie", "before you continue", "bevor sie fortfahren", "einwilligung", "consent"),
    *("zustimmung", "privatsphäre-einstellungen", "voordat je verdergaat", "toestemming"),
    *("antes de continuar", "consentimento", "sutikim", "slapuk", "datenschutzeinstellungen"),
)
_CAPTIVE: Final = _words(
    *("hotspot", "wlan", "wi-fi", "wifi", "gastzugang", "guest access", "guest network"),
    *("captive portal", "gäste-netz", "gastnetz", "internetzugang", "network authentication"),
)
_DIRECTORY: Final = _words(
    *("index of /", "directory listing", "verzeichnis von /", "verzeichnisinhalt", "list of files")
)
_PLACEHOLDER: Final = _words(
    *("welcome to nginx", "apache2 ubuntu default", "apache2 debian default", "it works"),
    *("iis windows", "default web site page", "test page for the", "domain geparkt", "parked"),
    *("domain is for sale", "diese domain", "this domain", "welcome to caddy", "default page"),
    *("website is hosted", "webspace", "plesk", "hier entsteht"),
)
_MARKS: Final = {
    "challenge": (
        *("cf_chl_opt", "cf-chl-", "/cmd/anubis", "anubis_challenge", "_incapsula_resource"),
        *("px-captcha", "captcha-delivery.com", "sucuri_cloudproxy", "awswaf.com", "ddos-guard"),
        *("/_fec_sbu", "go-away/cmd", "haproxy-protection", "bunkerweb", "__bot_check"),
    ),
    "captive": (
        *("wispaccessgatewayparam", "chillispot", "coova", "fgtauth", "$pageid=", "/cgi-bin/luci"),
        *("nodogsplash", "opennds", "/guest/s/default", "unifi hotspot", "captiveportal"),
    ),
    "login": (
        'name="samlrequest"',
        'name="samlresponse"',
        "/saml2/",
        "/adfs/ls",
        "openid-connect/auth",
    ),
}
"""What only such pages carry, wherever it stands."""
_WIDGETS: Final = (
    *("g-recaptcha", "h-captcha", "cf-turnstile", "frc-captcha", "altcha-widget", "geetest"),
    *("hcaptcha.com", "recaptcha/api.js", "mcaptcha"),
)
"""Also on pages with a form for comments: they mean a check where there is little else."""
_ROOT: Final = re.compile(r"<([^\s/><!?\"'=&;]{1,100})")
_TO_LOGIN: Final = re.compile(r"(?:log-?in|sign-?in|/sso|/auth|saml|/cas/|anmeld)")
_MOVES: Final = re.compile(
    r"(?:window\.|document\.|top\.)?location(?:\.href)?\s?=[^=]|location\.replace\("
)
_NEEDS_BROWSER: Final = re.compile(
    r"(?:enable|activate|requires?|needs?|turn on) javascript"
    r"|javascript (?:is|to be|aktivieren|muss|moet|i[nš]j)"
)

_BY_NAME: Final = (
    ("directory", _DIRECTORY),
    ("placeholder", _PLACEHOLDER),
    ("challenge", _CHALLENGE),
    ("not_found", _NOT_FOUND),
    ("captive", _CAPTIVE),
    ("maintenance", _MAINTENANCE),
    ("login", _LOGIN),
    ("denied", _DENIED),
    ("consent", _CONSENT),
    ("error", _ERROR),
)
_BY_MESSAGE: Final = (
    *(("not_found", _NOT_FOUND), ("maintenance", _MAINTENANCE), ("challenge", _CHALLENGE)),
    *(("denied", _DENIED), ("error", _ERROR), ("login", _LOGIN)),
)


def refusal(head: bytes | str, wanted: str, charset: str | None = None) -> Unreadable:
    """The first bytes (64 KiB are enough) or characters of an answer that is not of the format
    `wanted` (a word for a person), and HTTP's charset → what to raise: which page it is, what
    its error says, or that it says nothing."""
    text = head if isinstance(head, str) else _decoded(head, charset)
    if not _visible(text):
        return _unreadable("document.blank", f"{wanted} expected, not an empty answer")
    kind = kind_of(text)
    if kind is not None:
        return _unreadable(f"document.{kind}_page", f"{wanted} expected, not {_CALLED[kind]}")
    return _unreadable("document.wrong_root", f"{wanted} expected, not {looks(text)}")


def kind_of(text: str) -> str | None:
    """A document's first characters → which page it is (`login`, `challenge` …), `web` for any
    other web page, None for what is none."""
    page = shape_of(text)
    if page is None:
        return _kind_of_message(text)
    return next(_kinds(page), "web")


def looks(text: str) -> str:
    """What an answer without any page looks like, for a person."""
    root = _ROOT.search(text[:LOOKED_AT]) if text.lstrip().startswith("<") else None
    return f"<{root[1]}>" if root else quoted_error(text[:2_000]) or "text"


def _decoded(head: bytes, charset: str | None) -> str:
    head = head[: 2 * LOOKED_AT]
    if head[1:2] == b"\0" and head[:1] == b"<":
        return head.decode("utf-16-le", "replace")
    if head[:2] == b"\0<":
        return head.decode("utf-16-be", "replace")
    return head.decode(encoding_of(head, charset, None), "replace")


def _visible(text: str) -> bool:
    return any(not (c.isspace() or c in "\0\ufeff\u200b\ufffd") for c in text[:LOOKED_AT])


def _kinds(page: Shape) -> Iterator[str]:
    """What a page may be, the surest first."""
    yield from (kind for kind, marks in _MARKS.items() if any(m in page.source for m in marks))
    little = len(page.text) <= LITTLE
    if little or page.asks_for_password:
        yield from (kind for kind, words in _BY_NAME if words.search(page.names))
    if page.asks_for_password:
        yield "login"
    if page.forward is not None and little:
        yield "login" if _TO_LOGIN.search(page.forward) else "forwarding"
    if little:
        yield from _of_little(page)


def _of_little(page: Shape) -> Iterator[str]:
    """What a page with little text may be, when its name says nothing."""
    if any(widget in page.source for widget in _WIDGETS):
        yield "challenge"
    yield from (kind for kind, words in _BY_NAME if words.search(page.headings))
    if "frameset" in page.tags:
        yield "forwarding"
    if len(page.text) <= NOTHING:
        if "script" in page.tags and _MOVES.search(page.source):
            yield "login" if _TO_LOGIN.search(page.source) else "forwarding"
        if _NEEDS_BROWSER.search(page.text):
            yield "shell"
    if len(page.text) <= SHORT:
        yield from (kind for kind, words in _BY_MESSAGE if words.search(page.text))
    if not page.text or (len(page.text) <= NOTHING and "script" in page.tags):
        yield "shell"


def _kind_of_message(text: str) -> str | None:
    """A short text without markup → which page it would have been."""
    said = " ".join(text.split()).lower()
    if len(said) > SHORT or said.startswith(("{", "[", "<")):
        return None
    return next((kind for kind, words in _BY_MESSAGE if words.search(said)), None)


def _unreadable(code: str, message: str) -> Unreadable:
    return Unreadable(Problem(code, "", message))
