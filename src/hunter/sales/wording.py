"""Every sales phrase, by code: the only door from codes to words.

In: codes of an assessment and a catalogue of phrases. Out: text. Keys read `group.code`; a variable is never followed
by a Turkish suffix, so that no name has to be inflected. Sentences live in `locale/`, not here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from hunter.core.provider.classification import Classification, ProviderFact
from hunter.core.provider.providers import M365State, Provider
from hunter.core.provider.signatures import Signatures

#: What `ProviderFact.points_to` says of the domain's own name, and of a name that nobody knows.
OWN: Final = "own"
OTHER: Final = "other"
#: Providers that receive or send for others; whose boxes they are cannot be seen.
RELAYS: Final = frozenset((Provider.AMAZON, Provider.SENDGRID, Provider.MAILGUN))


class Catalogue(Protocol):
    """Translated phrases by key: what `gettext.GNUTranslations` offers."""

    def gettext(self, message: str, /) -> str:
        """Return the phrase of a key, or the key itself when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """A catalogue together with the signature data, which know the brands that no language translates."""

    catalogue: Catalogue
    signatures: Signatures

    def say(self, key: str, values: Mapping[str, str | int] | None = None) -> str:
        """Return the phrase of a key with its values filled in; braces in a value stay what they are."""
        phrase = self.catalogue.gettext(key)
        return phrase.format_map(values) if values else phrase

    def number(self, value: int) -> str:
        """Return a whole number with its thousands set apart."""
        return f"{value:,}".replace(",", self.say("format.thousands"))

    def decimal(self, value: float) -> str:
        """Return a number with one decimal place."""
        return f"{value:.1f}".replace(".", self.say("format.decimal"))

    def gateway(self, classification: Classification) -> str:
        """Return the name under which people know the gateway in front; "" where none is seen."""
        for fact in classification.evidence:
            if fact.source == "mx" and fact.points_to == classification.gateway:
                owner = self.signatures.mail_hosts.find(fact.value)
                return owner.name if owner is not None else fact.points_to
        return classification.gateway or ""

    def tag(self, tag: str) -> str:
        """Return a tag's name; an operator's own tag stands for itself."""
        key = f"tag.{tag}"
        phrase = self.catalogue.gettext(key)
        return tag if phrase == key else phrase

    def listed(self, group: str, codes: Sequence[str]) -> str:
        """Return the phrases of several codes of one group, joined by commas."""
        return ", ".join(self.say(f"{group}.{code}") for code in codes)

    def date(self, day: date) -> str:
        """Return a day as people of the language write it."""
        parts = {"day": f"{day.day:02}", "month": f"{day.month:02}", "year": str(day.year)}
        return self.say("format.date", parts)


def provider_name(wording: Wording, classification: Classification, mx_root: str | None) -> str:
    """Name who keeps the mailboxes in a few words; never "own server" for a named service or host."""
    brand = brand_of(classification)
    if brand:
        return brand
    match classification.provider:
        case Provider.LOCAL:
            return wording.say("provider.own_server") if is_own_server(classification) else _unlisted(wording, mx_root)
        case Provider.UNKNOWN:
            return wording.say(f"provider.{classification.reason}")
        case provider:
            return wording.say(f"provider.{provider}")


def provider_sentence(wording: Wording, classification: Classification, mx_root: str | None) -> str:
    """Say who keeps the mailboxes as a main clause without its full stop, and who filters in front of them."""
    clause = _provider_clause(wording, classification, mx_root)
    if classification.gateway is None or classification.provider is Provider.UNKNOWN:
        return clause
    return wording.say("uses.behind", {"uses": clause, "gateway": wording.gateway(classification)})


def brand_of(classification: Classification) -> str | None:
    """Return the brand under which people know the service or host, if the evidence names one."""
    named = classification.mail_service or classification.local_provider
    if named or classification.provider is not Provider.HOSTING:
        return named
    return next((fact.points_to for fact in classification.evidence if _names_host(fact, classification)), None)


def is_own_server(classification: Classification) -> bool:
    """True where a fact shows mail at the domain's own name and no brand is known."""
    return (
        classification.provider is Provider.LOCAL
        and brand_of(classification) is None
        and any(fact.points_to == OWN for fact in classification.evidence)
    )


def _names_host(fact: ProviderFact, classification: Classification) -> bool:
    """True for a fact that shows mail at a named hosting company, and not at the gateway in front of it."""
    others = (OWN, OTHER, classification.gateway, *Provider)
    return fact.source in ("mx", "autodiscover", "network") and fact.points_to not in others


def _provider_clause(wording: Wording, classification: Classification, mx_root: str | None) -> str:
    provider = classification.provider
    if provider is Provider.UNKNOWN:
        return wording.say(f"uses.{classification.reason}", {"gateway": wording.gateway(classification)})
    if provider is Provider.M365:
        return wording.say("uses.M365_likely" if classification.m365.state is M365State.LIKELY else "uses.M365")
    if classification.mail_service:
        return wording.say("uses.service", {"brand": classification.mail_service})
    if provider is Provider.HOSTING:
        brand = brand_of(classification)
        return wording.say("uses.hosting_at", {"brand": brand}) if brand else wording.say("uses.Hosting")
    if provider is not Provider.LOCAL:
        return wording.say(f"uses.{provider}")
    if classification.local_provider:
        return wording.say("uses.local_host", {"brand": classification.local_provider})
    if is_own_server(classification):
        return wording.say("uses.own_server")
    return wording.say("uses.unlisted_at", {"host": mx_root}) if mx_root else wording.say("uses.Local")


def _unlisted(wording: Wording, mx_root: str | None) -> str:
    return mx_root or wording.say("provider.Local")
