"""Start the demo as a newcomer would, ask it what stands, end it: `demo.py FOLDER COMMAND…`.

It runs beside FOLDER, so that it finds no other code than what is installed.

Fails when it is not ready in time, does not hold the whole list and the calendars, or does not
end when asked.
"""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

READY_SECONDS = 90.0
END_SECONDS = 20.0
OFFERS = 429
EVENTS = 60
URL = "http://127.0.0.1:{}/"
PORT = "18080"

ask = build_opener(ProxyHandler({}))


def main(folder: Path, command: list[str]) -> None:
    """Run `command` with its data below `folder`."""
    whole = [*command, "demo", "--data", str(folder), "--port", PORT, "--json"]
    started = monotonic()
    with subprocess.Popen(whole, cwd=folder.parent, stdout=subprocess.DEVNULL) as process:
        watchdog = Timer(2 * READY_SECONDS, process.kill)
        watchdog.start()
        try:
            wait_until_ready(process)
            print(f"ready after {monotonic() - started:.1f} s")
            check_what_stands()
            process.send_signal(signal.SIGINT)
            process.wait(END_SECONDS)
        finally:
            watchdog.cancel()
            process.kill()
    print(f"ended with {process.returncode}")
    if process.returncode not in {0, 130}:
        raise SystemExit(1)


def get(path: str) -> dict[str, Any]:
    """An address below the demo's → its JSON."""
    with ask.open(URL.format(PORT) + path, timeout=5) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    """Return when /readyz answers 200. Exits when the time is up or the demo ended."""
    deadline = monotonic() + READY_SECONDS
    while monotonic() < deadline and process.poll() is None:
        with suppress(URLError, OSError):
            get("readyz")
            return
        sleep(0.1)
    raise SystemExit("the demo did not become ready")


def check_what_stands() -> None:
    """Exit unless the whole list, its organisations and the calendars are published."""
    totals = {
        name: get(f"v1/{name}?limit=1")["pagination"]["totalElements"]
        for name in ("offers", "organisations", "events")
    }
    print(totals)
    if abs(totals["offers"] - OFFERS) > 3 or totals["organisations"] < 200:
        raise SystemExit("the list is not all there")
    if totals["events"] < EVENTS:
        raise SystemExit("the calendars are not all there")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
