"""Answers that no registry should send, and small traps of those that they do send."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.registration.registration import REASONS, Outcome
from hunter.collectors.registration.whois import parse_answer

DOMAIN = "ornek-hunter.com.tr"
NAMED = f"Domain Name: {DOMAIN}\n".encode()
RECORD = (
    b"Domain Name: ornek-hunter.com.tr\nRegistrar: Deneme A.S.\n"
    b"Expiry Date: 2027-05-04\nName Server: ns1.a-hunter.net\n"
)


@given(st.binary(max_size=2000))
def test_no_bytes_are_too_strange(answer: bytes) -> None:
    registration = parse_answer(answer, DOMAIN)
    assert registration.reason in REASONS if registration.outcome is Outcome.UNAVAILABLE else not registration.reason


@given(
    st.lists(
        st.sampled_from(
            [
                b"Registrar:",
                b"** Registrar:",
                b"Name Server:",
                b"Domain Name:",
                b" ",
                b"\n",
                b"[x] ",
                b"ns1.a-hunter.net",
                DOMAIN.encode(),
                b"2027-05-04",
                b"Expires on...: ",
                b"\t",
                b":",
                b"not found",
                b"%",
            ]
        ),
        max_size=40,
    )
)
def test_a_record_never_lacks_all_of_its_fields(parts: list[bytes]) -> None:
    found = parse_answer(b"".join(parts), DOMAIN)
    has_fields = bool(found.registrar or found.expires_at or found.nameservers)
    assert has_fields is (found.outcome is Outcome.FOUND)


def test_a_heading_of_somebody_else_ends_the_registrar() -> None:
    answer = NAMED + b"Registrar:\nRegistrant:\nOrganization: Owner Hunter\n\nExpiry Date: 2027-05-04\n"
    found = parse_answer(answer, DOMAIN)
    assert (found.registrar, found.expires_at) == (None, date(2027, 5, 4))


def test_a_time_of_day_is_no_label() -> None:
    assert parse_answer(NAMED + b"Record expires on 2027-05-04 12:00:00\n", DOMAIN).expires_at == date(2027, 5, 4)


def test_numbered_name_servers_are_name_servers() -> None:
    answer = (
        NAMED + b"Name Server 1: ns1.a-hunter.net\nnserver2: ns2.a-hunter.net\nNS 3....: NS3.A-HUNTER.NET 192.0.2.1\n"
    )
    assert parse_answer(answer, DOMAIN).nameservers == ("ns1.a-hunter.net", "ns2.a-hunter.net", "ns3.a-hunter.net")


def test_terms_of_use_are_no_quota_answer() -> None:
    terms = b"Queries are rate limited. If you exceed the limit, access may be blocked.\n"
    assert parse_answer(b'No match for "ORNEK-HUNTER.COM.TR".\n' + terms, DOMAIN).outcome is Outcome.NOT_REGISTERED


@pytest.mark.parametrize(
    "text",
    [
        *("WHOIS LIMIT EXCEEDED - SEE THE WEB SITE FOR DETAILS", "Quota exceeded", "Too many requests"),
        *(
            "%ERROR:201: access denied for 192.0.2.1",
            "BLACKLISTED: You have exceeded the query limit",
            "Query rate limit reached",
        ),
        *("Your IP address has been blocked", "Please try again later.", "Number of allowed queries exceeded."),
        *("You have exceeded your\nallowed quota", "Günlük sorgulama limitiniz dolmuştur", "Kotanız aşıldı"),
        *("Çok fazla sorgu yaptınız", "Your access has been temporarily denied", "Maximum queries per hour exceeded"),
    ],
)
def test_a_quota_is_heard_in_many_words(text: str) -> None:
    assert parse_answer(text.encode(), DOMAIN).reason == "rate_limited"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "No match",
            "NOT FOUND",
            "No Data Found",
            "% No entries found.",
            "% nothing found",
            "Domain not found.",
            "No match!!",
        ),
        *(
            "Object does not exist: ornek-hunter.com.tr",
            "Domain ornek-hunter.com.tr has not been registered.",
            "Status: free",
        ),
        *(
            "ornek-hunter.com.tr is available for registration",
            "No Object Found",
            "%ERROR:101: no entries found",
            "Status: AVAILABLE",
        ),
        *(
            "The queried object does not exist: no such domain",
            "Alan adı kayıtlı değil",
            "Kayıt bulunamadı",
            "AVAILABLE",
        ),
        *(
            'domain "ornek-hunter.com.tr" not found.',
            "This domain name is not registered",
            "No information available about domain name ornek-hunter.com.tr",
        ),
    ],
)
def test_not_registered_is_heard_in_many_words(text: str) -> None:
    assert parse_answer(text.encode(), DOMAIN).outcome is Outcome.NOT_REGISTERED


@pytest.mark.parametrize(
    "text",
    [
        *("", " \r\n", "Welcome.", "More information is available at our site", "Error 404: page not found"),
        *('No match for "BASKA-HUNTER.COM.TR"', "This TLD does not exist", "WHOIS server not found", "Not available"),
        *("This name is reserved", "Invalid query", "Timeout while reading", "Domain Status: Active"),
    ],
)
def test_a_sentence_about_something_else_makes_nothing_free(text: str) -> None:
    assert parse_answer(text.encode(), DOMAIN).outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize(
    ("line", "server"),
    [
        ("refer: whois.a-hunter.net", "whois.a-hunter.net"),
        ("Registrar WHOIS Server: WHOIS.A-Hunter.net", "whois.a-hunter.net"),
        ("ReferralServer: whois://whois.a-hunter.net:4343/", "whois.a-hunter.net:4343"),
        ("Whois Server: https://www.a-hunter.net/whois", None),
        ("Whois Server: 127.0.0.1", "127.0.0.1"),
        ("Whois Server: [::1]:43", "[::1]"),
        ("Whois Server: ::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("Whois Server: localhost", "localhost"),
        ("Whois Server: a b; rm -rf", None),
        ("Whois Server: a.b/../c", None),
    ],
)
def test_a_referral_names_a_server(line: str, server: str | None) -> None:
    assert parse_answer(line.encode(), DOMAIN).referral == server
