"""Hypothesis strategies: any evidence that a collector could hand over, and some that it could not."""

from dataclasses import fields
from datetime import UTC, date, timedelta, timezone
from typing import Any, TypeVar, get_type_hints

from hypothesis import strategies as st

from hunter.core.evidence import (
    AddressFacts,
    DKIMTarget,
    Evidence,
    MailEvidence,
    MicrosoftEvidence,
    NetworkEvidence,
    Realm,
    RegistrationEvidence,
    Tenant,
)
from hunter.core.records.dkim import DKIMKey
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown

T = TypeVar("T")

_HOSTS = st.sampled_from(
    [
        "mail.firma.example",
        "firma-example.mail.protection.outlook.com",
        "aspmx.l.google.com",
        "mx.yandex.net",
        "mx.zoho.eu",
        "mx1.hostinger.com",
        "mail.natro.com",
        "eu-smtp-inbound-1.mimecast.com",
        "inbound-smtp.eu-west-1.amazonaws.com",
        "mx1.improvmx.com",
    ]
)
_ABSENT_REASONS = st.sampled_from(["nodata", "nxdomain", "multiple", "syntax", "loop", "missing_target", "limit"])
_UNKNOWN_REASONS = st.sampled_from(["timeout", "servfail", "not_asked"])
_TEXTS = st.text(max_size=40)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=3)), timezone(timedelta(hours=-9, minutes=-30))])


def signals(values: st.SearchStrategy[T]) -> st.SearchStrategy[Signal[T]]:
    """Return signals in all three states around the values."""
    raw = st.lists(_TEXTS, max_size=2).map(tuple)
    return st.one_of(
        st.builds(Found, values, raw),
        st.builds(Absent, _ABSENT_REASONS, raw),
        st.builds(Unknown, _UNKNOWN_REASONS, raw),
        st.just(NOT_ASKED),
    )


def whole(shape: type[T]) -> st.SearchStrategy[T]:
    """Return any values of a shape, each of its fields filled by its type, so that no later field is forgotten."""
    filled: dict[str, Any] = {name: st.from_type(hint) for name, hint in get_type_hints(shape).items()}
    return st.builds(shape, **filled)


def dmarc_policies() -> st.SearchStrategy[DMARCPolicy]:
    """Return policies of all three kinds, tried out or in force."""
    policies = st.sampled_from(["none", "quarantine", "reject"])
    return st.builds(_with_policy, whole(DMARCPolicy), policies, st.integers(0, 100))


def _with_policy(policy: DMARCPolicy, word: str, coverage: int) -> DMARCPolicy:
    values = {field.name: getattr(policy, field.name) for field in fields(policy)}
    return DMARCPolicy(**{**values, "policy": word, "coverage": coverage})


def mail_evidences() -> st.SearchStrategy[MailEvidence]:
    """Return what DNS may say of any domain."""
    hosts = st.lists(st.builds(MXHost, st.integers(0, 65535), _HOSTS), min_size=1, max_size=3, unique=True)
    return st.builds(
        MailEvidence,
        mx=signals(hosts.map(tuple)),
        spf=signals(whole(SPFPolicy)),
        dkim=signals(st.lists(whole(DKIMKey), min_size=1, max_size=3).map(tuple)),
        dmarc=signals(dmarc_policies()),
        autodiscover_cname=signals(_HOSTS),
        autodiscover_srv=signals(_HOSTS),
        dkim_targets=signals(st.lists(whole(DKIMTarget), max_size=3).map(tuple)),
        ns=signals(st.lists(_HOSTS, max_size=3).map(tuple)),
        verifications=signals(st.lists(st.sampled_from(["microsoft", "google", "zoho"]), max_size=2).map(tuple)),
    )


def evidences() -> st.SearchStrategy[Evidence]:
    """Return any evidence of any one domain."""
    registration = st.builds(
        RegistrationEvidence,
        registrar=signals(_TEXTS),
        expires_at=signals(st.dates(date(1990, 1, 1), date(2060, 1, 1))),
        nameservers=signals(st.lists(_HOSTS, max_size=2).map(tuple)),
        statuses=signals(st.lists(_TEXTS, max_size=2).map(tuple)),
    )
    return st.builds(
        Evidence,
        domain=st.sampled_from(["firma.example", "sube.firma.example", "xn--rnek-5qa.example", "firma", "-"]),
        collected_at=st.datetimes(timezones=_ZONES),
        mail=mail_evidences(),
        registration=registration,
        microsoft=st.builds(MicrosoftEvidence, tenant=signals(whole(Tenant)), realm=signals(whole(Realm))),
        network=st.builds(NetworkEvidence, mx=signals(whole(AddressFacts)), web=signals(whole(AddressFacts))),
    )
