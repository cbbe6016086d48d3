"""A connector whose reading leaves a process of its own behind. For one test."""

import os
import time
from collections.abc import Iterable
from typing import Any

from connectors.base import Request
from tests.aggregator.sandbox.odd import Odd, OddSettings

NAME = "tests.aggregator.sandbox.forking:Forking"


class Forking(Odd):
    """Its first request's address tells the number of the process it started."""

    def start(self, settings: OddSettings, state: Any) -> Iterable[Request]:
        number = os.fork()
        if not number:
            time.sleep(3600)
            os._exit(0)
        yield Request(url=f"https://odd.example/{number}")
