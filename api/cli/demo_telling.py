"""What the demo says: a line of JSON per event, or words and a bar for people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from rich.progress import Progress, TaskID

from api.cli.printing import answers, bars, counted, print_json

OFFERS: Final = 429
"""Offers in the city's first list: each is asked for once and published once."""
EVENTS: Final = 80
"""As many events, more or less, stand in the city's calendars; how many depends on the day."""
NAMES: Final = {
    "start": "Start page",
    "offers": "Offers",
    "events": "Events",
    "calendar": "Calendar",
    "changes": "Changes",
    "monitor": "Monitor",
    "city": "The city",
}


@contextmanager
def telling(*, as_json: bool) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """What takes the demo's events and says them."""
    if as_json:
        yield lambda event, said: print_json({"event": event, **said})
        return
    people = _People()
    try:
        yield people.tell
    finally:
        people.end()


class _People:
    """Words for people; holds the bar between the first event and `ready`."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task = TaskID(0)

    def tell(self, event: str, said: dict[str, Any]) -> None:
        """Say one event."""
        match event:
            case "starting":
                answers().print(f"The demo keeps everything in {said['data']}", soft_wrap=True)
                self._begin()
            case "progress" if self._bar:
                self._bar.update(
                    self._task, completed=said["asked"] + said["offers"] + said["events"]
                )
            case "ready":
                self.end()
                _say_ready(said)
            case "run":
                _say_run(said)
            case "ended":
                self.end()
                answers().print("The demo has ended; the same command starts it again.")

    def _begin(self) -> None:
        self._bar = bars()
        self._task = self._bar.add_task("asking the city", total=2 * OFFERS + EVENTS)
        self._bar.start()

    def end(self) -> None:
        """Take the bar off the screen."""
        if self._bar:
            self._bar.stop()
            self._bar = None


def _say_ready(said: dict[str, Any]) -> None:
    console = answers()
    stand = (
        f"{said['offers']} offers, {said['organisations']} organisations "
        f"and {said['events']} events"
    )
    console.print(f"[bold green]{stand}[/] stand after {said['seconds']} s.\n")
    for name, url in said["urls"].items():
        console.print(f"  {NAMES[name]:<12} {url}", soft_wrap=True)
    if said["failed"]:
        reason = said.get("problem", "the worker's log says why")
        sources = ", ".join(said["failed"])
        console.print(f"\n[bold red]{sources} brought nothing[/]: {reason}", soft_wrap=True)
    elif not said["events"]:
        console.print("\nThis folder is from before the city had calendars; a new one has them.")
    console.print("\nEvery minute something changes in the city. Ctrl-C ends the demo.")


def _say_run(said: dict[str, Any]) -> None:
    changes = counted(said["counts"]) or said["outcome"]
    problem = f" ({said['problem']})" if said["problem"] else ""
    answers().print(f"  {said['source']}: {changes}{problem}", markup=False, soft_wrap=True)
