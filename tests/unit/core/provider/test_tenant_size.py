"""The size estimate: a word, a range and the pattern that decided."""

import pytest

from hunter.core.provider.providers import Provider
from hunter.core.provider.tenant_size import SIZE_REASONS, estimate_tenant_size
from tests.support.builders import ABSENT, UNKNOWN, mail_evidence
from tests.support.rulebooks import shipped_rulebook

RULES = shipped_rulebook().rules.sizes


@pytest.mark.parametrize(
    ("provider", "host", "size", "reason"),
    [
        (Provider.M365, "mail.protection.outlook.com", "large", "exchange_online_root"),
        (Provider.M365, "eur05.protection.outlook.com", "small", "exchange_online_regional"),
        (Provider.M365, "firma-example.olc.protection.outlook.com", "small", "outlook_consumer"),
        (Provider.M365, "firma-example.mail.protection.outlook.com", "medium", "exchange_online_standard"),
        (Provider.M365, "eur5.mail.protection.outlook.com", "medium", "exchange_online_standard"),
        (Provider.M365, "firma-example.v-v1.mx.microsoft", "medium", "exchange_online_standard"),
        (Provider.M365, "mx1.hc123-45.iphmx.com", "medium", "other_host"),
        (Provider.GOOGLE, "aspmx.l.google.com", "medium", "google_standard"),
        (Provider.GOOGLE, "alt1.aspmx.l.google.com", "medium", "google_standard"),
        (Provider.GOOGLE, "smtp.google.com", "large", "google_other"),
        (Provider.GOOGLE, "aspmx2.googlemail.com", "large", "google_other"),
        (Provider.GOOGLE, "mx1.hc123-45.iphmx.com", "medium", "other_host"),
        (Provider.GOOGLE, "mail.notgoogle.com", "medium", "other_host"),
    ],
)
def test_the_first_mail_host_decides(provider: Provider, host: str, size: str, reason: str) -> None:
    estimate = estimate_tenant_size(RULES, mail_evidence(mx=[host, "mail.firma.example"]), provider)

    assert estimate is not None
    assert (estimate.size, estimate.reason, estimate.source) == (size, reason, "mx_pattern")
    assert reason in SIZE_REASONS


@pytest.mark.parametrize(
    ("host", "seats"),
    [
        ("eur05.protection.outlook.com", (1, 50)),
        ("firma-example.mail.protection.outlook.com", (50, 500)),
        ("mail.protection.outlook.com", (500, None)),
    ],
)
def test_every_word_stands_for_a_range_of_users(host: str, seats: tuple[int, int | None]) -> None:
    estimate = estimate_tenant_size(RULES, mail_evidence(mx=[host]), Provider.M365)

    assert estimate is not None
    assert (estimate.seats_from, estimate.seats_to) == seats


@pytest.mark.parametrize("provider", [provider for provider in Provider if provider not in ("M365", "Google")])
def test_other_providers_have_no_estimate(provider: Provider) -> None:
    assert estimate_tenant_size(RULES, mail_evidence(mx=["aspmx.l.google.com"]), provider) is None


def test_without_mail_hosts_there_is_no_estimate() -> None:
    assert estimate_tenant_size(RULES, mail_evidence(mx=ABSENT), Provider.M365) is None
    assert estimate_tenant_size(RULES, mail_evidence(mx=UNKNOWN), Provider.M365) is None


@pytest.mark.parametrize(
    ("seats", "size"), [(1, "small"), (50, "small"), (51, "medium"), (500, "medium"), (501, "large")]
)
def test_a_number_of_seats_has_a_word(seats: int, size: str) -> None:
    assert RULES.size_of(seats) == size
