"""The tables in docs/ that follow from the code. Run as a module, it writes them anew:

uv run python -m tests.repo.tables
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.core import TyperGroup
from typer.main import get_command

from aggregator.settings import (
    HOUR,
    AdminSettings,
    FetchSettings,
    HttpSettings,
    PersonalSettings,
    PortalSettings,
    ServiceSettings,
    SiteSettings,
    SourceSettings,
)
from api.cli.main import app
from api.routes import ROUTES, Route
from api.site.embed import OWN
from connectors import registry
from schema import schemes
from schema.problems import MEANINGS
from tests.repo.tree import TOP

BLOCK = re.compile(r"(?s)(<!-- table: ([\w.-]+) -->\n).*?(<!-- end -->)")


def row(*cells: str) -> str:
    """Cells → a line of a table."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |\n"


def table(*heads: str, rows: Iterator[tuple[str, ...]]) -> str:
    """Heads and rows → a table."""
    return row(*heads) + row(*("---" for _ in heads)) + "".join(row(*cells) for cells in rows)


def problems() -> str:
    """Every code, what it means and what to do."""
    rows = ((f"`{code}`", each.title, each.advice) for code, each in MEANINGS.items())
    return table("code", "meaning", "what to do", rows=rows)


def default_of(field: FieldInfo) -> str:
    """A setting → its default as the file would have it; – for none."""
    value = field.default
    if field.is_required():
        return "required"
    if value is None or isinstance(value, BaseModel) or field.default_factory is not None:
        return "–"
    if isinstance(value, float):
        return f'`"{value / HOUR:g}h"`' if value >= HOUR else f'`"{value:g}s"`'
    return "`[]`" if value == () else f"`{json.dumps(value)}`"


def settings(model: type[BaseModel]) -> str:
    """Every setting of one section, its default and what it is for."""
    rows = (
        (f"`{name}`", default_of(field), field.description or "(says nothing)")
        for name, field in model.model_fields.items()
    )
    return table("setting", "default", "what it is for", rows=rows)


def categories() -> str:
    """Every term of every scheme, in English."""
    rows = (
        (
            f"`{term.id}`" if name == schemes.DEFAULT else f"`{name}:{term.id}`",
            term.labels["en"],
            term.sentence["en"],
        )
        for name in schemes.names()
        for term in schemes.scheme(name).terms.values()
    )
    return table("category", "label", "what belongs to it", rows=rows)


def connectors() -> str:
    """Every installed connector's settings."""
    models = ((name, registry.load(name).Settings) for name in registry.names())
    return "".join(f"\n### `{name}`\n\n{settings(model)}" for name, model in models)


def routes() -> str:
    """Every route, what it answers with and what may be asked."""
    rows = (
        (f"`{_asked(route)}`", route.summary, ", ".join(f"`{p.name}`" for p in route.parameters))
        for route in ROUTES
    )
    filled = ((path, said, names or "–") for path, said, names in rows)
    return table("path", "what it answers with", "parameters", rows=filled)


def _asked(route: Route) -> str:
    """A route's path, after its methods where there are others than GET."""
    return route.path if route.methods == ("GET",) else f"{', '.join(route.methods)} {route.path}"


def parameters() -> str:
    """Every query parameter and what its value looks like, at each address where that differs."""
    found: dict[str, dict[str, list[str]]] = {}
    for route in ROUTES:
        for each in route.parameters:
            found.setdefault(each.name, {}).setdefault(each.form, []).append(route.path)
    rows = (
        (f"`{name}`{_at(paths) if len(forms) > 1 else ''}", form)
        for name, forms in found.items()
        for form, paths in forms.items()
    )
    return table("parameter", "value", rows=rows)


def _at(paths: list[str]) -> str:
    """Where a form holds; pages for people take what their data takes."""
    data = [path for path in paths if path.startswith("/v1/")]
    return f" at {', '.join(f'`{path}`' for path in data or paths)}"


def embedding() -> str:
    """What every fragment for other pages takes."""
    return table("parameter", "value", rows=((f"`{each.name}`", each.form) for each in OWN))


def commands() -> str:
    """Every command, with a table of its arguments and options."""
    found = get_command(app)
    assert isinstance(found, TyperGroup)
    return "".join(command(name, each) for name, each in below(found))


def below(group: TyperGroup, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command of a group with its whole name, those of groups within it too."""
    for each in group.list_commands(group.context_class(group)):
        found, whole = group.commands[each], f"{name}{each}"
        yield from below(found, f"{whole} ") if isinstance(found, TyperGroup) else [(whole, found)]


def command(name: str, each: Any) -> str:
    """One command, in the words of its own help."""
    context = each.context_class(each, info_name=name)
    records = (param.get_help_record(context) for param in each.get_params(context))
    rows = ((f"`{w}`", said) for w, said in filter(None, records) if w != "--help")
    words = table("argument, option", "what it does", rows=rows)
    return f"\n## `allmende {name}`\n\n{each.help}\n\n{words}"


TABLES: dict[str, Callable[[], str]] = {
    "problems": problems,
    "commands": commands,
    "categories": categories,
    "connectors": connectors,
    "routes": routes,
    "parameters": parameters,
    "embed": embedding,
    "service": lambda: settings(ServiceSettings),
    "site": lambda: settings(SiteSettings),
    "fetch": lambda: settings(FetchSettings),
    "http": lambda: settings(HttpSettings),
    "admin": lambda: settings(AdminSettings),
    "source": lambda: settings(SourceSettings),
    "portal": lambda: settings(PortalSettings),
    "source.personal": lambda: settings(PersonalSettings),
}


def renewed(text: str) -> str:
    """A page's text → the same with its tables as the code has them now."""
    return BLOCK.sub(lambda block: block[1] + TABLES[block[2]]() + block[3], text)


def pages() -> list[Path]:
    """The pages that may hold tables."""
    return sorted((TOP / "docs").glob("*.md"))


def main() -> None:
    """Write every table anew."""
    for page in pages():
        page.write_text(renewed(page.read_text()))


if __name__ == "__main__":
    main()
