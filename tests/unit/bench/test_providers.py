"""Figures of provider truth are counted as their names say."""

from typing import Any

from bench.providers import false_gateways, gateways_named, m365_figures, provider_accuracy
from bench.report import Standing
from hunter.core.provider.classification import Classification, classify
from hunter.lab.world_sources.truth_rows import TruthRow
from tests.support.builders import evidence, mail_evidence
from tests.support.rulebooks import shipped_rulebook

EXCHANGE = "firma-example.mail.protection.outlook.com"


def found(*hosts: str, **mail: Any) -> Classification:
    return classify(evidence(mail_evidence(mx=hosts, **mail)), shipped_rulebook().signatures)


def labelled(provider: str, *, gateway: str | None = None, hosts: tuple[str, ...] = ()) -> TruthRow:
    return TruthRow(
        domain="firma.example",
        hosts=hosts,
        spf="",
        spf_names=(),
        dkim=(),
        autodiscover_cname="",
        autodiscover_srv="",
        vendors=(),
        is_mx_only=False,
        provider=provider,
        gateway=gateway,
        confidence=0.9,
        basis="mx_direct",
    )


def test_precision_and_recall_are_counted_by_provider_and_by_answer() -> None:
    judged = [
        (labelled("M365"), found(EXCHANGE)),
        (labelled("M365"), found("mail.firma.example")),
        (labelled("Google"), found(EXCHANGE)),
        (labelled("Google"), found("aspmx.l.google.com")),
        # The provider is unknown, the answer is likely: a forwarder in front of a tenant.
        (labelled("M365"), found("mx1.improvmx.com", autodiscover_cname="autodiscover.outlook.com")),
    ]

    figures = m365_figures("M365", judged, precision=0.5, recall=0.9)

    assert [(figure.name, figure.done, figure.standing) for figure in figures] == [
        ("M365, by provider: precision", "1 of 2", Standing.FLOOR),
        ("M365, by provider: recall", "1 of 3", Standing.MISSED),
        ("M365, by answer: precision", "2 of 3", Standing.FLOOR),
        ("M365, by answer: recall", "2 of 3", Standing.MISSED),
    ]


def test_hosting_local_and_named_services_are_one_class_and_forwarding_is_unknown() -> None:
    judged = [
        (labelled("Hosting"), found("mail.firma.example")),
        (labelled("Other:Titan"), found("mx1.titan.email")),
        (labelled("Other:Forwarding"), found("mx1.improvmx.com")),
        (labelled("Google"), found("mx1.titan.email")),
    ]

    assert provider_accuracy(judged).done == "3 of 4"


def test_gateways_are_counted_where_there_are_some_and_where_there_are_none() -> None:
    judged = [
        (labelled("Unknown", gateway="cisco"), found("mx1.hc123-45.iphmx.com")),
        (labelled("Unknown", gateway="cisco"), found("mail.firma.example")),
        (labelled("Local"), found("mail.firma.example")),
        (labelled("Local"), found("mx1.hc123-45.iphmx.com")),
        (labelled("Hosting", hosts=("mx10.mailspamprotection.com",)), found("mx10.mailspamprotection.com")),
    ]

    assert gateways_named(judged).done == "1 of 2"
    assert false_gateways(judged).done == "1 of 2"
    assert gateways_named(judged).standing is Standing.MISSED
    assert false_gateways(judged).standing is Standing.MISSED
    assert false_gateways(judged[2:3]).standing is Standing.FLOOR


def test_nothing_to_count_is_not_measured() -> None:
    assert gateways_named([]).standing is Standing.NOT_MEASURED
