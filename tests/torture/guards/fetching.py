"""Guards of fetching: what one answer may cost, and how a guest behaves. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

CLIENT: Final = "aggregator/fetch/client.py"
ANSWERS: Final = "aggregator/fetch/answers.py"
CODING: Final = "aggregator/fetch/coding.py"
HOPS: Final = "aggregator/fetch/hops.py"
SESSION: Final = "aggregator/fetch/session.py"
POLITENESS: Final = "aggregator/fetch/politeness.py"
ROBOTS: Final = "aggregator/fetch/robots.py"
HERE: Final = "tests/aggregator/fetch/"
OF_ANSWERING: Final = f"{HERE}test_answering.py::"
OF_REDIRECTS: Final = f"{HERE}test_redirects.py::"
OF_POLITENESS: Final = f"{HERE}test_politeness.py::"
OF_ROBOTS: Final = f"{HERE}test_robots.py::"

FETCHING: Final = (
    Guard(
        name="a fetch ends at its deadline, however the answer drips",
        file=CLIENT,
        text="async with asyncio.timeout(limits.max_seconds):",
        instead="async with asyncio.timeout(None):",
        test=f"{OF_ANSWERING}test_a_dripping_answer_ends_at_the_deadline[script0]",
    ),
    Guard(
        name="decoded bytes are counted while they come",
        file=CLIENT,
        text="if part.size + len(piece) > max_bytes:",
        instead="if part.size < 0:",
        test=f"{HERE}test_coding.py::test_a_bomb_is_refused_at_the_limit[gzip]",
    ),
    Guard(
        name="coded bytes are counted too",
        file=CLIENT,
        text="if coded > max_bytes:",
        instead="if coded < 0:",
        test=f"{HERE}test_coding.py::test_a_body_that_says_nothing_at_length_is_refused",
    ),
    Guard(
        name="a body that announces too much is not read",
        file=CLIENT,
        text="if (response.content_length or 0) > max_bytes:",
        instead="if max_bytes < 0:",
        test=f"{OF_ANSWERING}test_a_body_beyond_the_limit_is_refused_before_it_is_read",
    ),
    Guard(
        name="a compressed body that breaks off is no answer",
        file=CLIENT,
        text="            decode.finish()\n",
        instead="",
        test=f"{OF_ANSWERING}test_a_compressed_body_that_breaks_off_is_no_answer",
    ),
    Guard(
        name="gzip is whole only with its end",
        file=CODING,
        text="if self._stream is not None and not self._stream.eof:",
        instead="if self._stream is None:",
        test=f"{HERE}test_coding.py::test_every_cut_is_noticed",
    ),
    Guard(
        name="brotli is whole only with its end",
        file=CODING,
        text="if self._started and not self._stream.is_finished():",
        instead="if not self._started:",
        test=f"{HERE}test_coding.py::test_every_cut_is_noticed",
    ),
    Guard(
        name="what is decompressed comes in small pieces",
        file=CODING,
        text="piece = stream.decompress(data, PIECE)\n    yield piece\n",
        instead="piece = stream.decompress(data, 0)\n    yield piece\n",
        test=f"{HERE}test_coding.py::test_pieces_stay_small_whatever_they_come_from[gzip]",
    ),
    Guard(
        name="a coding nobody asked for is refused",
        file=CODING,
        text="        case _:\n            return None",
        instead="        case _:\n            return Identity()",
        test=f"{OF_ANSWERING}test_a_coding_nobody_asked_for_is_refused",
    ),
    Guard(
        name="a part nobody asked for is no answer",
        file=ANSWERS,
        text="if not 200 <= status < 300 or status == 206:",
        instead="if not 200 <= status < 300:",
        test=f"{OF_ANSWERING}test_a_status_is_an_error_of_its_kind[206-Failing-source.failing]",
    ),
    Guard(
        name="“not modified” answers only who asked for that",
        file=CLIENT,
        text="if response.status == 304 and hop.is_conditional:",
        instead="if response.status == 304:",
        test=f"{OF_ANSWERING}test_a_status_is_an_error_of_its_kind[304-Failing-source.failing]",
    ),
    Guard(
        name="a source that is gone for good is an error of its own",
        file=ANSWERS,
        text="    if status == 410:\n",
        instead="    if status == 0:\n",
        test=f"{HERE}test_freshness.py::test_gone_is_an_error_of_its_own",
    ),
    Guard(
        name="Retry-After is believed for a week at most",
        file=ANSWERS,
        text="None if asked is None else min(asked, LONGEST_WAIT)",
        instead="asked",
        test=f"{OF_ANSWERING}test_retry_after_is_understood_and_clamped",
    ),
    Guard(
        name="a Retry-After in the past is no negative wait",
        file=ANSWERS,
        text="return max(seconds, 0.0)",
        instead="return seconds",
        test=f"{OF_ANSWERING}test_retry_after_is_understood_and_clamped",
    ),
    Guard(
        name="an answer that must not be kept is not called fresh",
        file=ANSWERS,
        text="    if not _STALE.isdisjoint(directives):\n        return 0.0\n",
        instead="",
        test=f"{HERE}test_freshness.py::test_an_answer_stays_true_as_long_as_it_says",
    ),
    Guard(
        name="the sixth redirect is not followed",
        file=CLIENT,
        text="for _ in range(MOST_REDIRECTS + 1):",
        instead="for _ in range(99):",
        test=f"{OF_REDIRECTS}test_five_redirects_are_followed_a_sixth_is_not",
    ),
    Guard(
        name="no redirect leads from https to http",
        file=HOPS,
        text='if hop.url.scheme == "https" and target.scheme != "https":',
        instead="if target.scheme is None:",
        test=f"{OF_REDIRECTS}test_https_is_never_left_for_http",
    ),
    Guard(
        name="no redirect hands a key to another origin",
        file=HOPS,
        text="if any(_carries(location, secret) for secret in hop.secrets):",
        instead="if location is None:",
        test=f"{OF_REDIRECTS}test_a_redirect_that_takes_the_key_along_is_refused",
    ),
    Guard(
        name="headers that hold a secret stay on their origin",
        file=HOPS,
        text="return replace(hop, headers=kept, private=(), secrets=())",
        instead="return replace(hop, headers=kept, secrets=())",
        test=f"{OF_REDIRECTS}test_headers_that_identify_us_stay_on_their_origin",
    ),
    Guard(
        name="of other headers only harmless ones go to another origin",
        file=HOPS,
        text="if name.lower() in HARMLESS or name in CONDITIONS",
        instead="",
        test=f"{OF_REDIRECTS}test_headers_that_identify_us_stay_on_their_origin",
    ),
    Guard(
        name="a follow-up is asked for on its source's origin only",
        file=HOPS,
        text="    _stay_on(origin, hop.url)\n",
        instead="",
        test=f"{OF_REDIRECTS}test_a_follow_up_stays_on_its_origin",
    ),
    Guard(
        name="a follow-up is not redirected off its origin",
        file=HOPS,
        text="    _stay_on(origin, target)\n",
        instead="",
        test=f"{OF_REDIRECTS}test_a_follow_up_is_not_redirected_off_its_origin",
    ),
    Guard(
        name="only http and https are fetched",
        file=HOPS,
        text='if url.scheme not in ("http", "https") or not host:',
        instead="if not host:",
        test=f"{HERE}test_egress.py::test_only_plain_web_addresses_are_fetched",
    ),
    Guard(
        name="addresses with user or password are not fetched",
        file=HOPS,
        text="if url.user is not None or url.password is not None:",
        instead="if url is None:",
        test=f"{OF_REDIRECTS}test_a_redirect_to_no_web_address_is_refused",
    ),
    Guard(
        name="a permanent redirect is believed after a week",
        file=POLITENESS,
        text=" if move.last - move.since >= PROBATION}",
        instead="}",
        test=f"{OF_POLITENESS}test_less_than_a_week_settles_nothing",
    ),
    Guard(
        name="an unhealthy run ends the probation of a redirect",
        file=POLITENESS,
        text="    if not healthy:",
        instead="    if healthy is None:",
        test=f"{OF_POLITENESS}test_one_sick_run_begins_the_week_anew",
    ),
    Guard(
        name="a redirect that leads elsewhere begins its week anew",
        file=POLITENESS,
        text="if before is None or before.to != to:",
        instead="if before is None:",
        test=f"{OF_POLITENESS}test_one_run_led_elsewhere_begins_the_week_anew",
    ),
    Guard(
        name="a temporary redirect moves no source",
        file=HOPS,
        text="if hop.lasting and status in PERMANENT:",
        instead="if hop.lasting:",
        test=f"{OF_POLITENESS}test_only_a_leading_chain_of_permanent_redirects_moves_a_source",
    ),
    Guard(
        name="a request with a key is not sent to a new origin by memory",
        file=HOPS,
        text="if private and not same_origin(to, request.url):",
        instead="if request is None:",
        test=f"{OF_POLITENESS}test_a_request_with_a_key_is_not_sent_to_a_new_origin_by_memory",
    ),
    Guard(
        name="a new address that holds the key is not remembered",
        file=HOPS,
        text="return moved if redact(moved) == moved else None",
        instead="return moved",
        test=f"{OF_POLITENESS}test_a_new_address_that_holds_the_key_elsewhere_is_not_remembered",
    ),
    Guard(
        name="no cookie is kept",
        file=SESSION,
        text="cookie_jar=aiohttp.DummyCookieJar(),",
        instead="cookie_jar=aiohttp.CookieJar(unsafe=True),",
        test=f"{OF_ANSWERING}test_we_say_who_we_are_and_what_codings_we_take",
    ),
    Guard(
        name="the environment names no proxy",
        file=SESSION,
        text="trust_env=False,",
        instead="trust_env=True,",
        test=f"{HERE}test_egress.py::test_the_environment_names_no_proxy",
    ),
    Guard(
        name="one host gets two requests at once, and no more",
        file=CLIENT,
        text="async with own, self._all:",
        instead="async with self._all:",
        test=f"{OF_ANSWERING}test_at_most_two_requests_reach_one_host",
    ),
    Guard(
        name="a validator that cannot be sent back byte for byte is not kept",
        file=CLIENT,
        text="    return value if usable else None\n",
        instead="    return value if usable else value\n",
        test=f"{OF_ANSWERING}test_a_validator_that_cannot_be_sent_back_is_forgotten",
    ),
    Guard(
        name="robots.txt has its say where documents are pages",
        file=ROBOTS,
        text="if not rules.parsed.can_fetch(str(url), PRODUCT):",
        instead="if url is None:",
        test=f"{OF_ROBOTS}test_who_is_not_let_in_asks_for_no_page",
    ),
    Guard(
        name="a robots.txt that cannot be had lets nobody in",
        file=ROBOTS,
        text="raise _refused(said, error.retry_after) from None",
        instead='return ""',
        test=f"{OF_ROBOTS}test_robots_that_cannot_be_had_let_nobody_in",
    ),
    Guard(
        name="robots.txt is asked at every redirect's target too",
        file=CLIENT,
        text="                await admit(hop.url)\n",
        instead="                await admit(hop.url)\n                admit = None\n",
        test=f"{OF_ROBOTS}test_the_rules_of_a_redirects_target_count_too",
    ),
    Guard(
        name="of an endless robots.txt only the beginning is read",
        file=CLIENT,
        text="if len(head) >= most:",
        instead="if most < 0:",
        test=f"{OF_ROBOTS}test_of_endless_robots_the_first_half_megabyte_counts",
    ),
    Guard(
        name="a Crawl-delay is waited for",
        file=ROBOTS,
        text="    await asyncio.sleep(turn - now)\n",
        instead="    await asyncio.sleep(0)\n",
        test=f"{OF_ROBOTS}test_a_crawl_delay_lies_between_two_requests",
    ),
    Guard(
        name="a Crawl-delay is honoured for half a minute at most",
        file=ROBOTS,
        text="min(rules.parsed.crawl_delay(PRODUCT) or 0.0, LONGEST_DELAY)",
        instead="float(rules.parsed.crawl_delay(PRODUCT) or 0.0)",
        test=f"{OF_ROBOTS}test_a_crawl_delay_beyond_half_a_minute_is_cut",
    ),
)
