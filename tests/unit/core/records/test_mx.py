"""Mail hosts stand in the order in which senders try them."""

from hypothesis import given
from hypothesis import strategies as st

from hunter.core.records.mx import MXHost, mail_hosts
from hunter.core.signals import Absent, Found


def test_hosts_are_ordered_by_preference_and_then_by_name() -> None:
    signal = mail_hosts([(20, "c.example"), (10, "b.example"), (10, "a.example")])
    assert signal == Found(
        (MXHost(10, "a.example"), MXHost(10, "b.example"), MXHost(20, "c.example")),
        ("10 a.example", "10 b.example", "20 c.example"),
    )


def test_hosts_are_lower_case_without_a_trailing_dot_and_named_once() -> None:
    assert mail_hosts([(5, "MX.Firma.Example."), (5, "mx.firma.example")]) == Found(
        (MXHost(5, "mx.firma.example"),), ("5 mx.firma.example",)
    )


def test_a_root_host_alone_is_a_null_mx() -> None:
    assert mail_hosts([(0, ".")]) == Absent("null_mx", ("0 .",))
    assert mail_hosts([(0, "")]) == Absent("null_mx", ("0 .",))


def test_a_root_host_beside_others_is_dropped() -> None:
    assert mail_hosts([(0, "."), (10, "mx.firma.example")]) == Found(
        (MXHost(10, "mx.firma.example"),), ("10 mx.firma.example",)
    )


def test_no_records_are_no_data() -> None:
    assert mail_hosts([]) == Absent("nodata")


@given(st.lists(st.tuples(st.integers(0, 65535), st.sampled_from(["a.example", "B.example.", ".", "c"]))))
def test_the_order_of_the_answer_does_not_matter(records: list[tuple[int, str]]) -> None:
    assert mail_hosts(records) == mail_hosts(reversed(records))
