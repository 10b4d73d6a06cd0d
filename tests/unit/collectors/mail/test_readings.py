"""From answers to signals: each state keeps its meaning and its reason."""

from collections.abc import Callable

import pytest

from hunter.collectors.mail import readings
from hunter.collectors.mail.answer import Answer
from hunter.core.records.mx import MXHost
from hunter.core.signals import Absent, Found, Signal, Unknown
from tests.unit.collectors.mail.messages import denied, empty, failed, found

ALL = (readings.answer_texts, readings.hosts_by_preference, readings.names, readings.alias, readings.service_host)


@pytest.mark.parametrize("read", ALL)
def test_denial_is_absent_and_failure_unknown(read: Callable[[Answer], Signal[object]]) -> None:
    assert read(denied()) == Absent("nxdomain")
    assert read(empty()) == Absent("nodata")
    assert read(failed("servfail")) == Unknown("servfail")


def test_texts_are_utf8_and_other_bytes_are_shown() -> None:
    answer = found(b"v=spf1 -all", "şirket".encode(), b"a\xffb")
    assert readings.answer_texts(answer) == Found(("v=spf1 -all", "şirket", "a\\xffb"))


def test_hosts_are_ordered_by_preference() -> None:
    assert readings.hosts_by_preference(found((20, "b.example"), (10, "c.example"))) == Found(
        (MXHost(10, "c.example"), MXHost(20, "b.example")), ("10 c.example", "20 b.example")
    )


def test_lone_root_is_null_mx() -> None:
    signal = readings.hosts_by_preference(found((0, "")))
    assert isinstance(signal, Absent)
    assert signal.reason == "null_mx"


def test_name_servers_are_sorted() -> None:
    assert readings.names(found("ns2.example", "ns1.example")) == Found(("ns1.example", "ns2.example"))


def test_preferred_service_wins_and_the_root_means_not_offered() -> None:
    offers = found((5, 9, 443, "late.example"), (0, 1, 443, "light.example"), (0, 7, 443, "heavy.example"))
    assert readings.service_host(offers) == Found("heavy.example")
    assert readings.service_host(found((0, 0, 0, ""))) == Absent("nodata")
