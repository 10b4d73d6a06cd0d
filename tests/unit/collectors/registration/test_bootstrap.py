"""The bootstrap data: what is shipped, how a domain finds its server, and what is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hunter.collectors.registration.bootstrap import Bootstrap, load_bootstrap, parse_bootstrap
from hunter.core.errors import InvalidInput

MANY = [[[f"label{number}" for number in range(600)], ["https://rdap.a-hunter.net/"]]]


def data(services: list[Any], publication: Any = "2026-10-01T00:00:00Z") -> bytes:
    return json.dumps({"version": "1.0", "publication": publication, "services": services}).encode()


def test_the_shipped_data_know_the_world() -> None:
    shipped = load_bootstrap()
    assert len(shipped.bases) > 1100
    assert shipped.publication > datetime(2026, 1, 1, tzinfo=UTC)
    assert shipped.bases_for("ornek-hunter.com") == ("https://rdap.verisign.com/com/v1/",)
    assert shipped.bases_for("ornek-hunter.org") == ("https://rdap.publicinterestregistry.org/rdap/",)


def test_the_shipped_data_are_sound() -> None:
    addresses = {address for bases in load_bootstrap().bases.values() for address in bases}
    assert {address for address in addresses if not address.startswith(("https://", "http://"))} == set()
    assert len({address for address in addresses if address.startswith("http://")}) < 5


def test_turkey_has_no_rdap_so_that_its_whois_is_asked() -> None:
    assert load_bootstrap().bases_for("ornek-hunter.com.tr") == ()


def test_the_longest_listed_suffix_wins() -> None:
    bootstrap = Bootstrap(
        datetime(2026, 1, 1, tzinfo=UTC), {"net": ("https://a/",), "sub.a-hunter.net": ("https://b/",)}
    )
    assert bootstrap.bases_for("x.sub.a-hunter.net") == ("https://b/",)
    assert bootstrap.bases_for("a-hunter.net") == ("https://a/",)
    assert bootstrap.bases_for("a-hunter.org") == ()


def test_https_is_asked_before_http() -> None:
    services = [*MANY, [["zz"], ["http://rdap.b-hunter.net/", "ftp://x/", "https://rdap.b-hunter.net/"]]]
    assert parse_bootstrap(data(services), "x").bases_for("a.zz") == (
        "https://rdap.b-hunter.net/",
        "http://rdap.b-hunter.net/",
    )


@pytest.mark.parametrize(
    "content",
    [
        *(
            b"",
            b"<html></html>",
            b"[]",
            b"{}",
            data(MANY, None),
            data(MANY, "yesterday"),
            data(MANY, "2026-10-01T00:00:00"),
        ),
        *(
            data([]),
            data([[["com"], ["https://a/"]]]),
            data([*MANY, [["x"]]]),
            data([*MANY, 7]),
            data([*MANY, [[1], ["https://a/"]]]),
        ),
        b"[" * 100_000,
    ],
    ids=range(13),
)
def test_what_is_no_whole_bootstrap_data_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="dns-copy"):
        parse_bootstrap(content, "dns-copy")
