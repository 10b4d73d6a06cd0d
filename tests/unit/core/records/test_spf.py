"""The walk through an SPF tree ends in exactly one of found, absent with a stable reason, or unknown."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunter.core.records.spf import SPF_BROKEN_REASONS, SPFPolicy, SPFWalk
from hunter.core.signals import Absent, Found, Signal, Unknown

DOMAIN = "firma.example"
Zone = Mapping[str, str | tuple[str, ...] | Absent | Unknown]


def answer(zone: Zone, name: str) -> Signal[tuple[str, ...]]:
    texts = zone.get(name, Absent("nxdomain"))
    if isinstance(texts, Absent | Unknown):
        return texts
    return Found((texts,) if isinstance(texts, str) else texts)


def verdict(zone: Zone, *, mx_is_absent: bool = False) -> Signal[SPFPolicy]:
    """Walk the tree of DOMAIN in a zone of TXT texts; what the zone lacks does not exist."""
    walk = SPFWalk(DOMAIN, answer(zone, DOMAIN), mx_is_absent=mx_is_absent)
    asked: list[str] = []
    while names := walk.pending():
        for name in names:
            assert name not in asked
            asked.append(name)
            walk.receive(name, answer(zone, name))
    assert len(asked) <= 10
    return walk.signal()


def policy(zone: Zone, *, mx_is_absent: bool = False) -> SPFPolicy:
    signal = verdict(zone, mx_is_absent=mx_is_absent)
    assert isinstance(signal, Found)
    return signal.value


def test_a_plain_policy_is_found_with_its_text_and_cost() -> None:
    text = "v=spf1 include:spf.protection.outlook.com -all"
    signal = verdict({DOMAIN: ("MS=ms1", text), "spf.protection.outlook.com": "v=spf1 ip4:192.0.2.0/24 -all"})
    assert isinstance(signal, Found)
    assert signal.raw == (text,)
    found = signal.value
    assert found.text == text
    assert found.includes == found.names == ("spf.protection.outlook.com",)
    assert (found.redirect, found.all_qualifier, found.lookups, found.void_lookups) == (None, "-", 1, 0)
    assert [term.name for term in found.terms] == ["include", "all"]


def test_a_policy_without_includes_asks_nothing() -> None:
    walk = SPFWalk(DOMAIN, Found(("v=spf1 ip4:192.0.2.1 -all",)))
    assert walk.pending() == ()
    assert isinstance(walk.signal(), Found)


def test_names_of_one_level_are_asked_together_and_no_name_twice() -> None:
    walk = SPFWalk(DOMAIN, Found(("v=spf1 include:A.example include:b.example. include:a.example redirect=c.example",)))
    assert walk.pending() == ("a.example", "b.example", "c.example")
    walk.receive("a.example", Found(("v=spf1 include:b.example include:d.example",)))
    walk.receive("b.example", Found(("v=spf1 -all",)))
    assert walk.pending() == ("d.example", "c.example")
    walk.receive("c.example", Found(("v=spf1 ?all",)))
    walk.receive("d.example", Found(("v=spf1",)))
    assert walk.pending() == ()
    signal = walk.signal()
    assert isinstance(signal, Found)
    assert signal.value.includes == ("a.example", "b.example", "a.example")
    assert signal.value.names == ("a.example", "b.example", "d.example", "c.example")
    assert signal.value.lookups == 8


def test_a_name_that_was_never_answered_leaves_the_policy_unknown() -> None:
    text = "v=spf1 include:a.example -all"
    walk = SPFWalk(DOMAIN, Found((text,)))
    assert walk.signal() == Unknown("not_asked", (text,))


@pytest.mark.parametrize("reason", ["nodata", "nxdomain"])
def test_an_answered_none_keeps_its_reason(reason: str) -> None:
    assert verdict({DOMAIN: Absent(reason)}) == Absent(reason)


def test_texts_without_spf_are_none() -> None:
    assert verdict({DOMAIN: ("MS=ms1", "v=spf10 -all", "v=spf1\t-all")}) == Absent("nodata")


def test_a_failed_look_up_is_unknown_without_text() -> None:
    assert verdict({DOMAIN: Unknown("timeout", ("half",))}) == Unknown("timeout")


def test_two_records_are_multiple_and_both_are_kept() -> None:
    texts = ("v=spf1 -all", "V=SPF1 +all")
    assert verdict({DOMAIN: ("MS=ms1", *texts)}) == Absent("multiple", texts)


@pytest.mark.parametrize(
    ("reason", "zone"),
    [
        ("syntax", {DOMAIN: "v=spf1 ipv4:192.0.2.1 -all"}),
        ("syntax", {DOMAIN: "v=spf1 include:a.example -all", "a.example": "v=spf1 moo -all"}),
        ("multiple", {DOMAIN: "v=spf1 include:a.example -all", "a.example": ("v=spf1 -all", "v=spf1 ~all")}),
        ("missing_target", {DOMAIN: "v=spf1 include:a.example -all"}),
        ("missing_target", {DOMAIN: "v=spf1 include:a.example -all", "a.example": Absent("nodata")}),
        ("missing_target", {DOMAIN: "v=spf1 include:a.example -all", "a.example": ("MS=ms1", "v=spf2.0/pra")}),
        ("missing_target", {DOMAIN: "v=spf1 redirect=a.example"}),
        ("missing_target", {DOMAIN: "v=spf1 include:a..example -all"}),
        ("missing_target", {DOMAIN: "v=spf1 include:.example -all"}),
        ("missing_target", {DOMAIN: f"v=spf1 include:{'a' * 64}.example -all"}),
        ("missing_target", {DOMAIN: f"v=spf1 include:{'a.' * 130}example -all"}),
        ("missing_target", {DOMAIN: "v=spf1 include:a.example -all", "a.example": "v=spf1 include:b.example ?all"}),
        ("loop", {DOMAIN: "v=spf1 include:FIRMA.example -all"}),
        ("loop", {DOMAIN: "v=spf1 include:%{d} -all"}),
        ("loop", {DOMAIN: "v=spf1 redirect=firma.example."}),
        (
            "loop",
            {
                DOMAIN: "v=spf1 include:a.example -all",
                "a.example": "v=spf1 include:b.example",
                "b.example": "v=spf1 redirect=a.example",
            },
        ),
        ("limit", {DOMAIN: "v=spf1 a mx ptr a a a a a a a a -all"}),
        (
            "limit",
            {
                DOMAIN: "v=spf1 include:a.example a a a a a -all",
                "a.example": "v=spf1 a a a a exists:%{i}.b.example ~all",
            },
        ),
        ("limit", {DOMAIN: "v=spf1 a a a a a a a a a redirect=a.example", "a.example": "v=spf1 mx ~all"}),
    ],
)
def test_each_broken_kind_is_absent_with_its_reason_and_the_text(reason: str, zone: Zone) -> None:
    assert verdict(zone) == Absent(reason, (str(zone[DOMAIN]),))


@pytest.mark.parametrize("target", ["a..example", ".example", f"{'a' * 64}.example", f"{'a.' * 130}example"])
def test_a_target_that_fits_into_no_question_is_not_asked_for(target: str) -> None:
    assert SPFWalk(DOMAIN, Found((f"v=spf1 include:{target} -all",))).pending() == ()


def test_a_policy_known_to_be_broken_asks_nothing_more() -> None:
    walk = SPFWalk(DOMAIN, Found(("v=spf1 include:b.example include:a.example include:c.example a a a a a a a -all",)))
    walk.receive("a.example", Found(("v=spf1 moo",)))
    assert walk.pending() == ()
    assert isinstance(walk.signal(), Absent)


def test_ten_look_ups_are_allowed() -> None:
    zone = {
        DOMAIN: "v=spf1 include:a.example a a a a -all",
        "a.example": "v=spf1 mx ptr a a exists:%{i}.b.example ~all",
    }
    assert policy(zone).lookups == 10


def test_a_name_met_twice_costs_twice() -> None:
    zone = {DOMAIN: "v=spf1 include:a.example include:a.example -all", "a.example": "v=spf1 a mx -all"}
    assert policy(zone).lookups == 6


def test_a_diamond_is_no_loop() -> None:
    zone = {
        DOMAIN: "v=spf1 include:a.example include:b.example -all",
        "a.example": "v=spf1 include:c.example -all",
        "b.example": "v=spf1 include:c.example -all",
        "c.example": "v=spf1 ip4:192.0.2.1 -all",
    }
    assert policy(zone).names == ("a.example", "c.example", "b.example")


def test_terms_after_all_are_not_followed() -> None:
    found = policy({DOMAIN: "v=spf1 -all include:nowhere.example a a a a a a a a a a a a"})
    assert (found.lookups, found.includes, found.names, len(found.terms)) == (0, (), (), 14)


def test_a_redirect_gives_the_last_word_only_without_an_own_all() -> None:
    target = {"a.example": "v=spf1 redirect=%{d}.b.example", "a.example.b.example": "v=spf1 +all"}
    assert policy({DOMAIN: "v=spf1 redirect=a.example", **target}).all_qualifier == "+"
    assert policy({DOMAIN: "v=spf1 redirect=a.example ~all", **target}).all_qualifier == "~"
    assert policy({DOMAIN: "v=spf1 mx"}).all_qualifier is None


def test_everybody_may_send_is_visible() -> None:
    assert policy({DOMAIN: "v=spf1 all"}).all_qualifier == "+"


def test_a_macro_that_depends_on_the_message_costs_a_look_up_and_is_not_walked() -> None:
    name = "%{ir}.%{v}.%{d}.spf.has.pphosted.com"
    found = policy({DOMAIN: f"v=spf1 include:{name} -all"})
    assert (found.lookups, found.includes, found.names) == (1, (name,), (name,))


def test_a_redirect_to_a_message_macro_leaves_the_last_word_open() -> None:
    assert policy({DOMAIN: "v=spf1 redirect=%{l}.a.example"}).all_qualifier is None


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("%{d}._spf.host.example", "firma.example._spf.host.example"),
        ("%{D}._spf.host.example", "firma.example._spf.host.example"),
        ("%{dr}.host.example", "example.firma.host.example"),
        ("%{d1}.host.example", "example.host.example"),
        ("%{d1r}.host.example", "firma.host.example"),
        ("%{d9}.host.example", "firma.example.host.example"),
        ("%{d" + "0" * 5000 + "1}.host.example", "example.host.example"),
        ("%{d" + "9" * 5000 + "}.host.example", "firma.example.host.example"),
        ("%{dr-}.host.example", "firma.example.host.example"),
        ("%{o}.host.example", "firma.example.host.example"),
    ],
)
def test_a_macro_of_the_domain_alone_is_expanded(target: str, asked: str) -> None:
    walk = SPFWalk(DOMAIN, Found((f"v=spf1 include:{target} -all",)))
    assert walk.pending() == (asked,)


def test_below_an_include_the_domain_is_the_included_one_but_the_sender_stays() -> None:
    walk = SPFWalk(DOMAIN, Found(("v=spf1 include:a.example -all",)))
    walk.receive("a.example", Found(("v=spf1 include:%{d}.b.example include:%{o}.b.example -all",)))
    assert walk.pending() == ("a.example.b.example", "firma.example.b.example")


def test_a_name_too_long_after_expansion_loses_labels_on_the_left() -> None:
    rest = f"{'b.' * 115}cc.example"
    walk = SPFWalk(DOMAIN, Found((f"v=spf1 include:%{{d}}.{rest} -all",)))
    assert len(f"{DOMAIN}.{rest}") == 254
    assert walk.pending() == (f"example.{rest}",)


def test_a_failed_look_up_below_leaves_the_policy_unknown_with_its_text() -> None:
    zone: Zone = {
        DOMAIN: "v=spf1 include:a.example include:b.example -all",
        "a.example": Unknown("servfail"),
        "b.example": "v=spf1",
    }
    assert verdict(zone) == Unknown("servfail", (str(zone[DOMAIN]),))


@pytest.mark.parametrize("order", ["include:a.example include:b.example", "include:b.example include:a.example"])
def test_a_failed_look_up_cannot_mend_what_is_broken_beside_it(order: str) -> None:
    text = f"v=spf1 {order} -all"
    assert verdict({DOMAIN: text, "a.example": Unknown("timeout")}) == Absent("missing_target", (text,))


def test_a_failed_look_up_cannot_mend_too_many_look_ups() -> None:
    text = "v=spf1 include:a.example a a a a a a a a a a -all"
    assert verdict({DOMAIN: text, "a.example": Unknown("timeout")}) == Absent("limit", (text,))


def test_a_known_missing_mx_is_a_void_look_up_and_three_are_too_many() -> None:
    assert policy({DOMAIN: "v=spf1 mx a -all"}).void_lookups == 0
    assert policy({DOMAIN: "v=spf1 mx mx:firma.example/24 a -all"}, mx_is_absent=True).void_lookups == 2
    text = "v=spf1 mx mx/24 mx:firma.example -all"
    assert verdict({DOMAIN: text}, mx_is_absent=True) == Absent("limit", (text,))


def test_the_mx_of_an_included_name_is_its_own_affair() -> None:
    zone = {DOMAIN: "v=spf1 include:a.example -all", "a.example": "v=spf1 mx mx mx -all"}
    assert policy(zone, mx_is_absent=True).void_lookups == 0


def test_the_reason_codes_are_the_stable_ones() -> None:
    assert SPF_BROKEN_REASONS == ("multiple", "syntax", "loop", "missing_target", "limit")


POOL = [DOMAIN, "a.example", "b.example", "c.example", "d.example", "%{d}.a.example", "%{i}.b.example", "e..example"]
TERMS = st.one_of(
    st.sampled_from(["a", "mx", "ptr", "ip4:192.0.2.1", "-all", "+all", "moo", "x=y", "exists:%{i}.a.example"]),
    st.sampled_from(POOL).map("include:{}".format),
    st.sampled_from(POOL).map("redirect={}".format),
)
TEXTS = st.lists(TERMS, max_size=6).map(lambda terms: " ".join(["v=spf1", *terms]))
ANSWERS = st.one_of(
    TEXTS,
    TEXTS,
    st.tuples(TEXTS, TEXTS),
    st.sampled_from([Absent("nodata"), Unknown("timeout"), ("MS=ms1",)]),
)
ZONES = st.dictionaries(st.sampled_from([*POOL[:5], "a.example.a.example"]), ANSWERS)


@settings(deadline=None, max_examples=200)
@given(ZONES, st.booleans())
def test_every_tree_ends_in_one_honest_answer(zone: Zone, mx_is_absent: bool) -> None:
    signal = verdict(zone, mx_is_absent=mx_is_absent)
    if isinstance(signal, Found):
        assert signal.value.lookups <= 10
        assert signal.value.void_lookups <= 2
    elif isinstance(signal, Absent):
        assert signal.reason in (*SPF_BROKEN_REASONS, "nodata", "nxdomain")
        assert bool(signal.raw) is (signal.reason in SPF_BROKEN_REASONS)
    else:
        assert Unknown("timeout") in zone.values()


@settings(deadline=None, max_examples=150)
@given(ZONES)
def test_a_look_up_that_fails_turns_found_into_unknown_and_nothing_else_into_a_fact(zone: dict[str, str]) -> None:
    known = verdict(zone)
    for name in zone:
        failed = verdict({**zone, name: Unknown("refused")})
        if isinstance(failed, Found):
            assert failed == known
        if isinstance(failed, Absent) and isinstance(known, Absent):
            assert failed.raw == known.raw
        if isinstance(failed, Absent):
            assert not isinstance(known, Found)
