"""Inquiry: what to ask about one domain, batch by batch, and the evidence that the answers make. No I/O.

First what every domain has: MX, TXT, `_dmarc`, NS, the autodiscover alias. Then, with a guess of the provider, DKIM
selectors, the autodiscover service record where there is no alias, and the names that SPF and DMARC refer to. Each
batch is asked only for what the ones before left open.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

from hunter.collectors.mail import readings, wire
from hunter.collectors.mail.answer import UNKNOWN, Answer
from hunter.collectors.mail.dkim_plan import DOMAINKEY, DKIMPlan
from hunter.core.evidence import MailEvidence
from hunter.core.records.dmarc import DMARCWalk
from hunter.core.records.spf import SPFWalk
from hunter.core.records.verifications import verification_vendors
from hunter.core.selectors import guess_selectors
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown
from hunter.core.signatures import Signatures

_MX: Final = wire.encode_type(wire.MX)
_TXT: Final = wire.encode_type(wire.TXT)
_NS: Final = wire.encode_type(wire.NS)
_CNAME: Final = wire.encode_type(wire.CNAME)
_SRV: Final = wire.encode_type(wire.SRV)


def encode_label(text: str) -> bytes:
    """Encode one label of a name, lower case as the resolver wants it."""
    return bytes((len(text),)) + text.lower().encode("ascii")


_DMARC: Final = encode_label("_dmarc")
_AUTODISCOVER: Final = encode_label("autodiscover")
_SERVICE: Final = encode_label("_autodiscover") + encode_label("_tcp")
_DOMAINKEY: Final = encode_label(DOMAINKEY)
#: Longest encoded name below which the longest name that is asked, that of the wildcard probe, still fits (255 bytes).
_LONGEST_NAME: Final = 255 - len(_DOMAINKEY) - 1 - 17


class Inquiry:
    """One domain from the first question to its evidence."""

    def __init__(self, domain: str, signatures: Signatures) -> None:
        """Raise ValueError where a name below the domain would be longer than a name may be."""
        self._domain = domain
        self._signatures = signatures
        self._name = wire.encode_name(domain)
        if len(self._name) > _LONGEST_NAME:
            raise ValueError(f"names below it would be too long: {domain!r}")
        self._service: Signal[str] = NOT_ASKED
        self._asks_service = False

    def first_questions(self) -> tuple[bytes, ...]:
        """Return the encoded questions of the first batch; all names lie in the domain's zone."""
        name = self._name
        return (name + _MX, name + _TXT, _DMARC + name + _TXT, name + _NS, _AUTODISCOVER + name + _CNAME)

    def receive_first(self, answers: Sequence[Answer]) -> MailEvidence | None:
        """Take in the first batch, in the order asked; returns the evidence where nothing is left to ask."""
        mx, txt, dmarc, ns, autodiscover = answers
        if all(answer.state == UNKNOWN for answer in answers):
            return all_unknown(mx.reason)
        if all(answer.reason == "nxdomain" and not answer.chain for answer in answers):
            return _NOTHING_THERE
        self._mx = readings.hosts_by_preference(mx)
        self._ns = readings.names(ns)
        self._autodiscover = readings.alias(autodiscover)
        self._asks_service = not isinstance(self._autodiscover, Found)
        texts = readings.answer_texts(txt)
        self._verifications = _verifications(texts)
        self._spf = SPFWalk(self._domain, texts, mx_is_absent=self._mx == _NO_DATA)
        self._dmarc = DMARCWalk(self._domain, readings.answer_texts(dmarc))
        self._dkim = self._plan_dkim(texts)
        self._spf_names = self._spf.pending()
        self._dmarc_names = self._dmarc.pending()
        return None

    def _plan_dkim(self, texts: Signal[tuple[str, ...]]) -> DKIMPlan:
        guesses = guess_selectors(
            self._signatures,
            self._mx,
            spf_texts=texts.value if isinstance(texts, Found) else (),
            autodiscover=(self._autodiscover.value,) if isinstance(self._autodiscover, Found) else (),
            verifications=self._verifications.value if isinstance(self._verifications, Found) else (),
        )
        return DKIMPlan(guesses, self._signatures.selectors)

    def questions(self) -> list[bytes]:
        """Return the encoded questions below the domain to ask now; none when that side is done."""
        name = self._name
        pending = [(encode_label(label) if label else b"") + _DOMAINKEY + name + _TXT for label in self._dkim.pending()]
        if self._asks_service:
            pending.append(_SERVICE + name + _SRV)
        return pending

    def receive(self, answers: Sequence[Answer]) -> None:
        """Take in the answers to `questions()`, in the same order."""
        if self._asks_service:
            self._asks_service = False
            self._service = readings.service_host(answers[-1])
            answers = answers[:-1]
        if answers:
            self._dkim.receive(answers)

    def names(self) -> tuple[str, ...]:
        """Return the names whose texts SPF and DMARC want to see now; they may belong to others and be kept."""
        return self._spf_names + self._dmarc_names

    def receive_texts(self, name: str, texts: Signal[tuple[str, ...]]) -> None:
        """Take in the texts at one of `names()`."""
        if name in self._spf_names:
            self._spf.receive(name, texts)
            self._spf_names = self._spf.pending()
        else:
            self._dmarc.receive(name, texts)
            self._dmarc_names = self._dmarc.pending()

    def evidence(self) -> MailEvidence:
        """Return what was found; call it when nothing is left to ask."""
        return MailEvidence(
            mx=self._mx,
            spf=self._spf.signal(),
            dkim=self._dkim.keys(),
            dmarc=self._dmarc.signal(),
            autodiscover_cname=self._autodiscover,
            autodiscover_srv=self._service,
            dkim_targets=self._dkim.targets(),
            ns=self._ns,
            verifications=self._verifications,
        )


def _verifications(texts: Signal[tuple[str, ...]]) -> Signal[tuple[str, ...]]:
    if not isinstance(texts, Found):
        return texts
    vendors = verification_vendors(texts.value)
    return Found(vendors) if vendors else _NO_DATA


_NO_DATA: Final = Absent("nodata")
_NO_NAME: Final = Absent("nxdomain")
_SIGNAL_COUNT: Final = len(fields(MailEvidence))
#: Evidence of a name that does not exist: nothing exists below it either (RFC 8020).
_NOTHING_THERE: Final = MailEvidence(*[_NO_NAME] * _SIGNAL_COUNT)


def all_unknown(reason: str) -> MailEvidence:
    """Return the evidence of a domain of which nothing could be learned."""
    return MailEvidence(*[Unknown(reason)] * _SIGNAL_COUNT)
