"""Which DKIM selectors are asked first."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.provider.selectors import guess_selectors
from hunter.core.signals import Found
from tests.support.builders import ABSENT, UNKNOWN, mx_hosts
from tests.support.rulebooks import shipped_rulebook

EXCHANGE = "firma-example.mail.protection.outlook.com"
GATEWAY = "mx1.hc123-45.iphmx.com"
OWN = "mail.firma.example"
GOOGLE = "aspmx.l.google.com"
MICROSOFT = ("selector1", "selector2")


def guess(
    *hosts: str, spf: str = "", autodiscover: tuple[str, ...] = (), verifications: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Guess for a domain with these mail hosts, one SPF text and these targets and vendors."""
    return guess_selectors(
        shipped_rulebook().signatures,
        Found(mx_hosts(*hosts)),
        spf_texts=(spf,) if spf else (),
        autodiscover=autodiscover,
        verifications=verifications,
    )


def test_thirty_selectors_are_worth_asking() -> None:
    assert shipped_rulebook().signatures.selectors == (
        "selector1", "selector2", "google", "default", "mail", "dkim", "s1", "s2", "k1", "k2", "k3", "mx", "x", "zoho",
        "zmail", "mandrill", "pm", "smtp", "key1", "s1024", "protonmail", "fm1", "sig1", "MBO0001", "hostingermail1",
        "s1-ionos", "titan1", "mailru", "ntr", "privateemail",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("host", "selectors"),
    [
        (EXCHANGE, MICROSOFT),
        (GOOGLE, ("google",)),
        ("mx.yandex.net", ("mail",)),
        ("mx.zoho.com", ("zoho", "zmail")),
        ("mail.protonmail.ch", ("protonmail",)),
        ("mx00.ionos.de", ("s1-ionos",)),
        ("mx-in01.natrohost.com", ("ntr",)),
        ("mail.home.pl", ("default",)),
        ("mx.superonline.com", ("default", "mail")),
        (OWN, ("default", "mail")),
        (GATEWAY, MICROSOFT),
        ("route1.mx.cloudflare.net", ("default",)),
    ],
)
def test_mx_names_the_selectors(host: str, selectors: tuple[str, ...]) -> None:
    assert guess(host) == selectors


def test_a_sign_of_microsoft_beside_an_own_name_is_asked_before_the_commonest_name() -> None:
    assert guess(OWN, spf="v=spf1 include:spf.protection.outlook.com -all") == (*MICROSOFT, "default")
    assert guess(OWN, autodiscover=("autodiscover.outlook.com",)) == (*MICROSOFT, "default")


def test_a_token_beside_an_own_name_is_asked_too() -> None:
    assert guess(OWN, verifications=("microsoft",)) == ("selector1", "selector2", "default", "mail")
    assert guess(OWN, verifications=("facebook", "google")) == ("default", "mail")


def test_a_sign_of_microsoft_beside_another_service_is_asked_after_it() -> None:
    assert guess(GOOGLE, spf="v=spf1 include:spf.protection.outlook.com ~all") == ("google", *MICROSOFT)
    assert guess(GOOGLE, verifications=("microsoft",)) == ("google",)


def test_spf_behind_a_gateway_names_the_service_and_microsoft_stays() -> None:
    assert guess(GATEWAY, spf="v=spf1 include:_spf.google.com ~all") == ("google", *MICROSOFT)
    assert guess(GATEWAY, spf="v=spf1 redirect=_spf.yandex.net") == ("mail", *MICROSOFT)


def test_microsoft_comes_before_other_services_that_spf_names() -> None:
    both = "v=spf1 include:_spf.google.com include:spf.protection.outlook.com ~all"

    assert guess(OWN, spf=both) == (*MICROSOFT, "google", "default")


def test_without_mx_microsoft_is_guessed() -> None:
    for mx in (ABSENT, UNKNOWN):
        assert guess_selectors(
            shipped_rulebook().signatures, mx, spf_texts=(), autodiscover=(), verifications=()
        ) == MICROSOFT  # fmt: skip


@given(
    hosts=st.lists(st.sampled_from([EXCHANGE, GOOGLE, GATEWAY, OWN, "mx.zoho.com", "mx00.ionos.de"]), max_size=6),
    spf=st.sampled_from(
        ["", "v=spf1 include:_spf.google.com include:zoho.com include:_spf.mail.ru", "v=spf1 include:"]
    ),
    verifications=st.lists(st.sampled_from(["microsoft", "yandex", "zoho", "nobody"]), max_size=3),
)
def test_one_to_four_known_selectors_are_guessed_each_once(hosts: list[str], spf: str, verifications: Any) -> None:
    guesses = guess(*hosts, spf=spf, verifications=tuple(verifications))

    assert 1 <= len(guesses) <= 4
    assert len(set(guesses)) == len(guesses)
    assert set(guesses) <= set(shipped_rulebook().signatures.selectors)
