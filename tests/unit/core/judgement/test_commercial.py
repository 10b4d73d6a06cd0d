"""The four tables of the P-model, at every place where an answer changes."""

import pytest

from hunter.core.judgement.commercial import CommercialPosition, position_of
from hunter.core.judgement.segmentation import Segment
from hunter.core.provider.providers import Provider
from tests.support.rulebooks import shipped_rulebook


def position(segment: str, provider: str, points: int) -> CommercialPosition:
    return position_of(shipped_rulebook().rules.commercial, Segment(segment), Provider(provider), points)


def words(segment: str, provider: str, points: int) -> tuple[str, ...]:
    found = position(segment, provider, points)
    return found.technical_heat, found.commercial_segment, found.commercial_heat, found.priority_category


@pytest.mark.parametrize("provider", ["Local", "Hosting"])
def test_a_migration_from_a_server_is_a_greenfield(provider: str) -> None:
    assert words("Migration", provider, 60) == ("Cold", "GREENFIELD", "HIGH", "P1")


@pytest.mark.parametrize("provider", ["Google", "Zoho", "Yandex"])
def test_a_migration_from_another_cloud_is_a_competitive_takeover(provider: str) -> None:
    assert words("Migration", provider, 90) == ("Warm", "COMPETITIVE", "HIGH", "P2")


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (0, ("Hot", "WEAK_PARTNER", "MEDIUM", "P3")),
        (49, ("Hot", "WEAK_PARTNER", "MEDIUM", "P3")),
        (50, ("Hot", "WEAK_PARTNER", "HIGH", "P3")),
        (69, ("Hot", "WEAK_PARTNER", "HIGH", "P3")),
        (70, ("Hot", "RENEWAL", "MEDIUM", "P4")),
    ],
)
def test_an_existing_company_is_a_weak_partner_until_seventy(points: int, expected: tuple[str, ...]) -> None:
    assert words("Existing", "M365", points) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (4, ("Cold", "NO_GO", "LOW", "P6")),
        (5, ("Cold", "GREENFIELD", "HIGH", "P1")),
        (59, ("Cold", "GREENFIELD", "HIGH", "P1")),
        (60, ("Cold", "LOW_INTENT", "LOW", "P5")),
    ],
)
def test_a_cold_own_server_is_a_greenfield_between_its_bounds(points: int, expected: tuple[str, ...]) -> None:
    assert words("Cold", "Local", points) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [(19, ("Cold", "NO_GO", "LOW", "P6")), (20, ("Cold", "LOW_INTENT", "LOW", "P5"))],
)
def test_a_cold_company_elsewhere_shows_low_intent_from_twenty(points: int, expected: tuple[str, ...]) -> None:
    assert words("Cold", "Google", points) == expected


def test_a_skipped_company_is_a_no_go() -> None:
    assert words("Skip", "Google", 0) == ("Cold", "NO_GO", "LOW", "P6")


def test_what_the_tables_do_not_foresee_falls_to_their_defaults() -> None:
    assert words("Migration", "Amazon", 80) == ("Cold", "NO_GO", "LOW", "P6")
    assert words("Existing", "Google", 90) == ("Hot", "NO_GO", "LOW", "P6")


def test_each_play_bears_its_english_name() -> None:
    assert position("Migration", "Google", 90).priority_label == "Competitive Takeover"
    assert position("Skip", "Google", 0).priority_label == "No-Go / Archive"
