"""Environment variables that container and service files set, and the settings they stand for."""

from collections.abc import Mapping

from aggregator.configuring.process import PREFIX, SECTIONS


def unknown(variables: Mapping[str, str]) -> set[str]:
    """Variables of ours that stand for no setting."""
    ours = {name for name in variables if name.startswith(PREFIX)} - {"ALLMENDE_CONFIG"}
    return ours - set(_known())


def wrong(variables: Mapping[str, str]) -> list[str]:
    """Variables of ours whose plain value the setting refuses. References are left out."""
    plain = {k: v for k, v in variables.items() if not v.startswith(("file:", "env:"))}
    return [
        name
        for name, (section, field) in _known().items()
        if name in plain and not _is_accepted(section, field, plain[name])
    ]


def _known() -> dict[str, tuple[str, str]]:
    return {
        f"{PREFIX}{section}__{field}".upper(): (section, field)
        for section, model in SECTIONS.items()
        for field in model.model_fields
    }


def _is_accepted(section: str, field: str, value: str) -> bool:
    try:
        SECTIONS[section].model_validate({field: value})
    except ValueError:
        return False
    return True
