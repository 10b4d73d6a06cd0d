"""What the generated world is made of: mail set-ups and shares, read from `generated_world.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

#: The selectors under which a generated domain may publish a key that can be guessed.
DKIM_SELECTORS: Final = (
    "selector1", "selector2", "google", "default", "mail", "dkim", "s1", "s2", "k1", "k2",
    "k3", "mx", "x", "zoho", "zmail", "mandrill", "pm", "smtp", "key1", "s1024",
    "protonmail", "fm1", "sig1", "MBO0001", "hostingermail1", "s1-ionos", "titan1", "mailru", "ntr", "privateemail",
)  # fmt: skip


class SPFKind(StrEnum):
    """What a domain's SPF looks like."""

    PLAIN = "plain"
    WITH_SENDER = "with_sender"
    MANY_INCLUDES = "many_includes"
    REDIRECT = "redirect"
    LEFT_OVER_OUTLOOK = "left_over_outlook"
    NONE = "none"
    PLUS_ALL = "plus_all"
    MULTIPLE = "multiple"
    SYNTAX = "syntax"
    LOOP = "loop"
    MISSING_TARGET = "missing_target"
    LIMIT = "limit"


class DMARCKind(StrEnum):
    """What stands at `_dmarc.<domain>`."""

    ABSENT = "absent"
    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    QUARANTINE_PCT = "quarantine_pct"
    REJECT_PCT = "reject_pct"
    REJECT_SP_NONE = "reject_sp_none"
    REJECT_TESTING = "reject_testing"
    QUARANTINE_TESTING = "quarantine_testing"
    ALIAS = "alias"
    MULTIPLE = "multiple"
    NO_P_WITH_RUA = "no_p_with_rua"
    NO_P = "no_p"
    OTHER_TEXT = "other_text"


class DKIMKind(StrEnum):
    """What stands under `_domainkey.<domain>`, and how honest its name server is."""

    #: The keys that the mail set-up publishes.
    USUAL = "usual"
    #: The usual aliases, pointing at a tenant that is gone.
    DANGLING = "dangling"
    #: One key under a selector of the list.
    LISTED = "listed"
    #: One key under a selector that nobody guesses.
    UNLISTED = "unlisted"
    NONE = "none"
    #: No key, yet `_domainkey` exists because something else lies below it.
    NONE_BUT_ENT = "none_but_ent"
    REVOKED = "revoked"
    #: The same key under every selector.
    WILDCARD_KEY = "wildcard_key"
    #: No key; every name below the domain is an alias of its web host.
    WILDCARD_ZONE = "wildcard_zone"
    #: No key; every name below the domain has the same text.
    WILDCARD_TEXT = "wildcard_text"
    #: The usual keys, a key of the list, no key: under a server that denies empty non-terminals.
    LYING_USUAL = "lying_usual"
    LYING_LISTED = "lying_listed"
    LYING_NONE = "lying_none"


class DKIMMix(StrEnum):
    """How common odd selectors, wildcards and lies are."""

    USUAL = "usual"
    #: Two to four times as common.
    HARD = "hard"


class TextKind(StrEnum):
    """Which other texts stand beside SPF."""

    NO_TOKEN = "no_token"
    GOOGLE_TOKEN = "google_token"
    TENANT_TOKEN = "tenant_token"
    MANY_TOKENS = "many_tokens"
    #: Too much for one UDP answer.
    HUGE = "huge"


class NameServerKind(StrEnum):
    """Who serves the domain's zone."""

    NATRO = "natro"
    CLOUDFLARE = "cloudflare"
    OWN = "own"


@dataclass(frozen=True, slots=True, eq=False)
class MailSetup:
    """One way in which a company receives mail; texts hold the placeholders of the file."""

    code: str
    #: Domains per mille that have it.
    share: int
    #: Who keeps the mailboxes, as the wire says it.
    provider: str
    gateway: str | None
    local_provider: str | None
    mail_service: str | None
    #: `preference host`, best first; empty without MX, `0 .` for the null MX.
    mx: tuple[str, ...]
    #: SPF mechanisms of its own.
    spf: str
    autodiscover: str | None
    autodiscover_srv: str | None
    #: selector -> `key`, `key1024` or `cname:TARGET`.
    dkim: Mapping[str, str]

    @property
    def takes_mail(self) -> bool:
        """Whether there is a mail host at all."""
        return bool(self.mx) and self.mx != ("0 .",)

    @property
    def is_signed_by_microsoft(self) -> bool:
        """Whether its DKIM names point at a Microsoft tenant."""
        return any("onmicrosoft.com" in target for target in self.dkim.values())


@dataclass(frozen=True, slots=True)
class GeneratedFacts:
    """Everything the file says. Shares are per mille and sum to 1000."""

    mail: tuple[MailSetup, ...]
    spf: Mapping[SPFKind, int]
    dmarc: Mapping[DMARCKind, int]
    dkim_microsoft: Mapping[DKIMKind, int]
    dkim: Mapping[DKIMKind, int]
    texts: Mapping[TextKind, int]
    name_servers: Mapping[NameServerKind, int]


@lru_cache(maxsize=len(DKIMMix))
def load_facts(mix: DKIMMix = DKIMMix.USUAL) -> GeneratedFacts:
    """Read the file that comes with the lab."""
    text = files("hunter.lab.world_sources").joinpath("generated_world.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    shares = content["shares"]
    dkim = {DKIMMix.USUAL: "dkim", DKIMMix.HARD: "dkim_hard"}[mix]
    return GeneratedFacts(
        mail=tuple(_mail_setup(entry) for entry in content["mail"]),
        spf={SPFKind(kind): share for kind, share in shares["spf"].items()},
        dmarc={DMARCKind(kind): share for kind, share in shares["dmarc"].items()},
        dkim_microsoft={DKIMKind(kind): share for kind, share in shares[f"{dkim}_microsoft"].items()},
        dkim={DKIMKind(kind): share for kind, share in shares[dkim].items()},
        texts={TextKind(kind): share for kind, share in shares["texts"].items()},
        name_servers={NameServerKind(kind): share for kind, share in shares["name_servers"].items()},
    )


def _mail_setup(entry: dict[str, Any]) -> MailSetup:
    return MailSetup(
        code=entry["code"],
        share=entry["share"],
        provider=entry["provider"],
        gateway=entry.get("gateway"),
        local_provider=entry.get("local_provider"),
        mail_service=entry.get("mail_service"),
        mx=tuple(entry.get("mx", ())),
        spf=entry.get("spf", ""),
        autodiscover=entry.get("autodiscover"),
        autodiscover_srv=entry.get("autodiscover_srv"),
        dkim=dict(entry.get("dkim", {})),
    )
