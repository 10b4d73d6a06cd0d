"""What a batch statement is made of, and what texts look like that PostgreSQL can keep."""

import json

import pytest

from hunter.storage.statements import arrays_of, json_text, storable, texts, typed, unnested, upsert


def test_an_upsert_sorts_its_rows_and_leaves_equal_ones_alone() -> None:
    columns = (*texts("domain"), *typed("integer", "score"), *typed("timestamptz", "at"))
    statement = upsert("scores", ("domain",), columns, touch="at")
    assert "order by domain on conflict (domain) do update" in statement
    assert statement.endswith("where (t.score) is distinct from (excluded.score)")


def test_arrays_are_typed_by_name() -> None:
    assert "%(score)b::integer[]" in unnested(typed("integer", "score"))
    assert arrays_of(texts("a", "b"), [{"a": 1, "b": 2}, {"a": 3, "b": None}]) == {"a": [1, 3], "b": [2, None]}


@pytest.mark.parametrize(
    ("text", "kept"),
    [(None, None), ("ş", "ş"), ("a\0", "a\ufffd"), ("ş\0\ud800", "ş\ufffd\ufffd"), ("\udfff", "\ufffd")],
)
def test_what_no_text_can_hold_is_replaced(text: str | None, kept: str | None) -> None:
    assert storable(text) == kept


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"a": ["x\0", ("y", 1)]}, {"a": ["x\ufffd", ["y", 1]]}),
        ("\\u0000", "\\u0000"),
        (["\\u0000", "\0"], ["\\u0000", "\ufffd"]),
        ([None, True, 1.5, "\ud800"], [None, True, 1.5, "\ufffd"]),
    ],
)
def test_a_document_stays_json_without_nul(value: object, kept: object) -> None:
    written = json_text(value)
    assert written is not None
    assert json.loads(written) == kept


def test_no_document_is_null() -> None:
    assert json_text(None) is None
