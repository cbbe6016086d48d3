"""Guards of answering: that an answer is whole, of now, and for who asked. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

ANSWERS: Final = "api/answers.py"
SERVING: Final = "api/serving.py"
STREAMS: Final = "api/streams.py"
REPLYING: Final = "api/replying.py"
CODINGS: Final = "api/codings.py"
PARAMS: Final = "api/params.py"
CURSORS: Final = "api/cursors.py"
OF_KEPT: Final = "tests/api/test_kept_answers.py::"
OF_CHANGING: Final = "tests/api/test_changing_calendars.py::"
OF_CALENDARS: Final = "tests/api/test_calendars.py::"
OF_REMEMBERING: Final = "tests/api/test_remembering.py::"
OF_PROBLEMS: Final = "tests/api/test_http_problems.py::"
OF_PARAMETERS: Final = "tests/api/test_query_parameters.py::"
OF_ANSWERS: Final = "tests/api/test_answers.py::"
OF_STREAMS: Final = "tests/api/test_streams.py::"

ANSWERING: Final = (
    Guard(
        name="a kept answer is given only as long as nothing changed",
        file=ANSWERS,
        text="return self.head is head and now < self.until",
        instead="return now < self.until",
        test=f"{OF_KEPT}test_a_change_is_seen_at_once",
    ),
    Guard(
        name="a look from before a change confirms nothing to who asks after it",
        file="api/heads.py",
        text="while self._asked < came:",
        instead="while self._asked < 0:",
        test=f"{OF_KEPT}test_a_look_from_before_a_change_confirms_nothing_to_who_asks_after_it",
    ),
    Guard(
        name="who asks after a change does not follow a calendar from before it",
        file=SERVING,
        text="stream = self._streams.get((key, head))\n        if",
        instead="stream = next((s for (k, _), s in self._streams.items() if k == key), None)\n"
        "        if",
        test=f"{OF_CHANGING}test_who_asks_after_a_change_does_not_follow_what_is_still_being_read",
    ),
    Guard(
        name="answers of different languages do not mix",
        file=SERVING,
        text="*request.match_info.values(), spelled, language",
        instead="*request.match_info.values(), spelled, language and None",
        test=f"{OF_KEPT}test_languages_of_a_page_do_not_mix",
    ),
    Guard(
        name="kept answers have a weight in all",
        file=ANSWERS,
        text="while self._weight > self._most:",
        instead="while self._weight < 0:",
        test=f"{OF_ANSWERS}test_no_more_is_kept_than_there_is_room_for",
    ),
    Guard(
        name="no answer takes the room of all others",
        file=ANSWERS,
        text="        if entry.answer.weight > self.heaviest:\n            return\n",
        instead="",
        test=f"{OF_ANSWERS}test_what_is_too_heavy_is_not_kept",
    ),
    Guard(
        name="codings that are made later count along",
        file=ANSWERS,
        text="self._weight += weight - self._weights.get(key, 0)",
        instead="self._weight += 0 if key in self._weights else weight",
        test=f"{OF_ANSWERS}test_a_coding_that_is_made_later_counts_along",
    ),
    Guard(
        name="only so many spellings of requests are remembered",
        file=ANSWERS,
        text="if len(self._targets) > TARGETS:",
        instead="if len(self._targets) < 0:",
        test=f"{OF_ANSWERS}test_spellings_of_requests_fill_no_memory",
    ),
    Guard(
        name="no long spelling of a request is remembered",
        file=ANSWERS,
        text='if len(target) + len(coding or "") + len(language or "") > SPELLING:',
        instead="if not target:",
        test=f"{OF_ANSWERS}test_a_long_spelling_is_read_each_time",
    ),
    Guard(
        name="no list of a long question is remembered",
        file="api/listings.py",
        text="if len(query.narrowing) <= LENGTHY:",
        instead="if query:",
        test=f"{OF_REMEMBERING}test_what_is_long_fills_no_memory",
    ),
    Guard(
        name="what has words counts with what it weighs",
        file="api/open_lists.py",
        text="return 1 + words + sum(",
        instead="return 1 + sum(",
        test=f"{OF_REMEMBERING}test_a_list_by_words_is_remembered_with_what_it_weighs",
    ),
    Guard(
        name="of many that have words no list is heavy",
        file="api/listings.py",
        text="opened=opened.lean,",
        instead="opened=opened,",
        test=f"{OF_REMEMBERING}test_a_list_by_words_is_remembered_with_what_it_weighs",
    ),
    Guard(
        name="no long beginning of a list is remembered",
        file="api/open_lists.py",
        text="if len(page.changes) <= LONGEST:",
        instead="if page.changes:",
        test=f"{OF_REMEMBERING}test_what_is_long_fills_no_memory",
    ),
    Guard(
        name="a body that broke off does not pass for the whole",
        file=STREAMS,
        text="            request.transport.abort()\n",
        instead="            await response.write_eof()\n",
        test=f"{OF_CHANGING}test_a_change_between_pages_never_passes_for_a_whole_calendar",
    ),
    Guard(
        name="no more is read ahead than the fastest client soon needs",
        file=STREAMS,
        text="while self._size - self._given > AHEAD:",
        instead="while self._size < 0:",
        test=f"{OF_STREAMS}test_no_more_is_read_ahead_than_somebody_soon_needs",
    ),
    Guard(
        name="what all clients have of a long body is let go",
        file=STREAMS,
        text="if self._size > self._most:",
        instead="if self._size < 0:",
        test=f"{OF_STREAMS}test_what_all_have_of_a_long_body_is_let_go",
    ),
    Guard(
        name="what nobody wants any more is not read on",
        file=STREAMS,
        text="                self._task.cancel()\n",
        instead="                pass\n",
        test=f"{OF_STREAMS}test_what_nobody_wants_any_more_is_not_read_on",
    ),
    Guard(
        name="nobody joins a body whose beginning is gone",
        file=STREAMS,
        text="self._gone == 0 and self._size <= self._most and not self._broken",
        instead="not self._broken",
        test=f"{OF_STREAMS}test_who_comes_when_a_beginning_is_gone_begins_anew",
    ),
    Guard(
        name="no header holds a line end",
        file=REPLYING,
        text='    if head.count("\\r") != len(lines) or head.count("\\n") != len(lines):\n',
        instead="    if not lines:\n",
        test=f"{OF_ANSWERS}test_a_header_with_a_line_end_is_not_sent",
    ),
    Guard(
        name="who takes nothing of what there is is told so",
        file=REPLYING,
        text="    if not choice.identity:\n        return None\n",
        instead="",
        test=f"{OF_KEPT}test_who_takes_nothing_is_told_what_there_is",
    ),
    Guard(
        name="every coding has a strong tag of its own",
        file=CODINGS,
        text="""return tag if coding == IDENTITY else f'{tag[:-1]}-{coding}"'""",
        instead="return tag",
        test="tests/api/test_codings.py::test_every_coding_has_a_strong_tag_of_its_own",
    ),
    Guard(
        name="a weight that is none counts as none",
        file=CODINGS,
        text="return weight if 0 <= weight <= 1 else 0.0",
        instead="return weight",
        test="tests/api/test_codings.py::test_a_client_gets_the_coding_it_likes_best",
    ),
    Guard(
        name="long lists of codings fill no memory",
        file=CODINGS,
        text="_chosen(accepted[:LONGEST])",
        instead="_chosen(accepted)",
        test="tests/api/test_codings.py::test_long_lists_of_codings_fill_no_memory",
    ),
    Guard(
        name="pages stand in no frame",
        file="api/policies.py",
        text='"frame-ancestors": "\'none\'"',
        instead='"frame-ancestors": "*"',
        test=f"{OF_PROBLEMS}test_every_answer_is_locked_down",
    ),
    Guard(
        name="scripts of other sites do not read our pages",
        file="api/headers.py",
        text="more = SHARED if is_data(path) else {}",
        instead="more = SHARED",
        test=f"{OF_PROBLEMS}test_scripts_of_other_sites_may_not_read_the_pages",
    ),
    Guard(
        name="a parameter nobody knows is refused",
        file=PARAMS,
        text="if strict and len(found) < len(set(given)):",
        instead="if strict and len(found) < 0:",
        test=f"{OF_PARAMETERS}test_every_data_route_refuses_unknown_parameters",
    ),
    Guard(
        name="a parameter counts once",
        file=PARAMS,
        text="if len(given.getall(name)) > 1:",
        instead="if len(given.getall(name)) < 1:",
        test=f"{OF_PARAMETERS}test_a_parameter_given_twice_is_refused",
    ),
    Guard(
        name="a page has five hundred entries at most",
        file=PARAMS,
        text="if not lowest <= number <= highest:",
        instead="if number < lowest:",
        test=f"{OF_PARAMETERS}test_a_limit_is_a_whole_number_from_one_to_five_hundred",
    ),
    Guard(
        name="a cursor holds what ours hold, and nothing else",
        file=CURSORS,
        text="    if [*map(type, parts)] != FORMS[letter]:\n        raise ValueError(text)\n",
        instead="",
        test=f"{OF_PARAMETERS}test_a_cursor_of_another_shape_is_refused",
    ),
    Guard(
        name="numbers of a cursor fit into the database",
        file=CURSORS,
        text="if not 0 <= number <= HIGHEST:",
        instead="if number < 0:",
        test=f"{OF_PARAMETERS}test_a_cursor_of_another_shape_is_refused",
    ),
    Guard(
        name="no cursor carries a character that databases refuse",
        file=CURSORS,
        text='    if "\\0" in title:\n',
        instead="    if not isinstance(title, str):\n",
        test=f"{OF_PARAMETERS}test_a_cursor_of_another_shape_is_refused",
    ),
)
