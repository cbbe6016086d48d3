"""Which rules of repetition do all clients read alike? Pure.

Weekly, monthly and yearly rules as people make them in a calendar program. Numbered weekdays of a
year, weeks by number, positions among several dates and the like are read in as many ways as there
are libraries; whoever writes those says the dates instead, where they come to an end.
"""

from dataclasses import replace
from datetime import datetime

from schema.rules import Rule


def is_plain(rule: Rule) -> bool:
    """Whether clients agree on what the rule gives."""
    if rule.within_a_day or rule.byweekno or rule.byyearday:
        return False
    if rule.byhour or rule.byminute or rule.bysecond:
        return False
    match rule.freq:
        case "MONTHLY":
            return _is_plain_month(rule)
        case "YEARLY":
            return _is_plain_year(rule)
        case _:
            return not (rule.bysetpos or rule.bymonthday or rule.bymonth)


def _numbered(rule: Rule) -> set[bool]:
    """Whether its weekdays have numbers, some of them or all."""
    return {bool(position) for position, _ in rule.byday}


def _is_plain_month(rule: Rule) -> bool:
    if rule.bymonth or len(_numbered(rule)) > 1 or any(abs(p) > 5 for p, _ in rule.byday):
        return False
    if rule.bysetpos:
        return bool(rule.byday) and not (rule.bymonthday or True in _numbered(rule))
    return True


def _is_plain_year(rule: Rule) -> bool:
    if rule.bysetpos or (rule.byday and rule.bymonthday):
        return False
    if rule.byday:
        return bool(rule.bymonth) and _numbered(rule) == {True}
    return bool(rule.bymonth) or not rule.bymonthday


def said_whole(rule: Rule, start: datetime) -> Rule:
    """The rule with its day said, where some clients would move it: what takes place every year
    on 29 February takes place in leap years."""
    leaps = (start.month, start.day) == (2, 29)
    if leaps and rule.freq == "YEARLY" and not rule.names_days and not rule.bymonth:
        return replace(rule, bymonth=(2,), bymonthday=(29,))
    return rule
