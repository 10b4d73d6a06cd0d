"""Contacts: the tables and examples of the engine's specification, and the mailboxes most companies have."""

import pytest

from hunter.core.names.contacts import (
    LinkedinPattern,
    clean_emails,
    contact_quality_score,
    generic_emails,
    linkedin_pattern,
    read_contacts,
)


def addresses(count: int, domain: str) -> list[str]:
    return [f"kisi{number}@{domain}" for number in range(count)]


@pytest.mark.parametrize(
    ("count", "score"), [(0, 0), (1, 50), (2, 60), (3, 70), (4, 70), (5, 85), (9, 85), (10, 100), (25, 100)]
)
def test_addresses_at_the_domain_score(count: int, score: int) -> None:
    assert contact_quality_score(addresses(count, "firma.example"), "firma.example") == score


@pytest.mark.parametrize(("count", "score"), [(1, 10), (2, 20), (3, 30), (4, 30), (5, 45), (9, 45), (10, 60)])
def test_addresses_elsewhere_score_for_their_number_only(count: int, score: int) -> None:
    assert contact_quality_score(addresses(count, "baska.example"), "firma.example") == score


def test_one_of_two_at_the_domain_scores_forty() -> None:
    assert contact_quality_score(["a@firma.example", "b@baska.example"], "firma.example") == 40


def test_the_share_counts_by_its_whole_part() -> None:
    assert contact_quality_score(["a@firma.example", *addresses(2, "baska.example")], "firma.example") == 30 + 13


def test_addresses_are_cleaned_in_their_order() -> None:
    given = [" Ali@Firma.example ", "yok", "", "ali@firma.example", "VELİ@firma.example"]
    assert clean_emails(given) == ("ali@firma.example", "veli@firma.example")


@pytest.mark.parametrize(
    ("locals_", "pattern"),
    [
        (["john.doe"], LinkedinPattern.FIRSTNAME_LASTNAME),
        (["j.doe"], LinkedinPattern.F_LASTNAME),
        (["john"], LinkedinPattern.FIRSTNAME),
        (["ayşe.çınar"], LinkedinPattern.FIRSTNAME_LASTNAME),
        (["info"], None),
        (["info", "satis", "ik"], None),
        (["info", "sales", "support", "john"], LinkedinPattern.FIRSTNAME),
        (["john2"], None),
        (["john.doe.smith"], None),
        (["j.doe", "a.kaya", "john.doe"], LinkedinPattern.F_LASTNAME),
        (["j.doe", "john.doe"], LinkedinPattern.FIRSTNAME_LASTNAME),
        (["john", "j.doe"], LinkedinPattern.F_LASTNAME),
        ([], None),
    ],
)
def test_the_most_frequent_pattern_is_found(locals_: list[str], pattern: LinkedinPattern | None) -> None:
    assert linkedin_pattern(f"{local}@firma.example" for local in locals_) is pattern


def test_generated_addresses_are_sorted_and_at_the_domain() -> None:
    mailboxes = "admin hr ik iletisim info muhasebe sales satis support"
    assert " ".join(generic_emails("https://www.Firma.example/")) == " ".join(
        f"{mailbox}@firma.example" for mailbox in mailboxes.split()
    )


@pytest.mark.parametrize("domain", ["", "bozuk", "ali@firma.example"])
def test_nothing_is_generated_for_what_is_no_domain(domain: str) -> None:
    assert generic_emails(domain) == ()


def test_contacts_are_read_in_one_step() -> None:
    contacts = read_contacts(["John.Doe@firma.example", "x"], "firma.example")
    assert contacts.emails == ("john.doe@firma.example",)
    assert contacts.quality_score == 50
    assert contacts.linkedin_pattern == "firstname.lastname"
