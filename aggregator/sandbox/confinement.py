"""What the child may use of the machine, and what it has used. Linux; elsewhere less is limited."""

import os
import resource
import signal
import sys
from typing import Final

MEMORY: Final = 512 * 1024 * 1024
FILES: Final = 32
SECONDS: Final = 2.0
"""Of computing for a document, and again for each of its megabytes."""
OUT_OF_MEMORY: Final = 86
"""Exit status of a child that ran into its memory limit."""
STEP: Final = 1_000_000
_STATM: Final = "/proc/self/statm"


def confine() -> None:
    """Bound memory and open files; no file may grow, no core be dumped. For good."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_NOFILE, FILES)
    if sys.platform == "linux":
        _bound(resource.RLIMIT_AS, MEMORY)


def allow_computing(size: int) -> None:
    """From now on, as many seconds of computing as a document of this many bytes may take. Who
    takes more is killed by SIGPROF.

    A timer, not RLIMIT_CPU: that limit is absolute, in ticks of the kernel which run seconds ahead
    of what a process can read of itself, and would kill a warm child for nothing.
    """
    signal.setitimer(signal.ITIMER_PROF, max(SECONDS, SECONDS * size / STEP))


def resident() -> int:
    """Bytes of memory in use now; 0 where the system does not tell. (`ru_maxrss` would report
    the parent's peak.)"""
    try:
        with open(_STATM, "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _bound(limit: int, most: int) -> None:
    _, hard = resource.getrlimit(limit)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (bound, bound))
