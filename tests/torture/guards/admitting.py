"""Guards of admitting: whom we count, how much of us one client gets, who may decide. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

CLIENTS: Final = "api/clients.py"
RATES: Final = "api/rates.py"
ADMISSION: Final = "api/admission.py"
CONNECTIONS: Final = "api/connections.py"
SESSION: Final = "api/admin/session.py"
FORMS: Final = "api/admin/forms.py"
ENTERING: Final = "api/admin/entering.py"
LOGIN: Final = "api/admin/login.py"
TRIES: Final = "api/admin/tries.py"
REACH: Final = "aggregator/configuring/admission.py"
OF_CLIENTS: Final = "tests/api/test_clients.py::"
OF_RATES: Final = "tests/api/test_rates.py::"
OF_KEPT: Final = "tests/api/test_kept_answers.py::"
OF_SLOW: Final = "tests/api/test_slow_clients.py::"
OF_LOGIN: Final = "tests/api/test_admin_login.py::"
OF_DECIDING: Final = "tests/api/test_admin_deciding.py::"
OF_TRIES: Final = "tests/api/test_tries.py::"
OF_REACH: Final = "tests/aggregator/configuration/test_admission.py::"

ADMITTING: Final = (
    Guard(
        name="a client is whom the nearest proxy names, not what it wrote itself",
        file=CLIENTS,
        text="for hop in reversed(named[-MOST:]):",
        instead="for hop in named[-MOST:]:",
        test=f"{OF_CLIENTS}test_a_client_that_lies_stays_in_its_bucket",
    ),
    Guard(
        name="who is no trusted proxy is not believed",
        file=CLIENTS,
        text="        if not self.trusts(peer):\n",
        instead="        if peer == '':\n",
        test=f"{OF_CLIENTS}test_a_client_that_lies_stays_in_its_bucket",
    ),
    Guard(
        name="what a proxy hides is not looked for further left",
        file=CLIENTS,
        text="            if _address(hop) is None:",
        instead="            if hop is None:",
        test=f"{OF_CLIENTS}test_hops_are_walked_from_the_right_through_trusted_ones_only",
    ),
    Guard(
        name="who has a whole network counts as one",
        file=CLIENTS,
        text="NEIGHBOURS: Final = 64",
        instead="NEIGHBOURS: Final = 128",
        test=f"{OF_CLIENTS}test_who_has_a_whole_network_counts_as_one",
    ),
    Guard(
        name="what clients say of themselves fills no memory",
        file=CLIENTS,
        text="(self._client if long else self._remembered)",
        instead="self._remembered",
        test=f"{OF_CLIENTS}test_what_clients_say_of_themselves_fills_no_memory",
    ),
    Guard(
        name="who asks too often is refused",
        file=RATES,
        text="enough = left >= cost",
        instead="enough = left >= -cost * 1000",
        test=f"{OF_RATES}test_a_burst_is_let_through_and_then_one_a_second",
    ),
    Guard(
        name="a bucket never holds more than a burst",
        file=RATES,
        text="min(self._rate.burst, had + (now - since) * self._refill)",
        instead="had + (now - since) * self._refill",
        test=f"{OF_RATES}test_a_bucket_never_holds_more_than_a_burst",
    ),
    Guard(
        name="clients that are counted do not fill the memory",
        file=RATES,
        text="if len(self._buckets) > self._most:",
        instead="if len(self._buckets) < 0:",
        test=f"{OF_RATES}test_many_clients_do_not_fill_the_memory",
    ),
    Guard(
        name="probes are answered however much is asked",
        file=ADMISSION,
        text=" and request.raw_path not in PROBES",
        instead="",
        test=f"{OF_KEPT}test_rates_are_told_and_held",
    ),
    Guard(
        name="answers from memory count too",
        file=ADMISSION,
        text="            if found.wait is not None:\n",
        instead="            if found.wait is not None and ready is None:\n",
        test=f"{OF_KEPT}test_what_is_kept_is_refused_too",
    ),
    Guard(
        name="who dribbles a request is cut off",
        file=CONNECTIONS,
        text="return not connection.asked and now - connection.began > self._http.header_time",
        instead="return False",
        test=f"{OF_SLOW}test_who_dribbles_a_request_is_cut_off_while_others_are_served",
    ),
    Guard(
        name="who takes nothing of an answer is cut off",
        file=CONNECTIONS,
        text="return now - connection.unsent[1] > self._http.send_time",
        instead="return False",
        test=f"{OF_SLOW}test_who_never_reads_a_long_calendar_is_cut_off",
    ),
    Guard(
        name="who reads slowly is not cut off",
        file=CONNECTIONS,
        text=" or waiting <= connection.unsent[0] - SLOWEST",
        instead="",
        test=f"{OF_SLOW}test_who_reads_slowly_gets_all_of_it",
    ),
    Guard(
        name="an idle connection is closed",
        file=CONNECTIONS,
        text="keepalive_timeout=idle,",
        instead="keepalive_timeout=3600.0,",
        test=f"{OF_SLOW}test_an_idle_connection_is_closed_and_one_that_is_used_is_not",
    ),
    Guard(
        name="one client has only so many connections",
        file=CONNECTIONS,
        text="self._of[client] >= self._http.connections_per_client",
        instead="self._of[client] < 0",
        test=f"{OF_SLOW}test_one_client_has_only_so_many_connections",
    ),
    Guard(
        name="all clients together have only so many connections",
        file=CONNECTIONS,
        text="if len(self._open) >= self._http.connections:",
        instead="if len(self._open) < 0:",
        test=f"{OF_SLOW}test_all_clients_together_have_only_so_many",
    ),
    Guard(
        name="a trusted proxy is not taken for one client",
        file=CONNECTIONS,
        text='None if self._trusted.trusts(address) else counted(address or "")',
        instead='counted(address or "")',
        test=f"{OF_SLOW}test_a_trusted_proxy_may_have_all_connections",
    ),
    Guard(
        name="nothing under /admin is seen without a login",
        file=ENTERING,
        text="    if cookie is None:\n        return None\n",
        instead="    if cookie is None:\n        return READER\n",
        test=f"{OF_LOGIN}test_nothing_is_seen_or_done_without_a_login",
    ),
    Guard(
        name="a forged cookie opens nothing",
        file=SESSION,
        text='if not hmac.compare_digest(mark, self._mark("session", said)):',
        instead="if not mark or not said.partition('.')[0].isdigit():",
        test=f"{OF_LOGIN}test_a_forged_cookie_opens_nothing",
    ),
    Guard(
        name="a session ends",
        file=SESSION,
        text="if now < ends <= now + LASTS",
        instead="if ends <= now + LASTS",
        test=f"{OF_LOGIN}test_a_session_ends_after_twelve_hours",
    ),
    Guard(
        name="a cookie is of one instance",
        file=SESSION,
        text="salt=instance.bytes,",
        instead='salt=b"allmende",',
        test=f"{OF_LOGIN}test_another_instance_and_another_password_end_the_session",
    ),
    Guard(
        name="scripts do not get at the login",
        file=LOGIN,
        text="httponly=True,",
        instead="httponly=False,",
        test=f"{OF_LOGIN}test_the_cookie_is_kept_from_scripts_other_sites_and_other_paths",
    ),
    Guard(
        name="other sites do not send the login along",
        file=LOGIN,
        text='samesite="Strict",',
        instead='samesite="None",',
        test=f"{OF_LOGIN}test_the_cookie_is_kept_from_scripts_other_sites_and_other_paths",
    ),
    Guard(
        name="a login leads nowhere but to pages of its own",
        file=LOGIN,
        text="    path = back if OWN.fullmatch(back) else HOME\n",
        instead="    path = back\n",
        test=f"{OF_LOGIN}test_a_login_leads_nowhere_but_to_pages_of_its_own",
    ),
    Guard(
        name="a decision needs the token of its session",
        file=ENTERING,
        text="if not door.lock.is_token(visitor.session, token):",
        instead="if token is None:",
        test=f"{OF_DECIDING}test_nothing_is_decided_without_the_token_of_the_session",
    ),
    Guard(
        name="a form that another site's page sent is refused: as the browser names its relation",
        file=FORMS,
        text="if headers.get(SITE, SAME) != SAME:",
        instead="if headers is None:",
        test=f"{OF_LOGIN}test_a_form_from_elsewhere_is_refused",
    ),
    Guard(
        name="a form that another site's page sent is refused: as the browser names its origin",
        file=FORMS,
        text=" and origin.netloc == headers.get(hdrs.HOST)",
        instead="",
        test=f"{OF_LOGIN}test_a_form_from_elsewhere_is_refused",
    ),
    Guard(
        name="a form without encryption is not taken for one with it",
        file=FORMS,
        text="        return origin.scheme == public.scheme\n",
        instead="        return True\n",
        test=f"{OF_LOGIN}test_a_form_from_elsewhere_is_refused",
    ),
    Guard(
        name="a form is small",
        file=FORMS,
        text=" or length > MOST_BYTES:",
        instead=":",
        test=f"{OF_LOGIN}test_what_is_no_form_of_ours_is_refused",
    ),
    Guard(
        name="a client tries few passwords",
        file=TRIES,
        text="    if wait > 0:\n",
        instead="    if wait < 0:\n",
        test=f"{OF_LOGIN}test_twenty_wrong_passwords_are_slowed_down_and_never_logged",
    ),
    Guard(
        name="many addresses together try few passwords",
        file=TRIES,
        text="max(_wait(own, self._each), _wait(everyone, self._everyone))",
        instead="_wait(own, self._each)",
        test=f"{OF_TRIES}test_many_addresses_together_are_slowed_down_too",
    ),
    Guard(
        name="who tried passwords fills no memory",
        file=TRIES,
        text="if len(self._clients) > CLIENTS:",
        instead="if len(self._clients) < 0:",
        test=f"{OF_TRIES}test_no_more_clients_are_remembered_than_there_is_room_for",
    ),
    Guard(
        name="without a password a public instance keeps the pages under /admin closed",
        file=ENTERING,
        text="        if door.is_open:\n",
        instead="        if door is not None:\n",
        test=f"{OF_LOGIN}test_without_a_password_a_public_instance_keeps_the_pages_closed",
    ),
    Guard(
        name="a password that vanished opens nothing",
        file="api/admin/door.py",
        text="is_open=admin.password is None and everybody,",
        instead="is_open=everybody,",
        test=f"{OF_LOGIN}test_a_password_that_vanished_keeps_the_pages_closed",
    ),
    Guard(
        name="no page behind the door is kept for others",
        file="api/admin/answering.py",
        text='"Cache-Control": NEVER,',
        instead='"Cache-Control": "public, max-age=10",',
        test="tests/api/test_monitor.py::test_pages_are_neither_kept_nor_found_by_search_engines",
    ),
    Guard(
        name="a password that is written out in the file is refused",
        file=REACH,
        text="if not isinstance(password, str) or is_reference(password):",
        instead="if password is not None:",
        test=f"{OF_REACH}test_a_password_that_is_written_out_is_refused_and_not_repeated",
    ),
    Guard(
        name="a service that a proxy stands before is reached by others",
        file=REACH,
        text="return not all(is_loopback(host) for host in hosts)",
        instead="return not any(is_loopback(host) for host in hosts)",
        test=f"{OF_REACH}test_who_listens_for_others_or_is_named_to_them_is_reached",
    ),
)
