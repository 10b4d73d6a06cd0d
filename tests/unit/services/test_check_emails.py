"""The ladder of what can be said of an address: syntax, mail host, and the server's own answer."""

import pytest

from hunter.services.check_emails import judge_address, usual_addresses
from hunter.services.errors import NoDomain

ADDRESS = "info@firma.example"


@pytest.mark.parametrize(
    ("address", "has_host", "accepted", "verdict"),
    [
        ("in fo@firma.example", True, None, ("invalid", "high", "bad_syntax")),
        (".info@firma.example", True, None, ("invalid", "high", "bad_syntax")),
        ("x" * 250 + "@firma.example", True, None, ("invalid", "high", "bad_syntax")),
        (ADDRESS, False, None, ("invalid", "high", "no_mx")),
        (ADDRESS, None, None, ("unknown", "low", "mx_unknown")),
        (ADDRESS, True, None, ("valid", "medium", "mx_found")),
        (ADDRESS, True, {ADDRESS: True}, ("valid", "high", "accepted")),
        (ADDRESS, True, {ADDRESS: False}, ("invalid", "high", "refused")),
        (ADDRESS, True, {ADDRESS: None}, ("unknown", "medium", "smtp_unknown")),
        (ADDRESS, True, {}, ("unknown", "medium", "smtp_unknown")),
    ],
)
def test_each_step_gives_its_verdict(
    address: str, has_host: bool | None, accepted: dict[str, bool | None] | None, verdict: tuple[str, str, str]
) -> None:
    found = judge_address(address, has_host=has_host, accepted=accepted)
    assert (found.status, found.confidence, found.reason) == verdict
    assert set(found.checks) == {"syntax", "mx", "smtp"}


def test_usual_addresses_are_sorted_and_at_the_domain() -> None:
    found = usual_addresses("https://www.firma.example/")
    assert list(found) == sorted(found)
    assert found[0] == "admin@firma.example"
    assert len(found) == 9


@pytest.mark.parametrize("text", ["", "nan", "a@b.example", "firma"])
def test_without_a_domain_there_are_none(text: str) -> None:
    with pytest.raises(NoDomain):
        usual_addresses(text)
