"""Encoding and separator: what decides, and what must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.documents.dialect import EncodingJudge, NotText, find_separator, hinted_separator

TURKISH = st.text(alphabet="abcçğıİöşüŞĞ .;,\n0123456789", min_size=1, max_size=300)


def judged(content: bytes, block: int = 1 << 20) -> str:
    judge = EncodingJudge()
    for start in range(0, len(content), block):
        judge.take(content[start : start + block])
    return judge.encoding()


@given(TURKISH)
def test_turkish_text_survives_every_encoding_of_turkish_machines(text: str) -> None:
    for codec in ("utf-8", "utf-8-sig", "cp1254", "iso8859-9"):
        content = text.encode(codec)
        assert content.decode(judged(content)) == text


@given(TURKISH, st.integers(min_value=1, max_value=7))
def test_utf_8_is_known_also_where_blocks_cut_letters(text: str, block: int) -> None:
    assert judged(text.encode(), block) == "utf-8-sig"


@pytest.mark.parametrize(("content", "codec"), [(b"\x93\xfeey\x94", "cp1254"), (b"\x81\xfeey\x8d", "iso8859-9")])
def test_the_bytes_that_differ_decide_between_windows_and_iso(content: bytes, codec: str) -> None:
    assert judged(content) == codec


def test_single_nul_bytes_leave_a_text_a_text() -> None:
    assert judged(b"firma.example\n" * 10 + b"a\0b") == "utf-8-sig"


@pytest.mark.parametrize("content", [bytes(100), bytes(range(256)), b"\x01\x02abc" * 20])
def test_control_characters_make_no_text(content: bytes) -> None:
    with pytest.raises(NotText):
        judged(content)


def test_line_ends_of_all_kinds_are_counted() -> None:
    judge = EncodingJudge()
    judge.take(b"a\nb\r\nc\rd")
    assert judge.line_ends == 3


@pytest.mark.parametrize(
    ("lines", "separator"),
    [
        (["a;b\n", "c;d\n"], ";"),
        (["a\tb\n", "c, d\te\n"], "\t"),
        (["Firma|Web\n", "A, B|a.example\n"], "|"),
        (["domain\n", "a.example\n", "b.example\n"], ""),
        (["domain\n", "a.example\n", "b.example, c.example\n", "d.example\n"], ""),
        (['"a;b",c\n', '"d;e",f\n'], ","),
        (["sep=|\n", "a;b|c\n"], "|"),
        ([], ""),
    ],
)
def test_the_separator_that_cuts_rows_alike_is_found(lines: list[str], separator: str) -> None:
    assert find_separator(lines) == separator


@pytest.mark.parametrize(
    ("line", "separator"),
    [
        ("sep=;\r\n", ";"),
        ("\ufeffSEP=\t", "\t"),
        ('"sep=,"', ","),
        ("sep=ab", ""),
        ("sep=a", ""),
        ("sep", ""),
        ("", ""),
    ],
)
def test_a_hint_names_one_character(line: str, separator: str) -> None:
    assert hinted_separator(line) == separator
