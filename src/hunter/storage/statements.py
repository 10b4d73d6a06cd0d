"""Statements over many rows: columns of values go in as arrays and come out as a table (`unnest`).

One statement for a batch keeps the locks in one order and costs one journey. Arrays are typed by name, because an
array of nulls tells the server nothing, and travel in binary form: as text every quote of a document is escaped.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeVar

from psycopg import AsyncConnection as DriverConnection
from psycopg.rows import AsyncRowFactory, dict_row, tuple_row
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
#: What PostgreSQL keeps in no text: NUL and halves of surrogate pairs.
_UNSTORABLE: Final = {0: "\ufffd", **dict.fromkeys(range(55296, 57344), "�")}


class Plan(Enum):
    """How the server plans a statement.

    Source: postgresql.org/docs/current/sql-prepare.html, psycopg.org/psycopg3/docs/advanced/prepare.html.
    """

    #: Each time anew, for the values at hand: where they decide which index is the right one.
    FOR_THESE_VALUES = False
    #: Kept after some uses: where the way is the same for all values and to look for it costs as much as to go it.
    FOR_ANY_VALUES = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a batch; `written` says how its text form is read back where a plain array cannot hold it."""

    name: str
    #: Type of one value in the array.
    type: str
    #: Expression that makes the column's value of it, with `{}` for the array's value.
    written: str = "{}"


def texts(*names: str) -> tuple[Column, ...]:
    """Return columns of text."""
    return tuple(Column(name, "text") for name in names)


def json_columns(*names: str) -> tuple[Column, ...]:
    """Return columns of JSON documents, handed in as texts."""
    return tuple(Column(name, "text", "{}::jsonb") for name in names)


def list_columns(*names: str) -> tuple[Column, ...]:
    """Return columns of lists of text, handed in as JSON texts, because unnest would flatten lists of lists."""
    unpacked = "case when {0} is null then null else array(select jsonb_array_elements_text({0}::jsonb)) end"
    return tuple(Column(name, "text", unpacked) for name in names)


def typed(kind: str, *names: str) -> tuple[Column, ...]:
    """Return columns of another type."""
    return tuple(Column(name, kind) for name in names)


def unnested(columns: Sequence[Column]) -> str:
    """Return a select over the arrays `%(name)s`, a row for each position, columns in their own types."""
    arrays = ", ".join(f"%({column.name})b::{column.type}[]" for column in columns)
    values = ", ".join(f"{column.written.format('u.' + column.name)} as {column.name}" for column in columns)
    return f"select {values} from unnest({arrays}) as u({', '.join(column.name for column in columns)})"


def upsert(table: str, key: Sequence[str], columns: Sequence[Column], *, touch: str = "", also: str = "") -> str:
    """Return an insert of a batch that updates the rows which are there already, where a value is different.

    `touch` names a column that is set along with a real difference and does not make one by itself; `also` is a further
    assignment of such an update.
    """
    names = [column.name for column in columns]
    updated = [name for name in names if name not in key]
    compared = [name for name in updated if name != touch]
    assigned = [*(f"{name} = excluded.{name}" for name in updated), *([also] if also else [])]
    old = ", ".join(f"t.{name}" for name in compared)
    new = ", ".join(f"excluded.{name}" for name in compared)
    return (
        f"insert into {table} as t ({', '.join(names)}) {unnested(columns)} order by {', '.join(key)} "
        f"on conflict ({', '.join(key)}) do update set {', '.join(assigned)} "
        f"where ({old}) is distinct from ({new})"
    )


def arrays_of(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Turn rows into the arrays that `unnested` reads."""
    listed = list(rows)
    return {column.name: [row[column.name] for row in listed] for column in columns}


def storable(text: str | None) -> str | None:
    """Return a text that PostgreSQL can keep: what it refuses is replaced by U+FFFD."""
    if text is None or (text.isascii() and "\0" not in text):
        return text
    return text.translate(_UNSTORABLE)


def json_text(value: object) -> str | None:
    """Return a document as JSON that `jsonb` takes; None stays null."""
    if value is None:
        return None
    written = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in written:
        # An escaped NUL is valid JSON that jsonb refuses.
        written = json.dumps(_without_nul(value), ensure_ascii=False)
    return storable(written)


def _without_nul(value: object) -> object:
    match value:
        case str():
            return value.replace("\0", "\ufffd")
        case dict():
            return {str(_without_nul(key)): _without_nul(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_nul(item) for item in value]
        case _:
            return value


async def fetch_rows(
    connection: AsyncConnection,
    statement: str,
    values: Mapping[str, Any] | None = None,
    *,
    plan: Plan = Plan.FOR_THESE_VALUES,
) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    return await _fetched(connection, statement, values, tuple_row, plan=plan)


async def fetch_records(
    connection: AsyncConnection,
    statement: str,
    values: Mapping[str, Any] | None = None,
    *,
    plan: Plan = Plan.FOR_THESE_VALUES,
) -> list[dict[str, Any]]:
    """Run a statement and return its rows by the names of their columns."""
    return await _fetched(connection, statement, values, dict_row, plan=plan)


async def _fetched(
    connection: AsyncConnection,
    statement: str,
    values: Mapping[str, Any] | None,
    shape: AsyncRowFactory[T],
    *,
    plan: Plan,
) -> list[T]:
    """Fetch by the driver's own cursor: the toolkit describes the columns of each result anew, a quarter of a request.

    In binary form times and lists are written and read in less time than as text. Raises the driver's errors, which
    `translated_errors` knows.
    """
    if not connection.in_transaction():
        # The toolkit commits only what it knows to have begun.
        await connection.begin()
    driver = (await connection.get_raw_connection()).driver_connection
    if not isinstance(driver, DriverConnection):
        raise TypeError("statements need psycopg")
    async with driver.cursor(row_factory=shape, binary=True) as cursor:
        await cursor.execute(statement.encode(), dict(values or {}), prepare=plan.value)
        return await cursor.fetchall()
