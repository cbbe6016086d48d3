"""Every problem this project can name, in one table. Nothing here is raised or logged by itself.

A code is stable and documented (docs/problems.md, tested). HTTP problem documents (RFC 9457),
quarantine rows, findings and run outcomes all use these codes.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How bad: an ERROR keeps a record out, a WARNING is a finding, an INFO is a note."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means (`title`) and what to do about it (`advice`)."""

    title: str
    advice: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: stable `code`, `path` in the record or file ("" = all of it),
    `message` for a person. The message never carries secrets or personal data."""

    code: str
    path: str = ""
    message: str = ""
    level: Level = Level.ERROR


class Rejected(Exception):
    """A raw record cannot become an entity. Carries the problem for the quarantine row."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


MEANINGS: Final[dict[str, Meaning]] = {
    "record.no_key": Meaning(
        "A record without a readable id", "Give every record of the source its id."
    ),
    "record.duplicate": Meaning(
        "The same id twice in one listing", "Remove the second record at the source."
    ),
    "record.no_title": Meaning("A record without a title", "Fill in the title at the source."),
    "record.forbidden_character": Meaning(
        "A character that XML or text forbids", "Retype the text at the source."
    ),
    "record.too_long": Meaning("A text or a list beyond the limit", "Shorten it at the source."),
    "record.invalid": Meaning(
        "A value the schema refuses", "Correct the named field at the source."
    ),
    "record.unmapped_field": Meaning(
        "A field of the source that nothing reads", "Map it, or name it as ignored."
    ),
    "record.partial": Meaning(
        "Details could not be fetched", "Nothing to do: the next run asks again."
    ),
    "record.crashed_reader": Meaning(
        "Reading this record exceeded a limit or crashed", "Look at the raw record."
    ),
    "text.cut": Meaning("A text cut by the source", "Shorten the text at the source."),
    "text.masked_contact": Meaning(
        "A private contact in free text was masked", "Use a role mailbox such as info@."
    ),
    "place.no_coordinates": Meaning(
        "Coordinates that mean 'none'", "Set the location at the source, or leave it empty."
    ),
    "reference.ambiguous": Meaning(
        "A name that several organisations carry", "Give the organisation's id with the record."
    ),
    "event.no_date": Meaning("An event without a date", "Give the entry its date at the source, or say in the settings where it stands."),
    "event.unreadable_date": Meaning("A date nobody can read", "Write the date in the form of the format, or as 29.03.2026."),
    "event.end_before_start": Meaning("An event that ends before it starts", "Correct start or end at the source."),
    "event.floating_time": Meaning("A time without a time zone", "Nothing to do if the source's zone is right; else set `zone`."),
    "event.unknown_zone": Meaning("A time zone nobody knows", "Use a name such as Europe/Berlin at the source."),
    "event.rule_refused": Meaning("A rule of repetition that is refused", "Let the event repeat daily or more seldom, on dates that exist."),
    "event.rule_cut": Meaning("More repetitions than are kept", "Nothing to do: the first ones are kept."),
    "event.broken_property": Meaning("A property that cannot be read", "Mend the named property at the source; the rest of the event is taken."),
    "event.no_uid": Meaning("An event without a UID", "Let the calendar give each event a UID that stays."),
    "event.new_uid": Meaning("Known events under new UIDs", 'Nothing is lost; set `uids = "changing"` if the source always does so.'),
    "document.notices": Meaning("Entries that are no events, offers or projects", "Nothing to do: they are counted and not published."),
    "document.wrong_root": Meaning(
        "Not the expected format", "Check the address; perhaps a login or error page answers."
    ),
    "document.blank": Meaning("The answer is empty", "Check the address; ask the source's operator if it stays so."),
    "document.login_page": Meaning("A login page in place of the document", "Check the key, and whether the address is public."),
    "document.challenge_page": Meaning("A check for robots in place of the document", "Ask the source's operator to let this service's name through."),
    "document.captive_page": Meaning("The login page of a network in place of the document", "Mend this service's own connection: it asks for a login."),
    "document.consent_page": Meaning("A question about cookies in place of the document", "Ask the source's operator for an address that needs no consent."),
    "document.not_found_page": Meaning("A page that says “not found” in place of the document", "Put the right address into the configuration."),
    "document.maintenance_page": Meaning("A maintenance page in place of the document", "Nothing to do: it is tried again."),
    "document.denied_page": Meaning("A page that says “no access” in place of the document", "Check key and address."),
    "document.error_page": Meaning("An error page in place of the document", "It is tried again; tell the source's operator if it stays."),
    "document.directory_page": Meaning("A list of files in place of the document", "Add the file's name to the address."),
    "document.placeholder_page": Meaning("A web server's or registrar's placeholder", "Ask the source's operator where the document is now."),
    "document.forwarding_page": Meaning("A page that leads elsewhere", "Open it in a browser and configure the address it leads to."),
    "document.shell_page": Meaning("A page that needs a browser", "Ask the source's operator for the address of the data."),
    "document.web_page": Meaning("A web page in place of the document", "Look on that page for the address of the data."),
    "document.unreadable": Meaning("Nothing could be read", "Check the address and the format."),
    "document.cut": Meaning("The document ends too early", "Nothing to do: the next run asks again."),
    "document.malformed": Meaning("Not well-formed, read as far as it goes", "Mend the document at the source; a validator names the line."),
    "document.empty": Meaning(
        "A valid listing without records", "Check the source; nothing is removed meanwhile."
    ),
    "document.limit_reached": Meaning(
        "As many records as were asked for", "Raise the connector's `limit`."
    ),
    "document.limit_cpu": Meaning("Reading took too much computing time", "Report the document."),
    "document.limit_memory": Meaning("Reading took too much memory", "Report the document."),
    "document.limit_time": Meaning("Reading took too long", "Report the document."),
    "document.scrubbed": Meaning(
        "Forbidden characters were replaced", "Retype the text at the source."
    ),
    "source.unreachable": Meaning("The source does not answer", "Check the address; it is tried again."),
    "source.timeout": Meaning("The answer took too long", "It is tried again."),
    "source.refused": Meaning("The source refuses (4xx)", "Check key and address."),
    "source.failing": Meaning("The source has an error of its own (5xx)", "It is tried again."),
    "source.rate_limited": Meaning("The source asks for fewer requests", "Lengthen `every`."),
    "source.too_large": Meaning("The answer exceeds the size limit", "Raise the limit or narrow the query."),
    "source.redirected": Meaning(
        "A redirect that is not followed", "Put the new address into the configuration."
    ),
    "source.forbidden_address": Meaning(
        "An address inside a private network", "Only public addresses are fetched."
    ),
    "source.encoding": Meaning("A content coding nobody asked for", "Mend the server's compression."),
    "source.secret_missing": Meaning(
        "A secret reference leads nowhere", "Set the environment variable or the file."
    ),
    "source.gone": Meaning(
        "The source says it is gone for ever (410)",
        "Find its new address, then `allmende sources resume`; its entries stay.",
    ),
    "source.robots": Meaning(
        "The site's robots.txt does not let us in", "Ask its operator, or use another source."
    ),
    "source.moved": Meaning(
        "The source has moved for good", "Put the new address into the configuration."
    ),
    "source.unknown": Meaning("There is no such source", "Look it up with `allmende sources`."),
    "source.busy": Meaning("A worker is at the source right now", "Try again in a moment."),
    "source.not_kept": Meaning(
        "No answer of the source is kept", "Run `allmende sync`; the next replay has what it brings."
    ),
    "source.repeated_page": Meaning("A page that leads back to itself", "Mend the source's paging."),
    "source.too_many_pages": Meaning("More pages than allowed", "Narrow the query."),
    "run.held": Meaning(
        "More would vanish or change than is plausible",
        "Look with `allmende runs show`, then `approve` or `reject`; what is published stays meanwhile.",
    ),
    "run.unknown": Meaning("There is no such run", "Look it up with `allmende runs`."),
    "run.not_held": Meaning("A run that holds nothing back", "Nothing to decide; see `allmende runs`."),
    "run.not_newest": Meaning("A later run holds more back", "Look at that one and decide about it."),
    "run.not_revocable": Meaning(
        "A run that cannot be taken back", "Correct single entries, or wait for the next run."
    ),
    "run.rolled_back": Meaning(
        "The source rests because a run of it was taken back",
        "Mend what was wrong, then `allmende sources resume`.",
    ),
    "run.crashed": Meaning("An error of ours", "Please report it with the log."),
    "run.interrupted": Meaning("The worker was stopped", "Nothing to do: the next run goes on."),
    "run.lease_lost": Meaning("Another worker took over", "Nothing to do."),
    "settings.unknown": Meaning("A setting nobody knows", "Remove it or mend its spelling."),
    "settings.missing": Meaning("A required setting is missing", "Add it."),
    "settings.invalid": Meaning("A setting with a wrong value", "Use a value of the named form."),
    "settings.syntax": Meaning("Not valid TOML", "Mend the named line."),
    "settings.duplicate_source": Meaning("Two sources with one id", "Give each source its own id."),
    "settings.duplicate_portal": Meaning("Two portals with one id", "Give each portal its own id."),
    "settings.unknown_connector": Meaning("A connector nobody installed", "Use an installed one."),
    "settings.unknown_term": Meaning("A category nobody knows", "Use a term of the scheme."),
    "settings.plain_secret": Meaning(
        "A secret written into the file", "Write env:NAME or file:/path instead."
    ),
    "settings.admin_unprotected": Meaning(
        "Everybody may read the pages under /admin", "Set a password under `[admin]`."
    ),
    "settings.no_imprint": Meaning(
        "No imprint says who runs this service", "Name a page or a file under `[site]`."
    ),
    "settings.weak_password": Meaning(
        "A password that is soon guessed", "Use a longer one, made by a generator."
    ),
    "settings.no_file": Meaning("No configuration file", "Create allmende.toml or name it with --config."),
    "request.not_found": Meaning("Nothing at this address", "Start at /."),
    "request.method_not_allowed": Meaning(
        "A method that this address does not know", "Use one that `Allow` names."
    ),
    "request.unknown_parameter": Meaning("A parameter nobody knows", "Use one that is listed."),
    "request.invalid_parameter": Meaning("A parameter with a wrong value", "Use the named form."),
    "request.not_from_here": Meaning(
        "A form that was not sent from this page", "Open the page anew and send the form there."
    ),
    "request.malformed": Meaning("Not a request of HTTP", "Mend the client."),
    "request.target_too_long": Meaning("An address that is too long", "Ask for less at once."),
    "request.headers_too_large": Meaning("Headers that are too large", "Send fewer or shorter ones."),
    "request.too_large": Meaning("A body that is too large", "Send less."),
    "request.timeout": Meaning("A request that did not come to its end in time", "Send it at once."),
    "request.not_acceptable": Meaning(
        "A content coding nobody has", "Accept one that is named, or `identity`."
    ),
    "request.unsupported": Meaning("Something in a request that is not done here", "Leave it out."),
    "request.too_many": Meaning("More requests than one client may send", "Wait as long as `Retry-After` says."),
    "request.too_many_connections": Meaning("More connections than can be served", "Close some, or try again in a moment."),
    "request.failed": Meaning("An error of ours", "Try again later."),
    "admin.closed": Meaning(
        "The administration is closed", "Whoever runs this service sets a password under `[admin]`."
    ),
    "entity.not_found": Meaning("No such entry", "Look it up in the list."),
    "entity.gone": Meaning("The entry was withdrawn", "Remove it on your side."),
    "database.unavailable": Meaning("The database does not answer", "Try again in a moment."),
    "database.outdated": Meaning("The database has not the form this version needs", "Run `allmende migrate`."),
    "database.not_filled": Meaning(
        "What lists, filters and search read is not made for every entry yet",
        "Run `allmende rebuild`, or wait for a worker: `allmende worker`, or `serve` without `--no-worker`.",
    ),
    "source.not_asked": Meaning("Sources that have not been asked yet", "Wait for a worker, or run `allmende sync`."),
    "record.forbidden_link": Meaning(
        "A link that is not published", "Use an http or https address without user or password."
    ),
}  # fmt: skip
