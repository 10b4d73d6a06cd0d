"""The codes of a reason: why an assessment is what it is, and on which facts it rests. The words live in `sales`."""

from typing import Final

from hunter.core.judgement.facts import DKIMState, DMARCState, Facts, SPFState

#: Codes that a segment rule may bear; `no_rule` is the default of an operator's table with a gap.
SEGMENT_CODES: Final = ("existing", "migration", "cold_local", "cold_other", "skip", "no_rule")
#: Every `reason_code`: one per segment rule, one per hard fail, one for MX unknown.
REASON_CODES: Final = (*SEGMENT_CODES, "invalid_domain", "mx_missing", "mx_unknown")
#: Every code that the reason parameter `facts` may name, the most telling for a salesperson first: a gap in the
#: company's mail security opens a call, a policy in force tells how far it is, a working record comes last.
FACT_CODES: Final = (
    "no_dkim",
    "broken_spf",
    "no_spf",
    "dmarc_none",
    "dmarc_testing",
    "dmarc_reject",
    "dmarc_quarantine",
    "no_dmarc",
    "spf_multiple_includes",
    "dkim",
    "spf",
)
#: Every key of `reason_params`, in their order: `provider` (wire value), `score` (int), `facts` (one or two of
#: `FACT_CODES`) and `unknown` (names of signals), both joined by commas, `brand` (local provider or mail service),
#: `gateway` (id), `provider_reason` (why the provider is Unknown), `mx` (reason of the MX signal where there is
#: none to go by), `domain` (the text that is no domain name). A key that does not apply is left out.
REASON_PARAMS: Final = ("provider", "score", "facts", "unknown", "brand", "gateway", "provider_reason", "mx", "domain")

#: How many facts a reason names.
_NAMED_FACTS: Final = 2
_SPF_FACTS: Final = {
    SPFState.FOUND: "spf",
    SPFState.CROWDED: "spf_multiple_includes",
    SPFState.ABSENT: "no_spf",
    SPFState.BROKEN: "broken_spf",
}
_DKIM_FACTS: Final = {DKIMState.FOUND: "dkim", DKIMState.ABSENT: "no_dkim"}
_DMARC_FACTS: Final = {
    DMARCState.ABSENT: "no_dmarc",
    DMARCState.NONE: "dmarc_none",
    DMARCState.NONE_TESTING: "dmarc_none",
    DMARCState.QUARANTINE: "dmarc_quarantine",
    DMARCState.QUARANTINE_TESTING: "dmarc_testing",
    DMARCState.REJECT: "dmarc_reject",
    DMARCState.REJECT_TESTING: "dmarc_testing",
}


def strongest_facts(facts: Facts) -> tuple[str, ...]:
    """Return the one or two facts that a reason names, strongest first; what is unknown is no fact."""
    known = (_SPF_FACTS.get(facts.spf), _DKIM_FACTS.get(facts.dkim), _DMARC_FACTS.get(facts.dmarc))
    return tuple(code for code in FACT_CODES if code in known)[:_NAMED_FACTS]
