"""Where log lines go: standard error, without secrets."""

import logging
import sys

from aggregator.fetch.redact import redact_logging

OWN = ("allmende", "aggregator", "api", "connectors")


def log_to_stderr() -> None:
    """Show what we have to say, and others' warnings."""
    redact_logging()
    logging.basicConfig(
        level=logging.WARNING,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for name in OWN:
        logging.getLogger(name).setLevel(logging.INFO)
