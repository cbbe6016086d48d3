"""Guards of what is dialled and of what is kept secret: addresses, keys, files. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

EGRESS: Final = "aggregator/fetch/egress.py"
REDACT: Final = "aggregator/fetch/redact.py"
SNAPSHOTS: Final = "aggregator/fetch/snapshots.py"
SESSION: Final = "aggregator/fetch/session.py"
HERE: Final = "tests/aggregator/fetch/"
OF_EGRESS: Final = f"{HERE}test_egress.py::"
OF_DOORS: Final = f"{HERE}test_doors.py::"
OF_REDACT: Final = f"{HERE}test_redact.py::"
OF_SNAPSHOTS: Final = f"{HERE}test_snapshots.py::"
NOT_PUBLIC: Final = f"{OF_EGRESS}test_addresses_that_are_not_public"

HIDING: Final = (
    Guard(
        name="what is not in the public internet is not dialled",
        file=EGRESS,
        text="if not permits(str(sockaddr[0]), allow_loopback=allow_loopback):",
        instead="if sockaddr is None:",
        test=f"{OF_EGRESS}test_no_spelling_reaches_this_machine[127.0.0.1]",
    ),
    Guard(
        name="an address inside IPv6 is judged as what it is: NAT64",
        file=EGRESS,
        text="    if address in _NAT64:\n        return IPv4Address(int(address) & 0xFFFF_FFFF)\n",
        instead="",
        test=f"{OF_EGRESS}test_addresses_that_are_public",
    ),
    Guard(
        name="an address inside IPv6 is judged as what it is: mapped",
        file=EGRESS,
        text="address.ipv4_mapped or address.sixtofour",
        instead="address.sixtofour",
        test=f"{OF_EGRESS}test_addresses_that_are_public",
    ),
    Guard(
        name="an address inside IPv6 is judged as what it is: 6to4",
        file=EGRESS,
        text="address.ipv4_mapped or address.sixtofour",
        instead="address.ipv4_mapped",
        test=NOT_PUBLIC,
    ),
    Guard(
        name="private networks are closed",
        file=EGRESS,
        text="return plain.is_global and not (",
        instead="return not (",
        test=NOT_PUBLIC,
    ),
    Guard(
        name="groups of machines are closed",
        file=EGRESS,
        text="(plain.is_multicast or ",
        instead="(",
        test=NOT_PUBLIC,
    ),
    Guard(
        name="reserved addresses are closed",
        file=EGRESS,
        text="or plain.is_reserved or closed",
        instead="or closed",
        test=NOT_PUBLIC,
    ),
    Guard(
        name="blocks that Python calls global are closed",
        file=EGRESS,
        text="plain.is_reserved or closed)",
        instead="plain.is_reserved)",
        test=NOT_PUBLIC,
    ),
    Guard(
        name="the site-local addresses of old are closed",
        file=EGRESS,
        text="    if isinstance(plain, IPv6Address) and plain.is_site_local:\n"
        "        return False\n",
        instead="",
        test=NOT_PUBLIC,
    ),
    Guard(
        name="this machine is dialled only where that is allowed",
        file=EGRESS,
        text="(allow_loopback and unwrapped(address).is_loopback)",
        instead="unwrapped(address).is_loopback",
        test=f"{OF_EGRESS}test_no_spelling_reaches_this_machine[127.0.0.1]",
    ),
    Guard(
        name="where this machine may be dialled, nothing else private may",
        file=EGRESS,
        text="(allow_loopback and unwrapped(address).is_loopback)",
        instead="allow_loopback",
        test=f"{OF_EGRESS}test_allowing_this_machine_allows_it_alone",
    ),
    Guard(
        name="a target is judged before the proxy hears of it",
        file=SESSION,
        text="if self.proxied:",
        instead="if self.proxied is None:",
        test=f"{OF_DOORS}test_a_name_of_which_one_address_is_private_is_not_handed_over",
    ),
    Guard(
        name="a name is looked up for every call",
        file=SESSION,
        text="use_dns_cache=False,",
        instead="use_dns_cache=True,",
        test=f"{OF_DOORS}test_a_name_that_changes_its_address_is_judged_by_the_dialled_one",
    ),
    Guard(
        name="certificates are checked",
        file=SESSION,
        text="context = ssl.create_default_context()",
        instead="context = ssl._create_unverified_context()",
        test=f"{HERE}test_certificates.py::test_what_is_not_in_order_is_refused_in_plain_words",
    ),
    Guard(
        name="values of names that carry secrets are masked",
        file=REDACT,
        text="    if not strong and name.lower() not in _WEAK:\n        return None\n",
        instead="    if True:\n        return None\n",
        test=f"{OF_REDACT}test_secrets_are_masked",
    ),
    Guard(
        name="short names that carry secrets count too",
        file=REDACT,
        text='_WEAK = frozenset({"key", "sig", "auth", "pass"})',
        instead="_WEAK = frozenset[str]()",
        test=f"{OF_REDACT}test_secrets_are_masked",
    ),
    Guard(
        name="user and password in addresses are masked",
        file=REDACT,
        text='    text = _USERINFO.sub(rf"\\1{MASK}@", text)\n',
        instead="",
        test=f"{OF_REDACT}test_secrets_are_masked",
    ),
    Guard(
        name="secrets in elements of XML are masked",
        file=REDACT,
        text="return _ELEMENT.sub(_mask_element, _mask_labelled(text))",
        instead="return _mask_labelled(text)",
        test=f"{OF_REDACT}test_secrets_are_masked",
    ),
    Guard(
        name="headers that log in are masked to the end of their line",
        file=REDACT,
        text='whole_line = sign == ":" and _WHOLE_LINE.search(name)',
        instead="whole_line = False",
        test=f"{OF_REDACT}test_secrets_are_masked",
    ),
    Guard(
        name="values that were resolved are masked wherever they stand",
        file=REDACT,
        text="        text = _resolved.pattern.sub(MASK, text)\n",
        instead="        pass\n",
        test=f"{OF_REDACT}test_a_resolved_value_is_masked_wherever_it_stands",
    ),
    Guard(
        name="values that were resolved are masked however they are quoted",
        file=REDACT,
        text='quoted = "".join(f"%(?:25)*+{byte:02X}" for byte in letter.encode())',
        instead="quoted = re.escape(letter)",
        test=f"{OF_REDACT}test_a_resolved_value_is_masked_wherever_it_stands",
    ),
    Guard(
        name="whoever resolves a secret tells the redactor",
        file="aggregator/fetch/secrets.py",
        text="    remember(secret)\n",
        instead="",
        test=f"{HERE}test_secrets.py::test_a_value_once_read_is_masked_everywhere",
    ),
    Guard(
        name="tracebacks in logs are masked",
        file=REDACT,
        text="redact(record.exc_text) if record.exc_text else None",
        instead="record.exc_text",
        test=f"{OF_REDACT}test_every_log_record_is_redacted",
    ),
    Guard(
        name="messages in logs are masked",
        file=REDACT,
        text="record.msg, record.args = redact(_message(record)), None",
        instead="record.msg, record.args = _message(record), None",
        test=f"{OF_REDACT}test_every_log_record_is_redacted",
    ),
    Guard(
        name="errors of the HTTP library are told in words of our own",
        file="aggregator/fetch/failures.py",
        text="message=_reason(error))",
        instead="message=f'{error} {error!r} {vars(error)}')",
        test=f"{HERE}test_guarded_errors.py::test_who_speaks_no_http_makes_us_say_no_key",
    ),
    Guard(
        name="only the owner may read documents",
        file=SNAPSHOTS,
        text="os.O_EXCL, 0o600)",
        instead="os.O_EXCL, 0o644)",
        test=f"{OF_SNAPSHOTS}test_only_the_owner_may_read",
    ),
    Guard(
        name="only the owner may enter the folder of documents",
        file=SNAPSHOTS,
        text="mkdir(mode=0o700, parents",
        instead="mkdir(mode=0o755, parents",
        test=f"{OF_SNAPSHOTS}test_only_the_owner_may_read",
    ),
    Guard(
        name="a kept document is believed only with the bytes of its name",
        file=SNAPSHOTS,
        text="if part.digest != kept.stem:",
        instead="if part is None:",
        test=f"{OF_SNAPSHOTS}test_a_document_with_other_bytes_is_noticed",
    ),
    Guard(
        name="only digests name documents",
        file=SNAPSHOTS,
        text="if not _SHA256.fullmatch(name):",
        instead="if name is None:",
        test=f"{OF_SNAPSHOTS}test_only_digests_name_documents",
    ),
    Guard(
        name="a document that broke off leaves no file",
        file=SNAPSHOTS,
        text="        async with AsyncExitStack() as undo:\n"
        "            undo.push_async_callback(self.run, part.remove)\n"
        "            yield part\n",
        instead="        async with AsyncExitStack() as undo:\n            yield part\n",
        test=f"{OF_SNAPSHOTS}test_a_failed_block_leaves_nothing",
    ),
    Guard(
        name="a document in use is not swept away",
        file=SNAPSHOTS,
        text="            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        instead="",
        test=f"{OF_SNAPSHOTS}test_sweeping_takes_what_nobody_holds",
    ),
)
