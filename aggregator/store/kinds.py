"""That a row is of a kind, said so that a list of the kind goes by the index that begins with it.

PostgreSQL leaves out of an order what equals one value. Of the indexes that have the order then, it
takes the one over the changes of all kinds, and goes through all that changed since. A kind that is
one of one stays in the order, and only the index of the list has that.
"""

from typing import Any

from sqlalchemy import ColumnElement, any_
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class OfKind(FunctionElement[Any]):
    """That a column is a kind. Who sorts, sorts by the column first."""

    name = "of_kind"
    inherit_cache = True

    def __init__(self, column: ColumnElement[str], kind: ColumnElement[str]) -> None:
        super().__init__(column, kind)


@compiles(OfKind)
def _equal(element: OfKind, compiler: SQLCompiler, **options: Any) -> str:
    column, kind = element.clauses
    return compiler.process(column == kind, **options)


@compiles(OfKind, "postgresql")
def _one_of_one(element: OfKind, compiler: SQLCompiler, **options: Any) -> str:
    column, kind = element.clauses
    return compiler.process(column == any_(array([kind])), **options)
