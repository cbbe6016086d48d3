"""Guards of publishing: persons, active content, secrets in answers. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

CONTACTS: Final = "connectors/cleaning/contacts.py"
MASKING: Final = "connectors/cleaning/masking.py"
HTML: Final = "connectors/cleaning/html.py"
PRIVACY: Final = "connectors/privacy.py"
CHECKS: Final = "schema/checks.py"
MIDDLEWARE: Final = "api/middleware.py"
OF_CONTACTS: Final = "tests/connectors/cleaning/test_contacts.py::"
OF_MASKING: Final = "tests/connectors/cleaning/test_masking.py::"
OF_HTML: Final = "tests/connectors/cleaning/test_html.py::"
OF_FINISH: Final = "tests/connectors/test_finish.py::"
OF_CHECKS: Final = "tests/schema/test_checks.py::"
OF_PROBLEMS: Final = "tests/api/test_http_problems.py::"
OF_FREINET: Final = "tests/connectors/freinet/test_freinet_reading.py::"

PUBLISHING: Final = (
    Guard(
        name="private mail addresses in texts are masked",
        file=CONTACTS,
        text="{*_private_mails(text, allowed), *_private_phones(text, allowed)}",
        instead="{*_private_phones(text, allowed)}",
        test=f"{OF_CONTACTS}test_private_contacts_are_masked",
    ),
    Guard(
        name="private phone numbers in texts are masked",
        file=CONTACTS,
        text="{*_private_mails(text, allowed), *_private_phones(text, allowed)}",
        instead="{*_private_mails(text, allowed)}",
        test=f"{OF_CONTACTS}test_private_contacts_are_masked",
    ),
    Guard(
        name="a role mailbox has nothing but roles in its name",
        file=CONTACTS,
        text=" and all(\n        not part or part in ROLES or part in around for part in known\n"
        "    )",
        instead="",
        test=f"{OF_CONTACTS}test_a_role_mailbox_has_nothing_but_roles_in_its_name",
    ),
    Guard(
        name="links to persons lose their address",
        file=MASKING,
        text="return MASK if private else",
        instead="return link[0] if private else",
        test=f"{OF_MASKING}test_private_contacts_leave_html",
    ),
    Guard(
        name="an address that tags cut apart is seen",
        file=MASKING,
        text="if cut_apart else (masked, found)",
        instead="if cut_apart < 0 else (masked, found)",
        test=f"{OF_MASKING}test_private_contacts_leave_html",
    ),
    Guard(
        name="links that carry an address or open a chat go",
        file=MASKING,
        text="if reveals(tag) else (tag, 0)",
        instead="if tag is None else (tag, 0)",
        test=f"{OF_MASKING}test_private_contacts_leave_html",
    ),
    Guard(
        name="persons leave the contact block",
        file=PRIVACY,
        text='"person": contact.person if personal else None,',
        instead='"person": contact.person,',
        test=f"{OF_FINISH}test_a_contact_of_an_organisation_passes_without_its_person",
    ),
    Guard(
        name="a contact without a role is a person's",
        file=PRIVACY,
        text='"name": contact.name if is_role or personal else None,',
        instead='"name": contact.name,',
        test=f"{OF_FINISH}test_a_contact_without_a_role_is_a_persons",
    ),
    Guard(
        name="a private mailbox is no way to answer",
        file=PRIVACY,
        text="    email = respond.email if may_mail(respond.email, facts) else None\n",
        instead="    email = respond.email\n",
        test=f"{OF_FINISH}test_a_private_mailbox_is_no_way_to_answer",
    ),
    Guard(
        name="addresses that reveal a person are left out",
        file=PRIVACY,
        text='if fields["url"] is not None and reveals(fields["url"]):',
        instead='if fields["url"] is not None and not fields["url"]:',
        test=f"{OF_FINISH}test_addresses_that_reveal_a_person_are_left_out",
    ),
    Guard(
        name="only the safe subset of HTML stays",
        file=HTML,
        text="cleaned = _CLEANER.clean(html)",
        instead="cleaned = html",
        test=f"{OF_HTML}test_only_the_safe_subset_stays",
    ),
    Guard(
        name="links in HTML lead to the web, mail and phones",
        file=HTML,
        text='url_schemes={"http", "https", "mailto", "tel"},',
        instead='url_schemes={"http", "https", "mailto", "tel", "javascript", "data"},',
        test=f"{OF_HTML}test_only_the_safe_subset_stays",
    ),
    Guard(
        name="HTML turns no other text",
        file=HTML,
        text="return unturned(cleaned).strip()",
        instead="return cleaned.strip()",
        test="tests/connectors/ical/test_ical_samples.py::test_sample_becomes_what_is_expected",
    ),
    Guard(
        name="text turns no other text",
        file="schema/normal/text.py",
        text='"\\ufeff", *TURNING)',
        instead='"\\ufeff")',
        test="tests/schema/test_normal_text.py::test_nothing_that_turns_other_text_is_kept",
    ),
    Guard(
        name="HTML is made safe whoever mapped it",
        file="connectors/mapping.py",
        text='search.text("description_html", safe(source))',
        instead='search.text("description_html", source)',
        test=f"{OF_FINISH}test_html_is_made_safe_and_read_as_text",
    ),
    Guard(
        name="links are published to web addresses only",
        file=CHECKS,
        text="        if not is_web_url(text):\n",
        instead="        if text is None:\n",
        test=f"{OF_CHECKS}test_links_lead_to_web_addresses_only",
    ),
    Guard(
        name="links inside HTML are looked at",
        file=CHECKS,
        text="        if not _LINK_IN_HTML.match(target):\n",
        instead="        if target is None:\n",
        test=f"{OF_CHECKS}test_links_in_html_are_looked_at",
    ),
    Guard(
        name="texts have a limit",
        file=CHECKS,
        text="    if len(text) > longest:\n",
        instead="    if len(text) < 0:\n",
        test=f"{OF_CHECKS}test_texts_have_a_limit",
    ),
    Guard(
        name="a forbidden character keeps an id or a title out",
        file=CHECKS,
        text='Level.ERROR if path.startswith(("title.", "native_id")) else Level.WARNING',
        instead="Level.WARNING",
        test=f"{OF_CHECKS}test_a_forbidden_character_keeps_out_by_id_or_title_only",
    ),
    Guard(
        name="an entry has a title",
        file=CHECKS,
        text="    if not any(title.strip() for title in titles.values()):\n",
        instead="    if titles is None:\n",
        test=f"{OF_CHECKS}test_an_entity_needs_a_title",
    ),
    Guard(
        name="fields nobody knows are not kept: they could hold a person",
        file="connectors/mapping.py",
        text="for name, value in payload.items() if name in self.used}",
        instead="for name, value in payload.items()}",
        test="tests/connectors/test_audit.py::test_used_fields_are_taken_and_others_left",
    ),
    Guard(
        name="keys of agencies and persons do not even reach the raw",
        file="connectors/freinet/reading.py",
        text='item = {OFFER_ID: number or "", **self._offers.take(fields)}',
        instead='item = {OFFER_ID: number or "", **fields}',
        test=f"{OF_FREINET}test_persons_and_keys_do_not_even_reach_the_raw",
    ),
    Guard(
        name="an organisation's private mail address is not kept",
        file="connectors/freinet/reading.py",
        text='if not is_role_mailbox(about.get("email", "")):',
        instead="if about is None:",
        test=f"{OF_FREINET}test_a_private_mail_address_of_an_organisation_is_not_kept",
    ),
    Guard(
        name="errors of sources are quoted without keys",
        file="connectors/cleaning/jsontext.py",
        text="_TOKEN.sub('…', said)[:LONGEST_QUOTE]",
        instead="said[:LONGEST_QUOTE]",
        test="tests/connectors/cleaning/test_jsontext.py::"
        "test_an_error_is_quoted_shortly_without_keys_and_contacts",
    ),
    Guard(
        name="a secret written out in the configuration is refused",
        file="aggregator/configuring/secrets.py",
        text="if name in names and isinstance(value, str) and not is_reference(value):",
        instead="if name is None:",
        test="tests/aggregator/configuration/test_secrets.py::"
        "test_a_secret_written_out_is_refused_and_not_repeated",
    ),
    Guard(
        name="pages escape what entries say",
        file="api/site/rendering.py",
        text="autoescape=True,",
        instead="autoescape=False,",
        test="tests/api/test_start_page.py::test_nothing_hostile_becomes_markup",
    ),
    Guard(
        name="pages link to web addresses only",
        file="api/site/cards.py",
        text='return address if parts.scheme in {"http", "https"} and parts.netloc else None',
        instead="return address",
        test="tests/api/test_start_page.py::test_nothing_hostile_becomes_markup",
    ),
    Guard(
        name="pages run no script, whatever stands in them",
        file="api/policies.py",
        text='"default-src": "\'none\'"',
        instead='"default-src": "*"',
        test=f"{OF_PROBLEMS}test_every_answer_is_locked_down",
    ),
    Guard(
        name="an error of ours says nothing of itself",
        file=MIDDLEWARE,
        text="if response.status == 500:",
        instead="if response.status == 0:",
        test=f"{OF_PROBLEMS}test_an_error_of_ours_says_nothing_of_itself",
    ),
)
