"""Guards of reading: the sandbox, pages without end, documents that are none. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

CONFINEMENT: Final = "aggregator/sandbox/confinement.py"
FRAMES: Final = "aggregator/sandbox/frames.py"
PROCESS: Final = "aggregator/sandbox/process.py"
READING: Final = "aggregator/reading.py"
XML: Final = "connectors/cleaning/xml.py"
PAGES: Final = "connectors/cleaning/pages.py"
HERE: Final = "tests/aggregator/sandbox/"
OF_DEATHS: Final = f"{HERE}test_deaths.py::"
OF_FRAMES: Final = f"{HERE}test_frames.py::"
OF_LIMITS: Final = f"{HERE}test_guarded_child.py::"
OF_XML: Final = "tests/connectors/cleaning/test_xml.py::"
OF_PAGES: Final = "tests/connectors/cleaning/test_pages.py::"
OF_FOLLOWING: Final = "tests/aggregator/test_guarded_reading.py::"

READING_GUARDS: Final = (
    Guard(
        name="the child's memory has a limit",
        file=CONFINEMENT,
        text="        _bound(resource.RLIMIT_AS, MEMORY)\n",
        instead="        pass\n",
        test=f"{OF_LIMITS}test_the_child_may_use_so_much_of_the_machine_and_no_more",
    ),
    Guard(
        name="the child writes no file",
        file=CONFINEMENT,
        text="    _bound(resource.RLIMIT_FSIZE, 0)\n",
        instead="",
        test=f"{OF_LIMITS}test_the_child_may_use_so_much_of_the_machine_and_no_more",
    ),
    Guard(
        name="the child opens few files",
        file=CONFINEMENT,
        text="    _bound(resource.RLIMIT_NOFILE, FILES)\n",
        instead="",
        test=f"{OF_LIMITS}test_the_child_may_use_so_much_of_the_machine_and_no_more",
    ),
    Guard(
        name="the child leaves no core behind",
        file=CONFINEMENT,
        text="    _bound(resource.RLIMIT_CORE, 0)\n",
        instead="",
        test=f"{OF_LIMITS}test_the_child_leaves_no_core_behind_wherever_that_would_be_usual",
    ),
    Guard(
        name="reading may compute for so long",
        file="aggregator/sandbox/child.py",
        text="        allow_computing(size_of(order.document))\n",
        instead="        allow_computing(10**9)\n",
        test=f"{OF_DEATHS}"
        "test_a_document_that_kills_before_its_first_record_is_refused"
        "[burn-document.limit_cpu]",
    ),
    Guard(
        name="reading ends at its deadline",
        file=PROCESS,
        text="asyncio.timeout(seconds):\n                return await receive",
        instead="asyncio.timeout(None):\n                return await receive",
        test=f"{OF_DEATHS}"
        "test_a_document_that_kills_before_its_first_record_is_refused"
        "[sleep-document.limit_time]",
    ),
    Guard(
        name="the deadline counts over all of a document",
        file="aggregator/sandbox/parent.py",
        text="        seconds -= monotonic() - began\n",
        instead="",
        test=f"{OF_DEATHS}test_time_is_counted_over_all_batches",
    ),
    Guard(
        name="a child that takes no orders is not waited for",
        file=PROCESS,
        text="            async with asyncio.timeout(seconds):\n                await send_frame",
        instead="            async with asyncio.timeout(None):\n                await send_frame",
        test=f"{OF_DEATHS}test_a_child_that_takes_no_orders_blocks_nobody",
    ),
    Guard(
        name="the child has no environment",
        file=PROCESS,
        text="                env={},\n",
        instead="",
        test=f"{HERE}test_understanding.py::test_the_child_has_no_environment",
    ),
    Guard(
        name="a killed child takes along what it started",
        file=PROCESS,
        text="os.killpg(self.pid, signal.SIGKILL)",
        instead="os.kill(self.pid, signal.SIGKILL)",
        test=f"{OF_LIMITS}test_what_a_child_started_ends_with_it",
    ),
    Guard(
        name="what kills its reader twice is refused",
        file="aggregator/sandbox/parent.py",
        text="if repeated or not (",
        instead="if not (",
        test=f"{OF_DEATHS}test_a_second_death_refuses_the_document",
    ),
    Guard(
        name="a frame beyond the cap is not even read",
        file=FRAMES,
        text="    size: int = _LENGTH.unpack(first)[0]\n    if size > MOST:\n",
        instead="    size: int = _LENGTH.unpack(first)[0]\n    if size < 0:\n",
        test=f"{OF_FRAMES}test_a_frame_beyond_the_cap_is_not_even_read",
    ),
    Guard(
        name="a frame has bodies as long as it says",
        file=FRAMES,
        text="if ends[-1] != len(data) or any(length < 0 for length in lengths):",
        instead="if lengths is None:",
        test=f"{OF_FRAMES}test_nonsense_is_no_frame",
    ),
    Guard(
        name="nobody's words are quoted when mapping fails",
        file="aggregator/sandbox/foreign.py",
        text='return f"{type(error).__name__} in {path.parent.name}/{path.name}, line ',
        instead='return f"{error} line ',
        test=f"{HERE}test_understanding.py::test_no_error_quotes_the_record",
    ),
    Guard(
        name="a page that was read is not asked for again",
        file=READING,
        text="if identity_of(page) in asked:",
        instead="if page is None:",
        test=f"{OF_FOLLOWING}test_a_page_that_leads_back_ends_the_reading",
    ),
    Guard(
        name="pages without end are ended",
        file=READING,
        text="if len(asked) >= most:",
        instead="if most < 0:",
        test=f"{OF_FOLLOWING}test_pages_without_end_are_ended_at_the_cap",
    ),
    Guard(
        name="details are asked for within a budget",
        file=READING,
        text="self._ahead(gathered, unknown[:budget])",
        instead="self._ahead(gathered, unknown)",
        test=f"{OF_FOLLOWING}test_details_are_asked_for_within_the_budget",
    ),
    Guard(
        name="a page that cannot be had makes the listing incomplete",
        file=READING,
        text="            gathered.harvest.failed = gathered.harvest.failed or failure\n",
        instead="",
        test=f"{OF_FOLLOWING}test_a_page_that_leads_back_ends_the_reading",
    ),
    Guard(
        name="what XML forbids costs one character",
        file=XML,
        text="data = _FORBIDDEN.sub(self._replace, text).encode()",
        instead="data = text.encode()",
        test=f"{OF_XML}test_one_forbidden_character_costs_one_character",
    ),
    Guard(
        name="references to forbidden characters are replaced",
        file=XML,
        text="            text = _REFERENCE.sub(self._refer, text)\n",
        instead="",
        test=f"{OF_XML}test_one_forbidden_character_costs_one_character",
    ),
    Guard(
        name="the end of XML is believed only when a strict parser saw it",
        file=XML,
        text="            huge_tree=True,\n",
        instead="            huge_tree=True,\n            recover=True,\n",
        test=f"{OF_XML}test_no_cut_document_ever_ends",
    ),
    Guard(
        name="a document of another root is refused",
        file=XML,
        text="if self.root not in roots:",
        instead="if roots is None:",
        test=f"{OF_XML}test_another_document_is_refused_by_its_root",
    ),
    Guard(
        name="a document type that declares something is refused",
        file=XML,
        text="        if self._declares:\n",
        instead="        if self._declares is None:\n",
        test=f"{OF_XML}test_a_document_type_that_declares_entities_is_refused",
    ),
    Guard(
        name="a document type outside is not fetched",
        file=XML,
        text="            no_network=True,\n",
        instead="            no_network=False,\n            load_dtd=True,\n",
        test=f"{OF_XML}test_a_document_type_outside_is_not_fetched",
    ),
    Guard(
        name="an empty answer is called blank",
        file=PAGES,
        text="if not _visible(text):",
        instead="if text is None:",
        test=f"{OF_PAGES}test_an_empty_answer_is_refused_by_every_connector",
    ),
    Guard(
        name="a page in place of a document is named by its shape",
        file=PAGES,
        text="    if kind is not None:\n        return _unreadable(f",
        instead="    if kind is None:\n        return _unreadable(f",
        test=f"{OF_PAGES}test_no_way_into_a_connector_takes_a_page",
    ),
    Guard(
        name="a list of no offers proves nothing",
        file="connectors/freinet/reading.py",
        text="    if count == 0:\n",
        instead="    if count < 0:\n",
        test="tests/connectors/freinet/test_freinet_samples.py::test_sample_becomes_what_is_expected",
    ),
    Guard(
        name="a list exactly as long as asked for proves nothing",
        file="connectors/freinet/reading.py",
        text="    if count == limit:\n",
        instead="    if count < 0:\n",
        test="tests/connectors/freinet/test_freinet_samples.py::test_sample_becomes_what_is_expected",
    ),
)
