"""A mail host in the company's own name: rented abroad, at a Turkish host, or the company's own machine."""

import json
from pathlib import Path
from typing import Any

import pytest

from hunter.core.errors import RulebookError
from hunter.core.evidence import AddressFacts, MailEvidence, NetworkEvidence
from hunter.core.provider.classification import Classification, classify
from hunter.core.provider.hosting_network import build_network_rules, sharpened
from hunter.core.provider.mail_traces import ProviderFact
from hunter.core.provider.providers import Confidence, Provider
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown
from tests.support.builders import evidence, mail_evidence, spf_policy
from tests.support.rulebooks import shipped_rulebook

RULES_FOLDER = Path(__file__).parents[4] / "src" / "hunter" / "rules"
CONTENT = json.loads((RULES_FOLDER / "networks.json").read_text(encoding="utf-8"))
RULES = build_network_rules(CONTENT)
OWN = mail_evidence(mx=("mail.firma.example",))


def facts(**known: Any) -> NetworkEvidence:
    return NetworkEvidence(mx=Found(AddressFacts("203.0.113.7", **known)))


def judged(mail: MailEvidence, network: NetworkEvidence) -> tuple[Classification, Classification]:
    before = classify(evidence(mail), shipped_rulebook().signatures)
    return before, sharpened(before, network, RULES)


def test_a_machine_in_a_foreign_data_centre_is_a_hosters() -> None:
    before, after = judged(OWN, facts(usage_type="DCH", country="DE", isp="Rechenzentrum"))

    assert before.provider is Provider.LOCAL
    assert (after.provider, after.confidence, after.local_provider) == (Provider.HOSTING, Confidence.MEDIUM, None)
    assert after.evidence[-1] == ProviderFact("network", "203.0.113.7, Rechenzentrum, DE", "Hosting")
    assert after.m365 == before.m365


def test_the_network_of_a_known_hoster_needs_no_usage_code() -> None:
    _, after = judged(OWN, facts(asn=24940, country="FI"))

    assert (after.provider, after.confidence) == (Provider.HOSTING, Confidence.MEDIUM)
    assert after.evidence[-1].points_to == "Hetzner"


def test_the_network_of_a_turkish_host_is_local_and_names_it() -> None:
    _, after = judged(OWN, facts(asn=34619, usage_type="DCH", country="TR"))

    assert (after.provider, after.local_provider, after.confidence) == (Provider.LOCAL, "Natro", Confidence.MEDIUM)


def test_a_line_of_the_company_itself_makes_its_own_server_surer() -> None:
    before, after = judged(OWN, facts(usage_type="COM", country="TR"))

    assert (before.provider, before.confidence) == (Provider.LOCAL, Confidence.LOW)
    assert (after.provider, after.confidence, after.local_provider) == (Provider.LOCAL, Confidence.MEDIUM, None)


@pytest.mark.parametrize(
    "known",
    [
        {"usage_type": "DCH", "country": "TR"},
        {"usage_type": "DCH"},
        {"usage_type": "COM", "country": "DE"},
        {"usage_type": "RSV", "country": "DE"},
        {"country": "DE"},
        {"asn": 64500, "country": "DE", "isp": "Jemand"},
    ],
)
def test_what_is_not_plain_changes_nothing(known: dict[str, Any]) -> None:
    before, after = judged(OWN, facts(**known))

    assert after == before


@pytest.mark.parametrize("signal", [NOT_ASKED, Unknown("not_listed"), Absent("nodata")])
def test_what_was_not_found_changes_nothing(signal: Signal[AddressFacts]) -> None:
    before, after = judged(OWN, NetworkEvidence(mx=signal, web=Found(AddressFacts("192.0.2.1", asn=24940))))

    assert after == before


@pytest.mark.parametrize(
    "mail",
    [
        mail_evidence(mx=("firma-example.mail.protection.outlook.com",)),
        mail_evidence(mx=("aspmx.l.google.com",)),
        mail_evidence(mx=("mx-in01.natrohost.com",)),
        mail_evidence(mx=("mx1.hostinger.com",)),
        mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com",)),
        mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com", "mail.firma.example")),
        mail_evidence(mx=("mail.baska.example",)),
        mail_evidence(mx=Absent("null_mx")),
        mail_evidence(mx=Unknown("timeout")),
        mail_evidence(autodiscover_cname="autodiscover.outlook.com"),
    ],
)
def test_only_a_host_in_the_companys_own_name_is_looked_at(mail: MailEvidence) -> None:
    before, after = judged(mail, facts(asn=24940, usage_type="DCH", country="DE"))

    assert after == before


def test_an_spf_that_lets_a_mailbox_service_send_makes_it_less_sure() -> None:
    _, after = judged(
        mail_evidence(spf=spf_policy("spf.protection.outlook.com")), facts(usage_type="DCH", country="DE")
    )

    assert (after.provider, after.confidence) == (Provider.HOSTING, Confidence.LOW)


def test_every_name_in_the_table_is_a_brand_of_the_signatures_of_the_same_kind() -> None:
    providers = json.loads((RULES_FOLDER / "providers.json").read_text(encoding="utf-8"))["providers"]
    brands = {row["name"]: row.get("kind") for row in providers}

    assert {row["name"]: row["kind"] for row in CONTENT["networks"]}.items() <= brands.items()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"networks": [{"asn": 1, "name": "A", "kind": "hoster"}, {"asn": 1, "name": "B", "kind": "hoster"}]}, "twice"),
        ({"networks": [{"asn": 0, "name": "A", "kind": "hoster"}]}, "must be from 1"),
        ({"networks": [{"asn": 1, "name": "A", "kind": "carrier"}]}, "unknown name"),
        ({"networks": []}, "at least one"),
        ({"own": ["DCH"]}, "DCH is named as rented too"),
        ({"rented": []}, "at least one"),
        ({"colour": "red"}, "unknown key"),
    ],
)
def test_a_broken_table_is_refused_by_its_place(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(RulebookError, match=problem) as caught:
        build_network_rules({**CONTENT, **change})
    assert caught.value.rule.startswith("networks.json")
