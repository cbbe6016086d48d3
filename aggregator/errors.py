"""What can go wrong with a source, as one tree. Nothing here is caught or logged.

SourceError                 a run ends as refused or incomplete, with its problem's code
├── Unreachable             connect, DNS, TLS, reset           source.unreachable
├── TimedOut                total deadline                     source.timeout
├── Refused                 4xx                                source.refused
├── Discontinued            410: for ever                      source.gone
├── Failing                 5xx                                source.failing
├── RateLimited             429, 503 with Retry-After          source.rate_limited
├── Unfetchable             size, redirect, address, coding    source.*
└── UnreadableDocument      format, sandbox limits             document.*
LeaseLost                   the fence moved: another worker owns the source now
"""

from schema import Problem


class SourceError(Exception):
    """Base: carries one coded problem whose message is already free of secrets."""

    def __init__(self, problem: Problem, *, retry_after: float | None = None) -> None:
        super().__init__(f"{problem.code}: {problem.message}")
        self.problem = problem
        self.retry_after = retry_after
        """Seconds the source asked us to wait, where it did."""


class Unreachable(SourceError):
    """No answer: DNS, connect, TLS, reset."""


class TimedOut(SourceError):
    """The total deadline of the fetch passed."""


class Refused(SourceError):
    """A 4xx answer."""


class Discontinued(SourceError):
    """410: the source says that it will never answer here again."""


class Failing(SourceError):
    """A 5xx answer."""


class RateLimited(SourceError):
    """429, or 503 with Retry-After."""


class Unfetchable(SourceError):
    """An answer we refuse to take: too large, redirect, private address, unknown coding."""


class UnreadableDocument(SourceError):
    """Not the expected format, or reading exceeded a limit of the sandbox."""


class LeaseLost(Exception):
    """The source's fence moved on: whatever this worker still holds must not be written."""
