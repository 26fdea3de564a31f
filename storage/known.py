"""Objects of rows that were written or read by Core, for whoever goes on with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Label
from sqlalchemy.orm import Mapper, class_mapper
from sqlalchemy.orm.attributes import instance_state
from sqlmodel import Session, SQLModel

from storage.columns import table

T = TypeVar("T", bound=SQLModel)


def as_read(session: Session, model: type[T], values: Mapping[str, Any]) -> T:
    """The object of a row, by all its columns, as if the session had just read it: nothing is to be written.

    It is made known as the session's own queries do; adding it as any other object costs three times as much.
    """
    mapper = _mapper(model)
    row: T = mapper.class_manager.new_instance()
    row.__dict__.update(values)
    state = instance_state(row)
    state.key = mapper.identity_key_from_primary_key((values["id"],))
    state.session_id = session.hash_key
    session.identity_map.add(state)
    return row


@cache
def _mapper(model: type[T]) -> Mapper[T]:
    """Looked for once: SQLAlchemy asks each time whether all mappers are made."""
    return class_mapper(model)


def held(session: Session, model: type[T], number: int) -> T | None:
    """The object of a row that the session has read; None when it has not, where its `get` would ask."""
    found: T | None = session.identity_map.get(_mapper(model).identity_key_from_primary_key((number,)))
    return found


class Wholes:
    """Whole rows of some tables, each with its `id`, from one prepared statement (see storage.prepared).

    The statement selects `columns` first. For three rows this takes half of what a query of objects takes.
    """

    def __init__(self, *models: type[SQLModel]) -> None:
        self._models = [(model, table(model).columns.keys()) for model in models]
        self.columns: list[Label[Any]] = [
            column.label(f"{column.table.name}_{column.key}")
            for model in models
            for column in table(model).columns
        ]

    def objects(self, session: Session, row: Sequence[Any]) -> list[Any]:
        """One object of each model; None of one that an outer join gave no row of.

        What the session holds already is given as it stands there, as by any query of the session.
        """
        values = iter(row)
        return [
            _whole(session, model, dict(zip(names, islice(values, len(names)), strict=True)))
            for model, names in self._models
        ]


def _whole(session: Session, model: type[T], values: Mapping[str, Any]) -> T | None:
    if values["id"] is None:
        return None
    there = held(session, model, values["id"])
    return as_read(session, model, values) if there is None else there
