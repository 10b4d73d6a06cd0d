"""Evidence as JSON values, version 2; written by hand because a million leads are read and rescored.

Lists of small shapes are lists of lists in the order of their fields; signals that nobody asked for are left out.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from hunter.core.evidence import (
    AddressFacts,
    DKIMTarget,
    Evidence,
    MailEvidence,
    MicrosoftEvidence,
    NetworkEvidence,
    RegistrationEvidence,
)
from hunter.core.records.dkim import DKIMKey
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy, SPFTerm
from hunter.core.snapshot.microsoft_codec import read_realm, read_tenant, write_realm, write_tenant
from hunter.core.snapshot.signal_codec import read_signal, write_signal

#: What a document without look-ups of addresses is read as: most of a million are such.
_NO_NETWORK: Final = NetworkEvidence()


def write_evidence(evidence: Evidence) -> dict[str, Any]:
    """Return the evidence as JSON values."""
    registration, microsoft, network = evidence.registration, evidence.microsoft, evidence.network
    return {
        "domain": evidence.domain,
        "collected_at": evidence.collected_at.isoformat(),
        "mail": write_mail(evidence.mail),
        "registration": _asked(
            {
                "registrar": write_signal(registration.registrar, str),
                "expires_at": write_signal(registration.expires_at, date.isoformat),
                "nameservers": write_signal(registration.nameservers, list),
                "statuses": write_signal(registration.statuses, list),
            }
        ),
        "microsoft": _asked(
            {
                "tenant": write_signal(microsoft.tenant, write_tenant),
                "realm": write_signal(microsoft.realm, write_realm),
            }
        ),
        "network": _asked(
            {"mx": write_signal(network.mx, _write_address), "web": write_signal(network.web, _write_address)}
        ),
    }


def read_evidence(document: Mapping[str, Any]) -> Evidence:
    """Return the evidence that was written."""
    registration, microsoft, network = document["registration"], document["microsoft"], document["network"]
    return Evidence(
        document["domain"],
        datetime.fromisoformat(document["collected_at"]),
        read_mail(document["mail"]),
        RegistrationEvidence(
            read_signal(registration.get("registrar"), str),
            read_signal(registration.get("expires_at"), date.fromisoformat),
            read_signal(registration.get("nameservers"), tuple),
            read_signal(registration.get("statuses"), tuple),
        ),
        MicrosoftEvidence(
            read_signal(microsoft.get("tenant"), read_tenant), read_signal(microsoft.get("realm"), read_realm)
        ),
        _read_network(network) if network else _NO_NETWORK,
    )


def with_network(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lift a document of version 1, which knew no addresses, realms and states, and of a tenant id and region only."""
    return {**document, "network": {}}


def _asked(signals: dict[str, dict[str, Any] | None]) -> dict[str, Any]:
    return {name: signal for name, signal in signals.items() if signal is not None}


def write_mail(mail: MailEvidence) -> dict[str, Any]:
    """Return what DNS says of mail as JSON values."""
    return _asked(
        {
            "mx": write_signal(mail.mx, _write_hosts),
            "spf": write_signal(mail.spf, _write_spf),
            "dkim": write_signal(mail.dkim, _write_keys),
            "dmarc": write_signal(mail.dmarc, _write_dmarc),
            "autodiscover_cname": write_signal(mail.autodiscover_cname, str),
            "autodiscover_srv": write_signal(mail.autodiscover_srv, str),
            "dkim_targets": write_signal(mail.dkim_targets, _write_targets),
            "ns": write_signal(mail.ns, list),
            "verifications": write_signal(mail.verifications, list),
        }
    )


def read_mail(mail: Mapping[str, Any]) -> MailEvidence:
    """Return the evidence that was written."""
    get = mail.get
    return MailEvidence(
        read_signal(get("mx"), _read_hosts),
        read_signal(get("spf"), _read_spf),
        read_signal(get("dkim"), _read_keys),
        read_signal(get("dmarc"), _read_dmarc),
        read_signal(get("autodiscover_cname"), str),
        read_signal(get("autodiscover_srv"), str),
        read_signal(get("dkim_targets"), _read_targets),
        read_signal(get("ns"), tuple),
        read_signal(get("verifications"), tuple),
    )


def _write_hosts(hosts: tuple[MXHost, ...]) -> list[list[int | str]]:
    return [[mx.preference, mx.host] for mx in hosts]


def _read_hosts(written: list[tuple[int, str]]) -> tuple[MXHost, ...]:
    return tuple([MXHost(preference, host) for preference, host in written])


def _write_spf(policy: SPFPolicy) -> dict[str, Any]:
    return {
        "text": policy.text,
        "terms": [[term.qualifier, term.name, term.value] for term in policy.terms],
        "includes": list(policy.includes),
        "redirect": policy.redirect,
        "all": policy.all_qualifier,
        "lookups": policy.lookups,
        "void_lookups": policy.void_lookups,
        "names": list(policy.names),
    }


def _read_spf(written: Mapping[str, Any]) -> SPFPolicy:
    return SPFPolicy(
        written["text"],
        tuple([_spf_term(*fields) for fields in written["terms"]]),
        tuple(written["includes"]),
        written["redirect"],
        written["all"],
        written["lookups"],
        written["void_lookups"],
        tuple(written["names"]),
    )


@lru_cache(maxsize=4096)
def _spf_term(qualifier: str, name: str, value: str) -> SPFTerm:
    """Share terms: `-all` and the includes of the large services stand in most policies."""
    return SPFTerm(qualifier, name, value)


def _write_keys(keys: tuple[DKIMKey, ...]) -> list[list[str | bool]]:
    return [[key.selector, key.key_type, key.is_testing, key.is_revoked, key.text] for key in keys]


def _read_keys(written: list[tuple[str, str, bool, bool, str]]) -> tuple[DKIMKey, ...]:
    return tuple([DKIMKey(*fields) for fields in written])


def _write_dmarc(policy: DMARCPolicy) -> dict[str, Any]:
    return {
        "policy": policy.policy,
        "coverage": policy.coverage,
        "is_testing": policy.is_testing,
        "domain": policy.domain,
        "text": policy.text,
        "p": policy.published_policy,
        "sp": policy.subdomain_policy,
        "np": policy.nonexistent_policy,
        "psd": policy.psd,
        "rua": list(policy.rua),
        "is_inherited": policy.is_inherited,
    }


def _read_dmarc(written: Mapping[str, Any]) -> DMARCPolicy:
    return DMARCPolicy(
        written["policy"],
        written["coverage"],
        written["is_testing"],
        written["domain"],
        written["text"],
        written["p"],
        written["sp"],
        written["np"],
        written["psd"],
        tuple(written["rua"]),
        written["is_inherited"],
    )


def _write_targets(targets: tuple[DKIMTarget, ...]) -> list[list[str]]:
    return [[target.selector, target.target] for target in targets]


def _read_targets(written: list[tuple[str, str]]) -> tuple[DKIMTarget, ...]:
    return tuple([DKIMTarget(selector, target) for selector, target in written])


def _read_network(network: Mapping[str, Any]) -> NetworkEvidence:
    return NetworkEvidence(
        read_signal(network.get("mx"), _read_address), read_signal(network.get("web"), _read_address)
    )


def _write_address(facts: AddressFacts) -> dict[str, Any]:
    return {
        "address": facts.address,
        "asn": facts.asn,
        "asn_org": facts.asn_org,
        "isp": facts.isp,
        "country": facts.country,
        "city": facts.city,
        "usage_type": facts.usage_type,
        "is_proxy": facts.is_proxy,
        "proxy_type": facts.proxy_type,
    }


def _read_address(written: Mapping[str, Any]) -> AddressFacts:
    return AddressFacts(
        written["address"],
        written["asn"],
        written["asn_org"],
        written["isp"],
        written["country"],
        written["city"],
        written["usage_type"],
        written["is_proxy"],
        written["proxy_type"],
    )
