"""Facts: the little of an evidence that the rules may ask about, as words from closed vocabularies.

In: the provider and the mail signals. Out: `Facts`, a small hashable key, so that each different case is judged
once. Unknown stays a word of its own here, and no rule can name it.
"""

from collections.abc import Hashable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from hunter.core.evidence import MailEvidence
from hunter.core.provider.providers import Provider
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import Absent, Found, Signal, Unknown


class Standing(StrEnum):
    """May the domain be scored, or what stops it?"""

    SCORED = "scored"
    #: Hard fail 1: the name is no domain name.
    INVALID_DOMAIN = "invalid_domain"
    #: Hard fail 2: DNS says that nobody takes mail for the name.
    MX_MISSING = "mx_missing"
    #: No hard fail and no score: nobody knows whether mail is taken.
    MX_UNKNOWN = "mx_unknown"


class SPFState(StrEnum):
    """What is known of SPF."""

    FOUND = "found"
    #: Found, with more direct includes than the rulebook bears.
    CROWDED = "crowded"
    ABSENT = "absent"
    #: A record is there and protects nobody; the rules see it as absent.
    BROKEN = "broken"
    UNKNOWN = "unknown"


class DKIMState(StrEnum):
    """What is known of DKIM."""

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class DMARCState(StrEnum):
    """The DMARC policy that applies, and whether it is only tried out (`t=y`, RFC 9989)."""

    ABSENT = "absent"
    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    NONE_TESTING = "none_testing"
    QUARANTINE_TESTING = "quarantine_testing"
    REJECT_TESTING = "reject_testing"
    UNKNOWN = "unknown"


class Facts(NamedTuple):
    """One case to judge: equal facts have equal verdicts."""

    standing: Standing
    provider: Provider
    spf: SPFState
    dkim: DKIMState
    dmarc: DMARCState

    def values(self, dmarc: DMARCState) -> dict[str, Hashable]:
        """Return what conditions may look at, with the DMARC policy as the caller counts it (`t=y`)."""
        spf = SPFState.ABSENT if self.spf is SPFState.BROKEN else self.spf
        return {"provider": self.provider, "spf": spf, "dkim": self.dkim, "dmarc": dmarc}


#: The words by which rules may ask for a signal. Unknown is missing on purpose, broken SPF counts as absent, and
#: what `t=y` makes of a policy is settled before a rule sees it.
ASKABLE: Final[Mapping[str, Mapping[str, Hashable]]] = {
    "spf": {state.value: state for state in (SPFState.FOUND, SPFState.CROWDED, SPFState.ABSENT)},
    "dkim": {state.value: state for state in (DKIMState.FOUND, DKIMState.ABSENT)},
    "dmarc": {
        state.value: state for state in (DMARCState.ABSENT, DMARCState.NONE, DMARCState.QUARANTINE, DMARCState.REJECT)
    },
}
PROVIDERS: Final[Mapping[str, Provider]] = {provider.value: provider for provider in Provider}

#: Reasons of `Absent` that say "there is no record"; every other one says that the record is void.
_NO_RECORD: Final = frozenset(("nodata", "nxdomain"))
_DMARC_STATES: Final = {
    (policy, is_testing): DMARCState(f"{policy}_testing" if is_testing else policy)
    for policy in ("none", "quarantine", "reject")
    for is_testing in (False, True)
}


def facts_of(provider: Provider, mail: MailEvidence, *, is_valid: bool, crowded_above: int) -> Facts:
    """Reduce a mail evidence to its facts; SPF is crowded with more than `crowded_above` direct includes."""
    if not is_valid:
        standing = Standing.INVALID_DOMAIN
    elif isinstance(mail.mx, Found):
        standing = Standing.SCORED
    else:
        standing = Standing.MX_MISSING if isinstance(mail.mx, Absent) else Standing.MX_UNKNOWN
    dkim = mail.dkim
    if isinstance(dkim, Found):
        dkim_state = DKIMState.FOUND
    else:
        dkim_state = DKIMState.ABSENT if isinstance(dkim, Absent) else DKIMState.UNKNOWN
    return Facts(standing, provider, _spf_state(mail.spf, crowded_above), dkim_state, _dmarc_state(mail.dmarc))


def _spf_state(spf: Signal[SPFPolicy], crowded_above: int) -> SPFState:
    if isinstance(spf, Found):
        return SPFState.CROWDED if len(spf.value.includes) > crowded_above else SPFState.FOUND
    if isinstance(spf, Unknown):
        return SPFState.UNKNOWN
    return SPFState.ABSENT if spf.reason in _NO_RECORD else SPFState.BROKEN


def _dmarc_state(dmarc: Signal[DMARCPolicy]) -> DMARCState:
    if isinstance(dmarc, Found):
        return _DMARC_STATES[dmarc.value.policy, dmarc.value.is_testing]
    return DMARCState.ABSENT if isinstance(dmarc, Absent) else DMARCState.UNKNOWN
