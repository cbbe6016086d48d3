"""Many numbers as one parameter: that a column is any of them, on both databases. Reads nothing.

A statement says the same whatever their number is, so it is compiled and prepared once.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Text, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class Numbers(TypeDecorator[Sequence[int]]):
    """Whole numbers, handed over as a text that the database takes apart."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[int] | None], str]:
        """Numbers → JSON for SQLite, an array as PostgreSQL writes it."""
        begin, end = "[]" if dialect.name == "sqlite" else "{}"
        return lambda numbers: f"{begin}{','.join(map(str, numbers or ()))}{end}"


class AnyOf(FunctionElement[Any]):
    """That a column of whole numbers is any of those in the parameter with this name. It has no
    type: a Boolean is compared with 1 for SQLite, which then uses no index."""

    name = "any_of"
    inherit_cache = True

    def __init__(self, column: ColumnElement[int], name: str) -> None:
        super().__init__(column, bindparam(name, type_=Numbers))


@compiles(AnyOf)
def _in_json(element: AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = element.clauses
    values = func.json_each(numbers).table_valued("value")
    return compiler.process(column.in_(select(values.c.value)), **options)


@compiles(AnyOf, "postgresql")
def _in_array(element: AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = element.clauses
    values = cast(numbers, ARRAY(BigInteger))
    return compiler.process(column == any_(values), **options)
