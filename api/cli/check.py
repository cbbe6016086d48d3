"""`allmende check`: is the configuration right, and if not, what to do. Opens nothing else."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.options import AsJson, Config

if TYPE_CHECKING:
    from aggregator.configuration import Checked
    from aggregator.settings import PortalSettings

Schema = Annotated[
    bool, typer.Option("--schema", help="Print the JSON Schema of the file instead.")
]


def check(*, config: Config = None, schema: Schema = False, as_json: AsJson = False) -> None:
    """Explain every mistake in the configuration."""
    from aggregator import configuration
    from aggregator.configuring.published import write
    from api.cli.running import judge

    if schema:
        sys.stdout.write(write())
        return
    checked = configuration.check(configuration.choose(config), judge)
    if as_json:
        _print_json(checked)
    else:
        _print(checked)
    if checked.settings is None:
        raise typer.Exit(1)


def _print_json(checked: "Checked") -> None:
    from api.cli.printing import print_json

    print_json(
        {
            "ok": checked.settings is not None,
            "file": str(checked.file),
            "mistakes": [mistake.as_json() for mistake in checked.mistakes],
            "sources": _sources(checked),
            "portals": [portal.model_dump(exclude_none=True) for portal in _portals(checked)],
            "secrets": [
                {
                    "setting": ".".join(map(str, secret.path)),
                    "reference": secret.reference,
                    "found": secret.found,
                }
                for secret in checked.secrets
            ],
        }
    )


def _sources(checked: "Checked") -> list[dict[str, Any]]:
    return [
        {
            "id": source.id,
            "connector": source.connector,
            "enabled": source.enabled,
            "every_seconds": source.every,
        }
        for source in (checked.settings.sources if checked.settings else ())
    ]


def _portals(checked: "Checked") -> "tuple[PortalSettings, ...]":
    return checked.settings.portals if checked.settings else ()


def _print(checked: "Checked") -> None:
    from aggregator.configuring.floors import in_words
    from aggregator.configuring.mistakes import is_error
    from api.cli.printing import answers, print_mistake

    console = answers()
    for mistake in checked.mistakes:
        print_mistake(console, mistake)
    for source in _sources(checked):
        every = in_words(source["every_seconds"])
        state = f"every {every}" if source["enabled"] else "disabled"
        console.print(f"[green]✓[/] source {source['id']}: {source['connector']}, {state}")
    for portal in _portals(checked):
        console.print("[green]✓[/] portal", portal.id, end=": ")
        console.print(portal.filter, markup=False, soft_wrap=True)
    for secret in checked.secrets:
        if secret.found:
            console.print(f"[green]✓[/] secret {secret.reference} is there")
    errors = sum(map(is_error, checked.mistakes))
    verdict = "[green]usable[/]" if not errors else f"[bold red]{errors} to mend[/]"
    console.print(f"{checked.file}: {verdict}", soft_wrap=True)
