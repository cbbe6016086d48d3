"""`allmende` with every logger at DEBUG: what somebody sees who looks for a mistake.

python -m tests.torture.loud COMMAND …: as `allmende COMMAND …`.
"""

import logging
import sys

from api.cli.main import main

LOGGERS = ("", "aggregator", "aiohttp", "allmende", "api", "asyncio", "connectors", "sqlalchemy")


class Reluctant(logging.Logger):
    """A logger that nobody makes quieter."""

    def setLevel(self, level: int | str) -> None:  # noqa: N802 - logging's name
        """Always everything."""
        del level
        super().setLevel(logging.DEBUG)


def shout() -> None:
    """Everything to standard error, now and whatever is set later."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    logging.setLoggerClass(Reluctant)
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)


if __name__ == "__main__":
    shout()
    main()
