"""Evidence stored and read back, whole, old, new and damaged."""

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from hunter.core.errors import InvalidInput
from hunter.core.evidence import (
    AddressFacts,
    Evidence,
    MailEvidence,
    MicrosoftEvidence,
    NetworkEvidence,
    RegistrationEvidence,
    Tenant,
)
from hunter.core.signals import Absent, Found, Unknown
from hunter.core.snapshot.document import evidence_from_json, evidence_to_json, lifted
from tests.support.builders import dkim_key, evidence, mail_evidence, spf_policy
from tests.support.evidence_strategies import evidences


def over_the_wire(document: dict[str, Any]) -> Any:
    return json.loads(json.dumps(document))


@given(evidences())
def test_evidence_comes_back_exactly_as_it_was_written(seen: Evidence) -> None:
    assert evidence_from_json(over_the_wire(evidence_to_json(seen))) == seen


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("mail", MailEvidence),
        ("registration", RegistrationEvidence),
        ("microsoft", MicrosoftEvidence),
        ("network", NetworkEvidence),
    ],
)
def test_no_signal_is_forgotten(kind: str, shape: Any) -> None:
    failed = shape(**{signal.name: Unknown(f"{signal.name}_failed") for signal in fields(shape)})
    seen = replace(evidence(), **{kind: failed})

    assert evidence_from_json(over_the_wire(evidence_to_json(seen))) == seen


@given(evidences())
def test_written_values_are_plain_json_without_any_class_of_ours(seen: Evidence) -> None:
    assert all(type(value) in {str, int, bool, type(None)} for value in leaves(evidence_to_json(seen)))


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for below in value.values() for leaf in leaves(below)]
    if isinstance(value, list):
        return [leaf for below in value for leaf in leaves(below)]
    return [value]


def test_a_stored_evidence_is_readable_by_people() -> None:
    mail = mail_evidence(
        mx=("mail.firma.example",),
        spf=Absent("syntax", ("v=spf1 ipv4:192.0.2.1",)),
        dmarc=Unknown("timeout"),
        ns=("ns1.firma.example",),
    )
    document = evidence_to_json(evidence(mail, tenant=Tenant("11111111-2222-3333-4444-555555555555", "EU")))

    assert document["codec_version"] == 2
    assert document["mail"]["mx"] == {"found": [[10, "mail.firma.example"]]}
    assert document["mail"]["spf"] == {"absent": "syntax", "raw": ["v=spf1 ipv4:192.0.2.1"]}
    assert document["mail"]["dmarc"] == {"unknown": "timeout"}
    assert document["registration"] == {}
    assert document["microsoft"]["tenant"]["found"]["region"] == "EU"
    assert document["network"] == {}


def test_what_address_files_said_is_stored_by_the_role_of_the_host() -> None:
    facts = AddressFacts(
        "203.0.113.7", asn=64500, isp="Bulut Barındırma", country="TR", usage_type="DCH", is_proxy=False
    )
    seen = evidence(network=NetworkEvidence(mx=Found(facts, ("203.0.113.7",)), web=Unknown("not_listed")))
    document = over_the_wire(evidence_to_json(seen))

    assert document["network"]["mx"]["found"]["usage_type"] == "DCH"
    assert document["network"]["web"] == {"unknown": "not_listed"}
    assert evidence_from_json(document) == seen


def test_a_tenant_stored_by_version_1_is_read_without_what_was_not_kept_then() -> None:
    written = evidence_to_json(evidence())
    del written["network"]
    written |= {"codec_version": 1, "microsoft": {"tenant": {"found": {"tenant_id": "id", "region": "EU"}}}}

    assert evidence_from_json(written) == evidence(tenant=Tenant("id", "EU"))


def test_what_nobody_asked_for_is_not_stored_and_stays_unasked() -> None:
    seen = evidence(MailEvidence())

    assert evidence_to_json(seen)["mail"] == {}
    assert evidence_from_json(evidence_to_json(seen)).mail == MailEvidence()


def test_a_document_of_version_1_is_read_for_ever() -> None:
    written = {
        "codec_version": 1,
        "domain": "firma.example",
        "collected_at": "2026-03-02T09:30:00+00:00",
        "mail": {
            "mx": {"found": [[10, "mail.firma.example"]]},
            "spf": {
                "found": {
                    "text": "v=spf1 include:spf.posta.example -all",
                    "terms": [["+", "include", "spf.posta.example"], ["-", "all", ""]],
                    "includes": ["spf.posta.example"],
                    "redirect": None,
                    "all": "-",
                    "lookups": 1,
                    "void_lookups": 0,
                    "names": ["spf.posta.example"],
                },
            },
            "dkim": {"found": [["selector1", "rsa", False, False, "v=DKIM1; k=rsa; p=MIIBIjANBgkq"]]},
            "dmarc": {"absent": "nodata"},
            "autodiscover_cname": {"absent": "nodata"},
            "autodiscover_srv": {"absent": "nodata"},
            "dkim_targets": {"absent": "nodata"},
            "ns": {"found": ["ns1.firma.example", "ns2.firma.example"]},
            "verifications": {"absent": "nodata"},
        },
        "registration": {"expires_at": {"found": "2027-01-31"}},
        "microsoft": {},
    }
    mail = mail_evidence(spf=spf_policy("spf.posta.example"), dkim=(dkim_key(),))

    assert evidence_from_json(written) == evidence(mail, expires_at=date(2027, 1, 31))


def test_a_newer_version_is_refused_with_the_way_out() -> None:
    refusal = "has version 3, this release reads up to 2: use the release that wrote it"
    with pytest.raises(InvalidInput, match=refusal):
        evidence_from_json({"codec_version": 3})


@pytest.mark.parametrize("document", [{}, {"codec_version": 0}, {"codec_version": "1"}, {"codec_version": 1}, [], None])
def test_a_damaged_document_is_refused_in_our_own_words(document: Any) -> None:
    with pytest.raises(InvalidInput, match="is damaged"):
        evidence_from_json(document)


def test_an_evidence_without_a_zone_is_damaged() -> None:
    document = {**evidence_to_json(evidence()), "collected_at": "2026-03-02T09:30:00"}

    with pytest.raises(InvalidInput, match="is damaged"):
        evidence_from_json(document)


def test_older_versions_are_lifted_step_by_step() -> None:
    lifts = (
        lambda document: {"name": document["domain"]},
        lambda document: {"names": [document["name"]]},
    )

    assert lifted({"codec_version": 1, "domain": "firma.example"}, lifts, "evidence") == {"names": ["firma.example"]}
    assert lifted({"codec_version": 2, "name": "firma.example"}, lifts, "evidence") == {"names": ["firma.example"]}
    assert lifted({"codec_version": 3, "names": []}, lifts, "evidence") == {"codec_version": 3, "names": []}
