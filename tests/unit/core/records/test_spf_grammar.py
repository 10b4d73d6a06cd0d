"""An SPF text is read by the grammar of RFC 7208: what it allows is understood, what it does not is an error."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunter.core.records.spf_grammar import SPFRecord, SPFTerm, is_spf, parse_spf

ROOM = settings(deadline=None, max_examples=150)

#: Terms that the grammar allows, and terms that it does not.
ALLOWED = """
all -all ~ALL ?all +All include:spf.firma.example -include:_spf.firma.example. include:spf.firma.xn--p1ai
INCLUDE:a.b2 a a/24 a/0 a/32 a//64 a//0 a//128 a/24//64 A +a a:firma.example a:firma.example/24
a:firma.example//64 a:firma.example/24//64 a:one:two/three.example a:one/24.example/24 a:_x.firma.example
a:firma.ex-ample a:firma.1a mx mx/24 mx:firma.example mx:firma.example/28//96 MX ptr ptr:firma.example
ip4:192.0.2.1 ip4:192.0.2.0/24 ip4:0.0.0.0/0 ip4:255.255.255.255/32 ip4:192.0.2.0/9 ip6:2001:db8::1
ip6:2001:DB8::/32 ip6:::/0 ip6:::ffff:192.0.2.1/128 ip6:::1 exists:%{i}._spf.%{d}
exists:%{ir}.%{l1r+-}.%{v}.firma.example exists:%{D2} exists:%{S}.%%%_%-.a.example
include:%{ir}.%{v}.%{d}.spf.firma.example include:%{d} include:x%% include:%{d10r.-+,/_=}
redirect=_spf.firma.example exp=why.%{d} REDIRECT=%{d}._spf.firma.example x= moo.cow-far_out=man:dog/cat v=spf1
x=%{c} default=pass ip4=192.0.2.1 all=
"""
REFUSED = """
all:firma.example all/8 all. alll -all; ~all, --all =all - + include include: include:firma
include:firma.example/24 include:firma.example,x include:-all a: a/ a/33 a/033 a/24/64 a//129 a// a/24//
a:firma.example:8080 a:192.0.2.1 a:museum a:museum. a:firma.-example a:firma.example- a:firma.example..
a:firma.ex_ample a:firma.example/33 a:firma.example/024 a:firma.example//129 a:/24 a:firma.example/ mx: mx/99
mx:firma ptr: ptr/24 ptr:firma.example/24 ip4 ip4: ip4:192.0.2 ip4:192.0.2.1.5 ip4:256.0.0.1 ip4:192.0.2.01
ip4:192.0.2.1/33 ip4:192.0.2.1/ ip4:192.0.2.1/08 ip4:192.0.2.1//32 ip4:192.0.2.1:25 ip4:2001:db8::1 ip4/24 ip6
ip6: ip6:192.0.2.1 ip6:2001:db8::1/129 ip6:2001:db8::1/064 ip6:::1//33 ip6:fe80::1%eth0 ip6:12345::1 ip6:1::2::3
ip6:::1/ exists exists: exists:firma exists:firma.example/24 exists:%{x}.a.example exists:%{d0}.a.example
exists:%{d.a.example exists:%a.example exists:%(d).a.example exists:%{d2x}.a.example exists:%{c}.a.example
exists:%{i}.%{t}.a.example include:%{d}. include:x% redirect= redirect=firma exp= exp=%{x}.a.example
redirect:firma.example +redirect=firma.example moo ipv4:192.0.2.1 ip:192.0.2.1 prt 192.0.2.1 moo.cow/far=x
moo.cow:far=x 1x=y x=%a _x=y
"""


def read(*terms: str) -> SPFRecord | None:
    return parse_spf(" ".join(("v=spf1", *terms)))


@pytest.mark.parametrize("text", ["v=spf1", "V=SPF1 -all", "v=Spf1 ", "v=spf1 moo"])
def test_the_version_alone_or_before_a_space_makes_an_spf_record(text: str) -> None:
    assert is_spf(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=spf10 -all",
        "v=spf1-all",
        "v=spf1\t-all",
        " v=spf1 -all",
        '"v=spf1 -all"',
        "v=spf2.0/pra",
        "spf1 -all",
    ],
)
def test_anything_else_is_no_spf_record(text: str) -> None:
    assert not is_spf(text)
    assert parse_spf(text) is None


@pytest.mark.parametrize(
    "term",
    ALLOWED.split(),
)
def test_each_form_that_the_grammar_allows_is_read(term: str) -> None:
    assert read(term) is not None


@pytest.mark.parametrize(
    "term",
    REFUSED.split(),
)
def test_each_form_that_the_grammar_does_not_allow_is_an_error(term: str) -> None:
    assert read(term) is None
    assert read("ip4:192.0.2.1", "-all", term) is None


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 a\tmx -all",
        "v=spf1 a\r\nmx -all",
        "v=spf1 a\xa0-all",
        "v=spf1 a, mx",
        "v=spf1 include: spf.firma.example",
        "v=spf1 a:şirket.example",
        "v=spf1 \u212ax=1 -all",
        "v=spf1 ıp4:192.0.2.1 -all",
        "v=spf1 ip4:192.0.2.١ -all",
        "v=spf1 a:firma\x00.example -all",
    ],
)
def test_only_spaces_separate_terms_and_only_ascii_stands_in_them(text: str) -> None:
    assert is_spf(text)
    assert parse_spf(text) is None


def test_several_and_trailing_spaces_are_allowed() -> None:
    record = parse_spf("v=spf1   a    -all  ")
    assert record is not None
    assert record.terms == (SPFTerm("+", "a", ""), SPFTerm("-", "all", ""))


def test_terms_keep_their_qualifier_name_and_value() -> None:
    record = read(
        "?Include:_SPF.Firma.example.",
        "a/24//64",
        "MX:mail.firma.example/28",
        "ip6:2001:db8::/32",
        "exp=w.%{d}",
        "~ALL",
    )
    assert record is not None
    assert record.terms == (
        SPFTerm("?", "include", "_SPF.Firma.example."),
        SPFTerm("+", "a", "/24//64"),
        SPFTerm("+", "mx", "mail.firma.example/28"),
        SPFTerm("+", "ip6", "2001:db8::/32"),
        SPFTerm("", "exp", "w.%{d}"),
        SPFTerm("~", "all", ""),
    )
    assert record.includes == record.targets == ("_spf.firma.example",)
    assert record.mx_names == ("mail.firma.example",)
    assert record.all_qualifier == "~"


def test_look_ups_are_include_a_mx_ptr_exists_and_redirect() -> None:
    costly = ("include:a.b.example", "a", "mx", "ptr", "exists:%{i}.b.example", "redirect=c.b.example")
    record = read(*costly, "ip4:192.0.2.1", "ip6:::1", "exp=e.b.example", "x=y")
    assert record is not None
    assert record.lookups == 6
    assert record.targets == ("a.b.example", "c.b.example")


def test_what_stands_after_all_is_never_evaluated_but_must_be_sound() -> None:
    record = read("include:a.b.example", "-all", "include:c.b.example", "mx", "+all")
    assert record is not None
    assert (record.includes, record.lookups, record.all_qualifier, record.mx_names) == (("a.b.example",), 1, "-", ())
    assert len(record.terms) == 5
    assert read("-all", "moo") is None


@pytest.mark.parametrize("terms", [("redirect=a.b.example", "~all"), ("~all", "redirect=a.b.example")])
def test_a_redirect_beside_all_is_ignored_wherever_it_stands(terms: tuple[str, ...]) -> None:
    record = read(*terms)
    assert record is not None
    assert (record.redirect, record.targets, record.lookups) == (None, (), 0)


@pytest.mark.parametrize("modifier", ["redirect=a.b.example", "exp=a.b.example"])
def test_redirect_and_exp_may_stand_once_only(modifier: str) -> None:
    assert read(modifier) is not None
    assert read(modifier, modifier) is None
    assert read(modifier, "-all", modifier.upper()) is None


def test_unknown_modifiers_may_be_repeated() -> None:
    assert read("x=1", "x=2", "-all") is not None


def test_plus_all_is_seen_with_and_without_its_sign() -> None:
    for term in ("all", "+all"):
        record = read(term)
        assert record is not None
        assert record.all_qualifier == "+"


def test_a_huge_record_is_read_and_not_remembered() -> None:
    ranges = [f"ip4:10.{number >> 8}.{number & 255}.0/24" for number in range(3000)]
    record = read(*ranges, "-all")
    assert record is not None
    assert len(record.terms) == 3001
    assert read(*ranges, "-all") is not record
    assert read("a:" + "x" * 70_000 + ".example") is not None


LABELS = st.text(string.ascii_lowercase + string.digits + "_-", min_size=1, max_size=8)
NAMES = st.lists(LABELS, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example"]))
CIDR = st.sampled_from(["", "/0", "/8", "/32", "//0", "//64", "//128", "/24//64"])
MACROS = st.sampled_from(["%{i}", "%{ir}", "%{d}", "%{d2}", "%{l1r-}", "%%", "%_", "%{S}", "%{v}"])
QUALIFIERS = st.sampled_from(["", "+", "-", "~", "?"])
MECHANISMS = st.one_of(
    st.just("all"),
    NAMES.map("include:{}".format),
    st.tuples(st.sampled_from(["a", "mx"]), CIDR).map("".join),
    st.builds("{}:{}{}".format, st.sampled_from(["a", "mx"]), NAMES, CIDR),
    st.ip_addresses(v=4).map("ip4:{}".format),
    st.ip_addresses(v=6).map("ip6:{}".format),
    st.builds("exists:{}.{}".format, MACROS, NAMES),
)
DIRECTIVES = st.tuples(QUALIFIERS, MECHANISMS).map("".join)


@ROOM
@given(st.lists(DIRECTIVES, max_size=12), st.lists(st.integers(1, 3), min_size=13, max_size=13))
def test_every_text_of_valid_terms_is_read_term_by_term(directives: list[str], gaps: list[int]) -> None:
    text = "v=spf1" + "".join(" " * gap + directive for gap, directive in zip(gaps, directives, strict=False))
    record = parse_spf(text)
    assert record is not None
    assert [term.qualifier + term.name for term in record.terms] == [
        (directive if directive[0] in "+-~?" else f"+{directive}").partition(":")[0].partition("/")[0]
        for directive in directives
    ]


@ROOM
@given(st.text(string.ascii_lowercase + "0123456789%{}:/=.+-~? \t*", max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    record = parse_spf("v=spf1 " + text)
    assert record is None or len(record.terms) == len(text.split(" ")) - text.split(" ").count("")


@ROOM
@given(st.text())
def test_no_text_whatever_makes_the_reader_fail(text: str) -> None:
    assert parse_spf(text) is None or is_spf(text)
