"""Guards of lists and pages: what is found, by how much work, and what a page shows. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

FILTERING: Final = "api/filtering.py"
SEARCH: Final = "aggregator/queries/search.py"
NARROWING: Final = "aggregator/queries/narrowing.py"
JOINING: Final = "aggregator/queries/joining.py"
INDEX: Final = "aggregator/store/search.py"
ENTITIES: Final = "aggregator/store/entities.py"
FILES: Final = "aggregator/configuring/surroundings.py"
OF_FACETS: Final = "tests/api/test_facet_filters.py::"
OF_SEARCH: Final = "tests/api/test_search.py::"
OF_PORTALS: Final = "tests/api/test_portals.py::"
OF_CHECKS: Final = "tests/aggregator/configuration/test_portals.py::"
OF_FINDING: Final = "tests/aggregator/queries/test_search.py::"
OF_FILTERS: Final = "tests/aggregator/queries/test_filters.py::"
OF_INDEX: Final = "tests/aggregator/store/test_search_index.py::"
OF_REFRESH: Final = "tests/aggregator/store/test_refresh.py::"
OF_FILES: Final = "tests/aggregator/configuration/test_surroundings.py::"
OF_PROSE: Final = "tests/api/test_prose.py::"

OF_NARROWED: Final = "tests/api/test_search_filters.py::"
OF_PROBES: Final = "tests/api/test_probes.py::"

LISTING: Final = (
    Guard(
        name="a search stays within what lists of its kinds have",
        file="api/search.py",
        text="    return Sieve(of_kind=filters, since=since)\n",
        instead="    return None\n",
        test=f"{OF_NARROWED}test_filters_of_lists_narrow_a_search_down",
    ),
    Guard(
        name="of a filter that a kind does not know nothing of it passes",
        file="api/search.py",
        text="if asked <= known]",
        instead="if asked or known]",
        test=f"{OF_NARROWED}test_filters_of_lists_narrow_a_search_down",
    ),
    Guard(
        name="nobody is sent where lists and search would find nothing",
        file="aggregator/queries/health.py",
        text="self.schema_current and self.filled.whole and not",
        instead="self.schema_current and not",
        test=f"{OF_PROBES}test_not_ready_while_an_entry_lacks_what_lists_and_search_read",
    ),
    Guard(
        name="a filter has few values",
        file="api/facet_params.py",
        text="if len(pieces) > MOST_VALUES:",
        instead="if not pieces:",
        test=f"{OF_FACETS}test_what_makes_no_sense_is_refused_and_says_what_is_accepted",
    ),
    Guard(
        name="few and short words are looked for at once",
        file="api/filter_params.py",
        text="if len(text) > LONGEST or not 0 < len(set(words_of(text))) <= MOST_WORDS:",
        instead="if not words_of(text):",
        test=f"{OF_SEARCH}test_what_cannot_be_looked_for_is_explained",
    ),
    Guard(
        name="a source there is not is refused",
        file=FILTERING,
        text="if not set(asked) <= set(known):",
        instead="if not asked:",
        test=f"{OF_FACETS}test_what_makes_no_sense_is_refused_and_says_what_is_accepted",
    ),
    Guard(
        name="a name of several cities is not taken for one of them",
        file=FILTERING,
        text="        if codes:\n",
        instead="        if codes is None:\n",
        test=f"{OF_FACETS}test_what_makes_no_sense_is_refused_and_says_what_is_accepted",
    ),
    Guard(
        name="a list stays within its portal",
        file=JOINING,
        text="bounds=(*asked.bounds, *bounds.facets),",
        instead="bounds=asked.bounds,",
        test=f"{OF_PORTALS}test_a_list_of_offers_stays_within_the_portal",
    ),
    Guard(
        name="a window stays within its portal's",
        file=JOINING,
        text="after, before = max(own.after, window.after), min(own.before, window.before)",
        instead="after, before = own.after, own.before",
        test=f"{OF_PORTALS}test_a_list_of_events_stays_within_the_portal",
    ),
    Guard(
        name="two windows without a moment in common show nothing",
        file=JOINING,
        text="    if before <= after:\n        return _nothing(filters)\n",
        instead="",
        test=f"{OF_PORTALS}test_what_goes_on_between_two_windows_is_in_neither",
    ),
    Guard(
        name="a portal there is not is refused",
        file=FILTERING,
        text="    if asked not in portals:\n",
        instead="    if asked not in portals:\n        return None\n    if not portals:\n",
        test=f"{OF_PORTALS}test_a_portal_there_is_not_is_refused_with_those_there_are",
    ),
    Guard(
        name="a portal whose filter cannot be read keeps from starting",
        file="api/portals.py",
        text="    yield from wrong\n",
        instead="",
        test=f"{OF_CHECKS}test_a_mistake_in_a_filter_is_named_with_its_line_and_keeps_from_starting",
    ),
    Guard(
        name="what a portal's filter says is not repeated in a mistake",
        file="api/portals.py",
        text="return form.form if text in str(error) else str(error)",
        instead="return str(error)",
        test=f"{OF_CHECKS}test_a_mistake_in_a_filter_is_named_with_its_line_and_keeps_from_starting",
    ),
    Guard(
        name="of many that have the words few are gathered",
        file=SEARCH,
        text="if len(hits) > FEW or read >= MOST_READ:",
        instead="if len(hits) < 0:",
        test=f"{OF_FINDING}test_what_many_have_is_not_gathered",
    ),
    Guard(
        name="many are not read for words that few have",
        file=SEARCH,
        text="if len(hits) > FEW or read >= MOST_READ:",
        instead="if len(hits) > FEW:",
        test=f"{OF_FINDING}test_what_may_have_the_words_is_not_read_without_end",
    ),
    Guard(
        name="what is in no block yet is found",
        file=SEARCH,
        text="young = _having(await pages.rows(_YOUNG, {}), terms, marks)",
        instead="young = list[Hit]()",
        test=f"{OF_FINDING}test_blocks_and_young_ones_count_alike",
    ),
    Guard(
        name="what is held back is neither confirmed nor stale",
        file=NARROWING,
        text="other.is_(None), ~withheld]",
        instead="other.is_(None)]",
        test=f"{OF_FILTERS}test_what_no_source_confirms_is_stale_and_what_is_held_back_is_neither",
    ),
    Guard(
        name="a distance across the date line is the short one",
        file=NARROWING,
        text="case((beside > HALF_ROUND, ROUND - beside), else_=beside)",
        instead="beside",
        test=f"{OF_FILTERS}test_distances_are_measured_across_the_date_line",
    ),
    Guard(
        name="what ends leaves no bit in the index for words",
        file=INDEX,
        text="    for gram in had - has:\n",
        instead="    for gram in had & set[int]():\n",
        test=f"{OF_INDEX}test_what_ends_leaves_no_bit_behind",
    ),
    Guard(
        name="what changes but not in its words writes nothing into the index for words",
        file=INDEX,
        text="for no, one in wanted.items() if before.get(no) != one}",
        instead="for no, one in wanted.items()}",
        test=f"{OF_INDEX}test_what_changes_but_not_in_its_words_writes_nothing_into_the_index",
    ),
    Guard(
        name="a run with few new entities writes no block",
        file=INDEX,
        text="    if last - after < ENOUGH:\n",
        instead="    if last - after < 1:\n",
        test=f"{OF_INDEX}test_a_run_with_few_new_entities_writes_no_block",
    ),
    Guard(
        name="a city in which nothing is any more does not make a name ambiguous",
        file="aggregator/queries/cities.py",
        text=", facet.c.n > 0\n",
        instead="\n",
        test=f"{OF_FACETS}test_a_city_in_which_nothing_is_any_more_shares_its_name_with_none",
    ),
    Guard(
        name="what reads the same gets no change number",
        file=ENTITIES,
        text="    return render(standing, composed, frame, standing.modified) == standing.json\n",
        instead="    return standing.json is None\n",
        test=f"{OF_REFRESH}test_what_reads_the_same_gets_no_number",
    ),
    Guard(
        name="words go with the entity they lead to",
        file=ENTITIES,
        text="    writes.searchable[standing.no] = None\n",
        instead="",
        test=f"{OF_INDEX}test_only_live_entities_are_found",
    ),
    Guard(
        name="a text or logo of the operator's is small",
        file=FILES,
        text="if len(content) > MOST_BYTES:",
        instead="if len(content) < 0:",
        test=f"{OF_FILES}test_a_file_that_cannot_be_used_is_a_mistake",
    ),
    Guard(
        name="a logo is a picture",
        file=FILES,
        text='return None if _is_picture(path, content) else "the file is no picture of this kind"',
        instead="return None",
        test=f"{OF_FILES}test_a_file_that_cannot_be_used_is_a_mistake",
    ),
    Guard(
        name="texts of others are made safe once more before they are shown",
        file="api/site/prose.py",
        text="_settled(_CLEANER.clean(html), below)",
        instead="_settled(html, below)",
        test=f"{OF_PROSE}test_html_of_others_is_made_safe_again",
    ),
    Guard(
        name="texts of others claim no part of the page",
        file="api/site/prose.py",
        text='attributes={"*": set(), "a": {"href"}},',
        instead='attributes={"*": {"id", "class"}, "a": {"href"}},',
        test=f"{OF_PROSE}test_html_of_others_is_made_safe_again",
    ),
    Guard(
        name="a mail link carries an address alone",
        file="api/site/cards.py",
        text="quote(email, safe='@')",
        instead="email",
        test="tests/api/test_start_page.py::test_an_address_in_a_mail_link_cannot_add_headers",
    ),
    Guard(
        name="a source's page is a web address",
        file="api/site/provenance.py",
        text='page=web_address(said.get("url")),',
        instead='page=said.get("url"),',
        test="tests/api/test_entry_pages.py::test_nothing_hostile_becomes_markup",
    ),
    Guard(
        name="no word that is kept is longer than there is room for",
        file="schema/normal/words.py",
        text="    if len(word) <= LONGEST:\n",
        instead="    if word:\n",
        test="tests/schema/test_words.py::test_every_piece_of_a_word_occurs_in_it",
    ),
)
