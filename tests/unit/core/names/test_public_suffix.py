"""The registrable part of a mail host is what is shown as its root."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunter.core.names.public_suffix import shipped_suffixes


@pytest.mark.parametrize(
    ("host", "root"),
    [
        ("outlook-com.olc.protection.outlook.com", "outlook.com"),
        ("contoso-com.mail.protection.outlook.com", "outlook.com"),
        ("contoso-com.v-v1.mx.microsoft", "mx.microsoft"),
        ("aspmx.l.google.com", "google.com"),
        ("aspmx.vit.com.tr", "vit.com.tr"),
        ("mail.example.co.uk", "example.co.uk"),
        ("mail.belediye.bel.tr", "belediye.bel.tr"),
        ("MAIL.Example.COM.TR", "example.com.tr"),
    ],
)
def test_each_example_of_the_specification_gives_its_root(host: str, root: str) -> None:
    assert shipped_suffixes().registrable_domain(host) == root


TURKISH = "com net org gov edu bel gen web k12 av dr pol tsk bbs name tel info biz tv mil kep"
FOREIGN = (
    "co.uk org.uk ac.uk gov.uk com.au net.au org.au gov.au edu.au co.za org.za gov.za com.br net.br org.br gov.br "
    "co.jp ne.jp or.jp go.jp ac.jp com.cn net.cn org.cn gov.cn edu.cn co.in net.in org.in gov.in edu.in com.mx net.mx "
    "org.mx gov.mx com.ar net.ar org.ar gov.ar co.nz net.nz org.nz govt.nz com.sg net.sg org.sg gov.sg com.my net.my "
    "org.my gov.my com.ph net.ph org.ph gov.ph"
)


@pytest.mark.parametrize("suffix", [*(f"{label}.tr" for label in TURKISH.split()), *FOREIGN.split()])
def test_the_second_level_suffixes_of_the_specification_take_three_labels(suffix: str) -> None:
    assert shipped_suffixes().registrable_domain(f"mx1.mail.firma.{suffix}") == f"firma.{suffix}"
    assert shipped_suffixes().registrable_domain(suffix) is None


@pytest.mark.parametrize(
    "host", ["", ".", "com", "com.tr", "tr", "a..example", ".example", "192.0.2.1", "2001:db8::1.1"]
)
def test_a_suffix_an_address_or_a_malformed_host_has_no_root(host: str) -> None:
    assert shipped_suffixes().registrable_domain(host) is None


def test_an_unlisted_top_label_and_a_trailing_dot_are_understood() -> None:
    assert shipped_suffixes().registrable_domain("mx.mail.firma.example") == "firma.example"
    assert shipped_suffixes().registrable_domain("mx.firma.example.") == "firma.example"


def test_names_that_companies_lend_out_belong_to_the_company() -> None:
    assert shipped_suffixes().registrable_domain("mx.firma.github.io") == "github.io"


def test_an_encoded_host_keeps_its_encoded_root() -> None:
    assert shipped_suffixes().registrable_domain("mx.xn--trke-2oa7j.com.tr") == "xn--trke-2oa7j.com.tr"


def test_the_memory_for_roots_is_bounded() -> None:
    remembered: Any = shipped_suffixes().registrable_domain
    assert remembered.cache_info().maxsize is not None


@settings(deadline=None)
@given(st.text())
def test_any_host_gives_an_end_of_itself_or_nothing(host: str) -> None:
    root = shipped_suffixes().registrable_domain(host)
    assert root is None or ("." in root and f".{host.lower().removesuffix('.')}".endswith(f".{root}"))
