"""The Microsoft 365 answer, row by row of its table: the first row that fits decides."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.evidence import Tenant
from hunter.core.provider.classification import M365_REASONS, classify
from hunter.core.provider.providers import Provider
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, evidence, mail_evidence, spf_policy
from tests.support.rulebooks import shipped_rulebook

EXCHANGE = "firma-example.mail.protection.outlook.com"
GATEWAY = "mx1.hc123-45.iphmx.com"
OWN = "mail.firma.example"
HOSTER = "mx00.ionos.de"
GOOGLE = "aspmx.l.google.com"
AUTODISCOVER = {"autodiscover_cname": "autodiscover.outlook.com"}
DKIM = {"dkim_targets": [("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com")]}
SPF = {"spf": spf_policy("spf.protection.outlook.com")}
GOOGLE_SPF = {"spf": spf_policy("_spf.google.com")}
TOKEN = {"verifications": ["microsoft"]}
TENANT = {"tenant": Tenant("5f1c8e0a-0000-4000-8000-000000000001")}
NO_TENANT = {"tenant": ABSENT}

Answer = tuple[str, str, tuple[str, ...]]


def answer(mx: Any, *traces: dict[str, Any]) -> Answer:
    """Return state, confidence and reasons for `firma.example`; the tenant was not asked for unless given."""
    given: dict[str, Any] = {"mx": mx if mx in (ABSENT, UNKNOWN) else list(mx) if isinstance(mx, list) else [mx]}
    for trace in traces:
        given |= trace
    tenant = given.pop("tenant", UNKNOWN)
    found = classify(evidence(mail_evidence(**given), tenant=tenant), shipped_rulebook().signatures).m365
    return found.state.value, found.confidence.value, found.reasons


def test_row_1_mx_unknown_is_unknown_whatever_else_is_seen() -> None:
    assert answer(UNKNOWN) == ("unknown", "low", ("mx_unknown",))
    assert answer(UNKNOWN, AUTODISCOVER, DKIM) == (
        "unknown", "low", ("mx_unknown", "autodiscover_outlook", "dkim_microsoft"),
    )  # fmt: skip


def test_row_2_mx_at_exchange_online_is_yes() -> None:
    assert answer(EXCHANGE) == ("yes", "high", ("mx_exchange_online",))
    assert answer([GATEWAY, EXCHANGE], TENANT) == ("yes", "high", ("mx_exchange_online", "tenant_found"))


def test_row_2_a_contradiction_lowers_the_confidence() -> None:
    assert answer(EXCHANGE, NO_TENANT) == ("yes", "medium", ("mx_exchange_online", "tenant_absent"))
    assert answer([GOOGLE, EXCHANGE])[:2] == ("yes", "medium")


def test_row_2_does_not_hold_for_free_mail() -> None:
    assert answer("firma-example.olc.protection.outlook.com") == ("no", "medium", ("consumer_outlook",))


@pytest.mark.parametrize("mx", [OWN, HOSTER, "mail.somebody.example"])
def test_row_3_both_strong_traces_without_a_gateway_are_yes(mx: str) -> None:
    assert answer(mx, AUTODISCOVER, DKIM) == ("yes", "medium", ("autodiscover_outlook", "dkim_microsoft"))


def test_row_3_a_missing_tenant_lowers_the_confidence() -> None:
    assert answer(OWN, AUTODISCOVER, DKIM, NO_TENANT)[:2] == ("yes", "low")


@pytest.mark.parametrize(("trace", "code"), [(AUTODISCOVER, "autodiscover_outlook"), (DKIM, "dkim_microsoft")])
def test_row_4_one_strong_trace_is_likely(trace: dict[str, Any], code: str) -> None:
    assert answer(OWN, trace) == ("likely", "medium", (code,))
    assert answer(GATEWAY, trace) == ("likely", "low", (code,))


def test_row_4_behind_a_gateway_two_strong_traces_are_likely_and_no_more() -> None:
    assert answer(GATEWAY, AUTODISCOVER, DKIM, SPF) == (
        "likely", "medium", ("autodiscover_outlook", "dkim_microsoft", "spf_exchange_online"),
    )  # fmt: skip
    assert answer(GATEWAY, AUTODISCOVER, DKIM, NO_TENANT)[:2] == ("likely", "low")


def test_row_4_behind_a_forwarder_strong_traces_are_likely_with_low_confidence() -> None:
    assert answer("route1.mx.cloudflare.net", AUTODISCOVER, DKIM)[:2] == ("likely", "low")


def test_row_4_holds_while_another_look_up_failed() -> None:
    assert answer(OWN, DKIM, {"autodiscover_cname": UNKNOWN}) == ("likely", "medium", ("dkim_microsoft",))


def test_row_5_spf_behind_a_gateway_is_likely() -> None:
    assert answer(GATEWAY, SPF) == ("likely", "low", ("spf_exchange_online",))
    assert answer(GATEWAY, SPF, TOKEN) == ("likely", "low", ("spf_exchange_online", "ms_token"))


def test_row_5_does_not_hold_beside_google_elsewhere_or_without_a_tenant() -> None:
    both = {"spf": spf_policy("spf.protection.outlook.com", "_spf.google.com")}

    assert answer(GATEWAY, both)[0] == "unknown"
    assert answer(GATEWAY, SPF, {"autodiscover_cname": OWN}) == ("no", "low", ("mail_elsewhere", "spf_left_over"))
    assert answer(GATEWAY, SPF, NO_TENANT)[:2] == ("no", "medium")


def test_row_5_does_not_hold_without_a_gateway() -> None:
    assert answer(OWN, SPF) == ("no", "medium", ("mail_elsewhere", "spf_left_over"))


@pytest.mark.parametrize("mx", [OWN, HOSTER, GATEWAY, "mx1.improvmx.com"])
def test_row_6_a_failed_decisive_look_up_is_unknown(mx: str) -> None:
    assert answer(mx, {"autodiscover_cname": UNKNOWN}) == ("unknown", "low", ("autodiscover_unknown",))
    assert answer(mx, {"autodiscover_srv": UNKNOWN}) == ("unknown", "low", ("autodiscover_unknown",))
    assert answer(mx, {"dkim_targets": UNKNOWN}) == ("unknown", "low", ("dkim_unknown",))


def test_row_6_does_not_hold_where_mx_names_a_mailbox_service() -> None:
    assert answer(GOOGLE, {"autodiscover_cname": UNKNOWN, "dkim_targets": UNKNOWN})[:2] == ("no", "high")


def test_row_6_an_unknown_list_of_dkim_keys_is_not_decisive() -> None:
    assert answer(OWN, {"dkim": UNKNOWN})[:2] == ("no", "medium")


@pytest.mark.parametrize("mx", [GOOGLE, "mx.yandex.net", "mail.protonmail.ch", HOSTER, "mx-in01.natrohost.com"])
def test_row_7_mail_at_somebody_named_is_no(mx: str) -> None:
    assert answer(mx) == ("no", "high", ("mail_elsewhere",))


def test_row_7_mail_at_an_own_name_is_no_with_medium_confidence() -> None:
    assert answer(OWN) == ("no", "medium", ("mail_elsewhere",))


@pytest.mark.parametrize(
    ("traces", "codes"),
    [
        ((SPF,), ("spf_left_over",)),
        ((TENANT,), ("tenant_only",)),
        ((TOKEN,), ("ms_token_only",)),
        ((TENANT, TOKEN), ("tenant_only", "ms_token")),
        ((SPF, TENANT, TOKEN), ("spf_left_over", "tenant_found", "ms_token")),
        ((AUTODISCOVER, DKIM), ("autodiscover_outlook", "dkim_microsoft")),
    ],
)
def test_row_7_what_is_left_of_microsoft_is_named(traces: tuple[dict[str, Any], ...], codes: tuple[str, ...]) -> None:
    assert answer(GOOGLE, *traces) == ("no", "medium", ("mail_elsewhere", *codes))


def test_row_7_behind_a_gateway_it_is_as_sure_as_the_provider() -> None:
    assert answer(GATEWAY, GOOGLE_SPF) == ("no", "low", ("mail_elsewhere",))
    assert answer(GATEWAY, {"dkim": [dkim_key("google")]}) == ("no", "medium", ("mail_elsewhere",))
    assert answer([GATEWAY, GOOGLE]) == ("no", "high", ("mail_elsewhere",))
    assert answer([GATEWAY, GOOGLE], SPF) == ("no", "medium", ("mail_elsewhere", "spf_left_over"))
    assert answer([GATEWAY, OWN]) == ("no", "low", ("mail_elsewhere",))


def test_row_8_a_gateway_without_a_tenant_is_no() -> None:
    assert answer(GATEWAY, NO_TENANT) == ("no", "medium", ("gateway_only", "tenant_absent"))


@pytest.mark.parametrize(("traces", "codes"), [((), ()), ((TENANT,), ("tenant_only",)), ((TOKEN,), ("ms_token_only",))])
def test_row_9_a_gateway_or_a_forwarder_alone_is_unknown(
    traces: tuple[dict[str, Any], ...], codes: tuple[str, ...]
) -> None:
    assert answer(GATEWAY, *traces) == ("unknown", "low", ("gateway_only", *codes))
    assert answer("mx1.improvmx.com", *traces) == ("unknown", "low", ("forwarding", *codes))


def test_row_10_no_mail_is_no() -> None:
    assert answer(ABSENT) == ("no", "high", ("no_mail",))
    assert answer(ABSENT, SPF, TENANT) == ("no", "high", ("no_mail", "spf_left_over", "tenant_found"))


MX = st.sampled_from([EXCHANGE, GATEWAY, OWN, HOSTER, GOOGLE, "mx1.improvmx.com", ABSENT, UNKNOWN])
TRACES = st.lists(
    st.sampled_from(
        [AUTODISCOVER, DKIM, SPF, GOOGLE_SPF, TOKEN, TENANT, NO_TENANT, {"autodiscover_cname": OWN}]
        + [{key: UNKNOWN} for key in ("spf", "autodiscover_cname", "autodiscover_srv", "dkim_targets")]
    ),
    max_size=5,
)


@given(mx=MX, traces=TRACES)
def test_every_reason_has_its_code_and_stands_once(mx: Any, traces: list[dict[str, Any]]) -> None:
    reasons = answer(mx, *traces)[2]

    assert reasons
    assert set(reasons) <= set(M365_REASONS)
    assert len(set(reasons)) == len(reasons)


@given(mx=st.sampled_from([OWN, HOSTER, GATEWAY]), traces=TRACES)
def test_a_failed_decisive_look_up_is_never_read_as_no(mx: str, traces: list[dict[str, Any]]) -> None:
    assert answer(mx, *traces, {"dkim_targets": UNKNOWN})[0] != "no"


@given(mx=MX, traces=TRACES)
def test_yes_and_likely_go_with_the_provider(mx: Any, traces: list[dict[str, Any]]) -> None:
    given_traces: dict[str, Any] = {"mx": mx if mx in (ABSENT, UNKNOWN) else [mx]}
    for trace in traces:
        given_traces |= trace
    tenant = given_traces.pop("tenant", UNKNOWN)

    found = classify(evidence(mail_evidence(**given_traces), tenant=tenant), shipped_rulebook().signatures)

    is_there = found.m365.state in ("yes", "likely")
    assert is_there == (found.provider is Provider.M365) or found.reason == "forwarding"


def test_a_tenant_that_was_never_looked_up_is_not_absent() -> None:
    mail = mail_evidence(mx=[GATEWAY], spf=SPF["spf"])

    found = classify(evidence(mail), shipped_rulebook().signatures)

    assert found.m365.state == "likely"
