"""The record: what stands of one domain. What a failed look-up leaves is decided here, and nowhere else.

In: the record that stood, an evidence and its assessment. Out: the record that stands from now on. Storage writes it as
it is. What is kept together is one group; a group that could not be read stays as the last successful look left it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from hunter.core.assessment import Assessment
from hunter.core.changes import Change, ScanState, compare, found_or_absent, is_undecided, scan_state_of
from hunter.core.evidence import Evidence, MailEvidence, RegistrationEvidence, Tenant
from hunter.core.infrastructure import infrastructure_summary
from hunter.core.providers import Provider
from hunter.core.signals import NOT_ASKED, Found, Signal, Unknown
from hunter.core.signals import state_of as word_of

T = TypeVar("T")

#: What a size is that no better source gave.
ESTIMATED: Final = "mx_pattern"
#: The registry was not asked.
SKIPPED: Final = "skipped"


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """What a scan may say of the company itself; an import may have said it before."""

    provider: str | None = None
    tenant_size: str | None = None
    #: `mx_pattern`, which a scan may replace, or a better one, which it may not.
    size_source: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """SPF, DKIM and DMARC as the newest look saw them; None is unknown."""

    spf: bool | None = None
    dkim: bool | None = None
    dmarc_policy: str | None = None
    dmarc_coverage: int | None = None
    dmarc_domain: str | None = None
    dmarc_testing: bool | None = None
    #: The texts that were read; of several (a fault) all.
    spf_texts: tuple[str, ...] = ()
    dmarc_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailHostRecord:
    """Where mail goes; stays where MX could not be read."""

    mx_root: str | None = None
    hosts: tuple[str, ...] | None = None
    gateway: str | None = None
    estimated_size: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """Who keeps the mailboxes, beside the provider itself; stays where a failed look-up leaves that undecided."""

    local_provider: str | None = None
    mail_service: str | None = None
    confidence: str | None = None
    m365_state: str | None = None
    m365_confidence: str | None = None
    m365_reasons: tuple[str, ...] | None = None
    #: Source, value and what it points to, MX first.
    facts: tuple[tuple[str, str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class RegistrationRecord:
    """What the registry said; each value stays by itself where it did not answer."""

    registrar: str | None = None
    expires_at: date | None = None
    nameservers: tuple[str, ...] | None = None
    #: `success`, `failed` or `skipped`, of the newest look that asked.
    status: str = SKIPPED
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """The score; stays whole where a failed look-up leaves the verdict open."""

    points: int
    segment: str
    priority: int | None
    #: In the stored language.
    reason: str | None
    reason_code: str | None
    reason_params: tuple[tuple[str, str | int], ...]
    technical_heat: str | None
    commercial_segment: str | None
    commercial_heat: str | None
    priority_category: str | None
    priority_label: str | None
    rulebook_version: str | None
    signals_unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRecord:
    """What stands of one domain."""

    domain: str
    company: CompanyRecord
    #: None where the domain was never scanned.
    scanned_at: datetime | None = None
    scan_status: str | None = None
    policies: PolicyRecord = PolicyRecord()
    mail_hosts: MailHostRecord = MailHostRecord()
    provider: ProviderRecord = ProviderRecord()
    registration: RegistrationRecord = RegistrationRecord()
    tenant: Tenant | None = None
    #: Where mail and web are hosted, in words; stays where neither address could be looked up.
    infrastructure: str | None = None
    #: Name, state and reason of each signal of the newest look, by name.
    states: tuple[tuple[str, str, str], ...] = ()
    #: Why the newest look gave no score, in the stored language; None where it gave one.
    unscored_reason: str | None = None
    #: None where no look gave a score yet.
    score: ScoreRecord | None = None

    def state_of(self, signal: str) -> str:
        """Return `found`, `absent` or `unknown`; a signal that no look knew is unknown."""
        return next((state for name, state, _ in self.states if name == signal), "unknown")


def record_of(before: LeadRecord, evidence: Evidence, assessment: Assessment, reason: str) -> LeadRecord:
    """Return what stands after a look. `reason` is that of the assessment, in the stored language."""
    mx, tenant, network = evidence.mail.mx, evidence.microsoft.tenant, evidence.network
    classification = assessment.classification
    keeps_network = isinstance(network.mx, Unknown) and isinstance(network.web, Unknown)
    return LeadRecord(
        domain=before.domain,
        company=_company_of(before.company, assessment),
        scanned_at=evidence.collected_at,
        scan_status=assessment.scan_status,
        policies=_policies_of(evidence.mail),
        mail_hosts=before.mail_hosts if isinstance(mx, Unknown) else _mail_hosts_of(evidence.mail, assessment),
        provider=before.provider if keeps_provider(before, assessment) else _provider_of(assessment),
        registration=_registration_of(before.registration, evidence),
        tenant=before.tenant if isinstance(tenant, Unknown) else _value_of(tenant),
        infrastructure=before.infrastructure
        if keeps_network
        else infrastructure_summary(network, classification.provider, classification.gateway),
        states=_states_of(evidence),
        unscored_reason=reason if assessment.score is None else None,
        score=before.score if keeps_score(before, assessment) else _score_of(assessment, reason) or before.score,
    )


def keeps_provider(before: LeadRecord, assessment: Assessment) -> bool:
    """True where a look leaves the provider open and a known one stands."""
    return is_undecided(assessment) and before.company.provider not in (None, Provider.UNKNOWN.value)


def keeps_score(before: LeadRecord, assessment: Assessment) -> bool:
    """True where the last score stays, because this look could not judge."""
    if before.score is None or not is_undecided(assessment):
        return False
    return keeps_provider(before, assessment) or assessment.score is None


def changes_of(before: LeadRecord, evidence: Evidence, assessment: Assessment) -> tuple[Change, ...]:
    """Return what is different since the look before; a first look has no changes."""
    state = state_before(before)
    if state is None:
        return ()
    found = compare(state, scan_state_of(evidence, assessment))
    if not keeps_score(before, assessment):
        return found
    return tuple(change for change in found if not change.kind.is_judged)


def state_before(record: LeadRecord) -> ScanState | None:
    """Return the state that a new look is compared with; None where there was no look."""
    if record.scanned_at is None:
        return None
    unknown = {name for name in ("spf", "dkim", "dmarc") if record.state_of(name) == "unknown"}
    # A mail host that an earlier look has found stays known while later ones fail.
    if record.mail_hosts.mx_root is None and record.state_of("mx") == "unknown":
        unknown |= {"mx", "provider"}
    policies, score = record.policies, record.score
    return ScanState(
        spf=policies.spf,
        dkim=policies.dkim,
        dmarc_policy=policies.dmarc_policy,
        mx_root=record.mail_hosts.mx_root,
        provider=record.company.provider,
        gateway=record.mail_hosts.gateway,
        unknown=frozenset(unknown),
        expires_at=record.registration.expires_at,
        score=score.points if score is not None else None,
        segment=score.segment if score is not None else None,
        priority=score.priority if score is not None else None,
    )


def _company_of(before: CompanyRecord, assessment: Assessment) -> CompanyRecord:
    stays = is_undecided(assessment) and before.provider not in (None, Provider.UNKNOWN.value)
    provider = before.provider if stays else assessment.classification.provider.value
    # Where MX is unknown nothing is known of the size either, and no estimate beats a better source.
    if assessment.scan_status == "dns_timeout" or (before.size_source or ESTIMATED) != ESTIMATED:
        return replace(before, provider=provider)
    size = assessment.tenant_size
    return CompanyRecord(provider) if size is None else CompanyRecord(provider, size.size, ESTIMATED)


def _policies_of(mail: MailEvidence) -> PolicyRecord:
    dmarc = _value_of(mail.dmarc)
    return PolicyRecord(
        found_or_absent(mail.spf),
        found_or_absent(mail.dkim),
        dmarc.policy if dmarc is not None else None,
        dmarc.coverage if dmarc is not None else None,
        dmarc.domain if dmarc is not None else None,
        dmarc.is_testing if dmarc is not None else None,
        spf_texts=mail.spf.raw,
        dmarc_texts=mail.dmarc.raw,
    )


def _mail_hosts_of(mail: MailEvidence, assessment: Assessment) -> MailHostRecord:
    hosts, size = _value_of(mail.mx), assessment.tenant_size
    return MailHostRecord(
        mx_root=assessment.mx_root,
        hosts=tuple([at.host for at in hosts]) if hosts is not None else None,
        gateway=assessment.classification.gateway,
        estimated_size=size.size if size is not None else None,
    )


def _provider_of(assessment: Assessment) -> ProviderRecord:
    found, m365 = assessment.classification, assessment.classification.m365
    return ProviderRecord(
        local_provider=found.local_provider,
        mail_service=found.mail_service,
        confidence=found.confidence.value,
        m365_state=m365.state.value,
        m365_confidence=m365.confidence.value,
        m365_reasons=m365.reasons,
        facts=tuple([(fact.source, fact.value, str(fact.points_to)) for fact in found.evidence]),
    )


def _registration_of(before: RegistrationRecord, evidence: Evidence) -> RegistrationRecord:
    seen = evidence.registration
    status = _registry_status(seen)
    if status == SKIPPED:
        return before
    return RegistrationRecord(
        registrar=before.registrar if isinstance(seen.registrar, Unknown) else _value_of(seen.registrar),
        expires_at=before.expires_at if isinstance(seen.expires_at, Unknown) else _value_of(seen.expires_at),
        nameservers=before.nameservers if isinstance(seen.nameservers, Unknown) else _value_of(seen.nameservers),
        status=status,
        checked_at=evidence.collected_at,
    )


def _registry_status(seen: RegistrationEvidence) -> str:
    signals = (seen.registrar, seen.expires_at, seen.nameservers)
    failed = {signal.reason for signal in signals if isinstance(signal, Unknown)}
    if not all(isinstance(signal, Unknown) for signal in signals):
        return "success"
    return SKIPPED if failed == {NOT_ASKED.reason} else "failed"


def _score_of(assessment: Assessment, reason: str) -> ScoreRecord | None:
    score, segment, position = assessment.score, assessment.segment, assessment.commercial
    if score is None or segment is None:
        return None
    return ScoreRecord(
        points=score.points,
        segment=segment.value,
        priority=assessment.priority,
        reason=reason,
        reason_code=assessment.reason_code,
        reason_params=assessment.reason_params,
        technical_heat=position.technical_heat.value if position else None,
        commercial_segment=position.commercial_segment.value if position else None,
        commercial_heat=position.commercial_heat.value if position else None,
        priority_category=position.priority_category.value if position else None,
        priority_label=position.priority_label if position else None,
        rulebook_version=assessment.rulebook_version,
        signals_unknown=assessment.signals_unknown,
    )


def _states_of(evidence: Evidence) -> tuple[tuple[str, str, str], ...]:
    mail = evidence.mail
    named: tuple[tuple[str, Signal[Any]], ...] = (
        ("autodiscover_cname", mail.autodiscover_cname),
        ("autodiscover_srv", mail.autodiscover_srv),
        ("dkim", mail.dkim),
        ("dmarc", mail.dmarc),
        ("mx", mail.mx),
        ("ns", mail.ns),
        ("spf", mail.spf),
        ("tenant", evidence.microsoft.tenant),
    )
    return tuple([(name, word_of(at), "" if isinstance(at, Found) else at.reason) for name, at in named])


def _value_of(signal: Signal[T]) -> T | None:
    return signal.value if isinstance(signal, Found) else None
