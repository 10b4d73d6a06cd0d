"""Assessment: the door of the core. An evidence and a rulebook walk in, everything judged from them walks out.

No clock and no network: the same evidence under the same rulebook at the same time is judged alike for ever.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.judgement.commercial import CommercialPosition
from hunter.core.judgement.expiry import Expiry
from hunter.core.judgement.facts import Standing, facts_of
from hunter.core.judgement.scoring import Score
from hunter.core.judgement.segmentation import Segment
from hunter.core.judgement.tags import TagRules
from hunter.core.judgement.verdict import Verdict
from hunter.core.names.domain_name import is_valid_domain
from hunter.core.provider.classification import Classification, classify, mx_root
from hunter.core.provider.hosting_network import sharpened
from hunter.core.provider.providers import Provider
from hunter.core.provider.tenant_size import TenantSize, estimate_tenant_size
from hunter.core.rulebook import Rulebook
from hunter.core.signals import Found, Unknown

#: `scan_status` by the reason code, where the DNS answers were of no use; everywhere else it is `completed`.
_UNUSABLE: Final = {
    Standing.MX_UNKNOWN.value: "dns_timeout",
    Standing.INVALID_DOMAIN.value: "invalid_domain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything judged from one evidence under one rulebook."""

    domain: str
    #: When it was judged; aware, UTC.
    as_of: datetime
    #: `completed`, `dns_timeout` (MX unknown) or `invalid_domain`.
    scan_status: str
    classification: Classification
    #: Registrable domain of the first mail host.
    mx_root: str | None
    tenant_size: TenantSize | None
    #: The readiness score; None when MX is unknown, as are the next four.
    score: Score | None
    segment: Segment | None
    #: Code of the segment rule, or of the hard fail, that decided.
    segment_rule: str | None
    #: 1 (call first) to 7.
    priority: int | None
    commercial: CommercialPosition | None
    #: Days from the day of `as_of` to the end of the registration, negative after it; None where it is not known.
    expires_in_days: int | None
    #: How near that end is, by the rulebook.
    expiry: Expiry | None
    #: Automatic tags that hold, sorted.
    tags: tuple[str, ...]
    #: Automatic tags of which this look cannot say whether they hold, sorted.
    tags_undecided: tuple[str, ...]
    #: Automatic tags that do not hold, sorted; with the two above all that the rulebook knows.
    tags_absent: tuple[str, ...]
    #: What could not be read: of mx, spf, dkim, dmarc, autodiscover, ns, in this order.
    signals_unknown: tuple[str, ...]
    #: One of `reason_codes.REASON_CODES`; equals `segment_rule` where there is one.
    reason_code: str
    #: Pairs of a key of `reason_codes.REASON_PARAMS` and its value; a key that does not apply is left out.
    reason_params: tuple[tuple[str, str | int], ...]
    rulebook_version: str


def assess(evidence: Evidence, rulebook: Rulebook, as_of: datetime) -> Assessment:
    """Judge one evidence.

    `as_of` is aware, and its own zone says which day it is: days until an expiry are counted from there.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of must be an aware time")
    mail = evidence.mail
    classification = sharpened(classify(evidence, rulebook.signatures), evidence.network, rulebook.networks)
    provider = classification.provider
    verdict = judge(provider, mail, rulebook, is_valid=is_valid_domain(evidence.domain))
    expires_at = evidence.registration.expires_at
    expires_in_days = (expires_at.value - as_of.date()).days if isinstance(expires_at, Found) else None
    expiry = rulebook.rules.expiry.state_of(expires_in_days) if expires_in_days is not None else None
    tags, undecided, absent = _tags(verdict, rulebook.rules.tags, expiry, is_known=not isinstance(expires_at, Unknown))
    unknown = signals_unknown(mail)
    has_hosts = isinstance(mail.mx, Found)
    return Assessment(
        domain=evidence.domain,
        as_of=as_of.astimezone(UTC),
        scan_status=_UNUSABLE.get(verdict.reason_code, "completed"),
        classification=classification,
        mx_root=mx_root(mail, rulebook.signatures.suffixes) if has_hosts else None,
        tenant_size=estimate_tenant_size(rulebook.rules.sizes, mail, provider) if has_hosts else None,
        score=verdict.score,
        segment=verdict.segment,
        segment_rule=verdict.segment_rule,
        priority=verdict.priority,
        commercial=verdict.commercial,
        expires_in_days=expires_in_days,
        expiry=expiry,
        tags=tags,
        tags_undecided=undecided,
        tags_absent=absent,
        signals_unknown=unknown,
        reason_code=verdict.reason_code,
        reason_params=_reason_params(verdict, evidence, classification, unknown),
        rulebook_version=rulebook.version,
    )


def judge(provider: Provider, mail: MailEvidence, rulebook: Rulebook, *, is_valid: bool = True) -> Verdict:
    """Judge a mail evidence whose provider is known: score, segment, priority and commercial view end to end."""
    facts = facts_of(provider, mail, is_valid=is_valid, crowded_above=rulebook.rules.scoring.crowded_above)
    return rulebook.verdicts[facts]


def _tags(
    verdict: Verdict, rules: TagRules, expiry: Expiry | None, *, is_known: bool
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the tags that hold, those of which this cannot be said, and those that do not hold.

    `is_known` is false where the end of the registration could not be learned; a name that nobody has registered has
    none.
    """
    if not is_known:
        return verdict.tags, _joined(verdict.tags_undecided, rules.dated_names), verdict.tags_absent
    dated = rules.dated[expiry] if expiry is not None else ()
    tags = _joined(verdict.tags, dated) if dated else verdict.tags
    return tags, verdict.tags_undecided, _joined(verdict.tags_absent, rules.dated_names, without=dated)


@lru_cache(maxsize=1024)
def _joined(some: tuple[str, ...], more: tuple[str, ...], *, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return tags sorted; a few hundred combinations stand for all domains."""
    return tuple(sorted((*some, *(tag for tag in more if tag not in without))))


def signals_unknown(mail: MailEvidence) -> tuple[str, ...]:
    """Return the wire names of the mail signals that could not be read.

    A signal that carries points is named also when it was never asked, because the score lacks it; autodiscover and
    name servers are named when somebody asked in vain. A failed look-up of DKIM targets is a failed DKIM look-up.
    """
    names: list[str] = []
    if isinstance(mail.mx, Unknown):
        names.append("mx")
    if isinstance(mail.spf, Unknown):
        names.append("spf")
    if isinstance(mail.dkim, Unknown) or (_was_in_vain(mail.dkim_targets) and not isinstance(mail.dkim, Found)):
        names.append("dkim")
    if isinstance(mail.dmarc, Unknown):
        names.append("dmarc")
    cname, srv = mail.autodiscover_cname, mail.autodiscover_srv
    if (_was_in_vain(cname) or _was_in_vain(srv)) and not isinstance(cname, Found) and not isinstance(srv, Found):
        names.append("autodiscover")
    if _was_in_vain(mail.ns):
        names.append("ns")
    return tuple(names)


def _was_in_vain(signal: object) -> bool:
    return isinstance(signal, Unknown) and signal.reason != "not_asked"


def _reason_params(
    verdict: Verdict, evidence: Evidence, classification: Classification, unknown: tuple[str, ...]
) -> tuple[tuple[str, str | int], ...]:
    """Add to the parameters of the verdict what hangs on this one domain."""
    params = verdict.reason_params
    if unknown:
        params += (("unknown", ",".join(unknown)),)
    brand = classification.local_provider or classification.mail_service
    if brand is not None:
        params += (("brand", brand),)
    if classification.gateway is not None:
        params += (("gateway", classification.gateway),)
    if classification.reason is not None:
        params += (("provider_reason", classification.reason),)
    if verdict.reason_code == Standing.INVALID_DOMAIN:
        params += (("domain", evidence.domain),)
    elif not isinstance(evidence.mail.mx, Found):
        params += (("mx", evidence.mail.mx.reason),)
    return params
