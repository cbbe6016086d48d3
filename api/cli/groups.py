"""Commands that stand together under one name: that name alone means the first thing one wants
of them, a list."""

from typing import Any, Final

from typer.core import TyperGroup

LIST: Final = "list"


class Listing(TyperGroup):
    """A group whose name, with nothing or with what is none of its commands behind it, lists:
    `allmende runs halle` is `allmende runs list halle`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` where no command stands."""
        known = {*self.commands, *self.get_help_option_names(ctx)}
        if not args or args[0] not in known:
            args = [LIST, *args]
        return super().parse_args(ctx, args)


class InOrder(TyperGroup):
    """All commands in the order a person meets them."""

    order: tuple[str, ...] = ()

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names."""
        return sorted(super().list_commands(ctx), key=self.order.index)
