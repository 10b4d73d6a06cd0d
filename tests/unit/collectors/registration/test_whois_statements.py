"""Sentences that are no statement of a registry about the domain: failures, limits, pages, other names."""

import unicodedata

import pytest

from hunter.collectors.registration.registration import Outcome
from hunter.collectors.registration.whois import parse_answer

DOMAIN = "ornek-hunter.com.tr"


@pytest.mark.parametrize("encoding", ["utf-8", "iso8859-9"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Service temporarily unavailable, no data available.", "server_error"),
        ("No match. Database is being updated, please try again.", "server_error"),
        ("Internal error: record not found in cache, please retry", "server_error"),
        ("Sunucu meşgul", "server_error"),
        ("Access denied: whitelist entry not found for your IP", "refused"),
        ("Erişim engellendi", "refused"),
        ("IP adresiniz engellenmiştir", "rate_limited"),
        ("Aşırı sorgu", "rate_limited"),
        ("İzin verilen sorgu sayısını aştınız", "rate_limited"),
        ("fazla sayıda sorgu yaptınız", "rate_limited"),
        *(
            (text, "malformed")
            for text in (
                *("Error: database not found", "template not found", "API key not found", "User not found"),
                *("IP 192.0.2.4 not found in whitelist", "unknown host: whois.nic.tr not found", "Error: not found"),
                *("Veritabanı bulunamadı", "Sunucu bulunamadı", "Sayfa bulunamadı"),
                "Kayıt bulunamadı: veritabanına bağlanılamadı",
                *("No information available at this time.", "no data available", "No match for domain"),
                f"domain {DOMAIN} is not registered with us",
                f"{DOMAIN} is available for purchase. Owner: X",
                f"The domain {DOMAIN} is available for purchase at a premium (contact owner)",
                f"Domain: {DOMAIN}\nStatus: NOT AVAILABLE",
            )
        ),
    ],
)
def test_a_failure_is_not_a_free_domain(text: str, reason: str, encoding: str) -> None:
    assert parse_answer(f"{text}\r\n".encode(encoding), DOMAIN).reason == reason


@pytest.mark.parametrize("text", ["Sorgu limitiniz aşıldı, kayıt bulunamadı", "Erişim engellendi. Kayıt bulunamadı"])
def test_a_refusal_is_heard_with_letters_and_accents_apart(text: str) -> None:
    answer = unicodedata.normalize("NFD", text).encode()
    assert parse_answer(answer, DOMAIN).reason in ("rate_limited", "refused")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 Not Found\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 400 Bad Request\r\nExpires: Thu, 26 Nov 2026 00:00:00 GMT\r\n\r\nDomain: ornek-hunter.com.tr\r\n",
        b"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n<html>page was not found</html>\r\n",
        b"a\nb\nc\nd\ne\nf\n  <body>\nNot found\n</body>\n",
    ],
    ids=range(4),
)
def test_a_web_page_is_no_answer(answer: bytes) -> None:
    assert parse_answer(answer, DOMAIN).reason == "malformed"


@pytest.mark.parametrize(
    "text",
    [
        *("No match for baska-hunter.com", "NOT FOUND: BASKA-HUNTER-COM-TR", "baska-hunter.net is free"),
        *("No match for\nbaska-hunter.com", 'Not found\n"baska-hunter.com"', "BASKA-HUNTER-COM-TR\nNot found."),
        *("No match for baska-hunter.com\nNOT FOUND", "Domain: baska-hunter.com\nStatus: free"),
        *(f"No match for {DOMAIN}.baska-hunter.com", f"No match for baska-{DOMAIN}"),
    ],
)
def test_a_sentence_about_another_domain_says_nothing(text: str) -> None:
    assert parse_answer(f"{text}\n".encode(), DOMAIN).reason == "malformed"


@pytest.mark.parametrize(
    "text",
    [
        *(f"No match for {DOMAIN}.", f'No match for\n"{DOMAIN.upper()}"', f"{DOMAIN}: no entries found."),
        *(
            f"No information available about domain name {DOMAIN}\nin the Registry NASK database.",
            "No matching record.",
        ),
        *(
            f"Domain Name [{DOMAIN}] does not exist in database",
            f'Sorry, but domain: "{DOMAIN}", not found in database',
        ),
        *("No entries found for the selected source(s).", "query_status: 220 Available", "Object_Not_Found"),
        *("The queried object does not exist: DOMAIN NOT FOUND", "%ERROR:103: Domain is not registered", "No Found"),
        *("We do not have an entry in our database matching your query.", f"{DOMAIN} - No Match"),
        *(f"{DOMAIN} için kayıt bulunamadı", "Alan adı bulunamadı.", "*** Nothing found for this query."),
    ],
)
def test_what_registries_write_is_heard(text: str) -> None:
    assert parse_answer(f"{text}\n".encode(), DOMAIN).outcome is Outcome.NOT_REGISTERED


@pytest.mark.parametrize(
    "text",
    [
        "Query limit exceeded for your IP.\nExpires: 2026-11-25",
        "Error: quota exceeded\nRegistrar: NIC\nStatus: blocked",
        f"Domain: {DOMAIN}\nStatus: free\nError: query limit exceeded",
        f"Domain: {DOMAIN}\nRegistrar: NIC\nError: query limit exceeded",
    ],
)
def test_a_quota_answer_with_fields_is_no_fact(text: str) -> None:
    assert parse_answer(f"{text}\n".encode(), DOMAIN).reason == "rate_limited"
