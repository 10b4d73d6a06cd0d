"""Evidence: every signal of one domain name at one time, with the raw texts that prove them.

Collectors make it, the core judges it, storage keeps it. A signal that nobody looked up is `Unknown("not_asked")`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hunter.core.records.dkim import DKIMKey
from hunter.core.records.dmarc import DMARCPolicy
from hunter.core.records.mx import MXHost
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown


@dataclass(frozen=True, slots=True)
class DKIMTarget:
    """A selector whose name is a CNAME; kept even where the target does not exist."""

    #: The selector, for example `selector1`.
    selector: str
    #: Where the CNAME chain ends, lower case without the trailing dot.
    target: str


@dataclass(frozen=True, slots=True)
class MailEvidence:
    """What DNS says of a domain's mail."""

    #: Mail hosts, by preference and then name; `Absent("null_mx")` for RFC 7505.
    mx: Signal[tuple[MXHost, ...]] = NOT_ASKED
    #: The valid SPF policy; a broken one is `Absent` with its stable reason and raw text.
    spf: Signal[SPFPolicy] = NOT_ASKED
    #: Working DKIM keys.
    dkim: Signal[tuple[DKIMKey, ...]] = NOT_ASKED
    #: The DMARC policy that applies, wherever the tree walk found it.
    dmarc: Signal[DMARCPolicy] = NOT_ASKED
    #: Where the CNAME chain of `autodiscover.<domain>` ends.
    autodiscover_cname: Signal[str] = NOT_ASKED
    #: Target of the preferred `_autodiscover._tcp.<domain>` SRV record.
    autodiscover_srv: Signal[str] = NOT_ASKED
    #: CNAME targets of the DKIM selectors that were asked, dangling ones included.
    dkim_targets: Signal[tuple[DKIMTarget, ...]] = NOT_ASKED
    #: Name servers, sorted.
    ns: Signal[tuple[str, ...]] = NOT_ASKED
    #: Vendors whose ownership tokens stand in TXT: `microsoft`, `google`, `zoho` ... sorted.
    verifications: Signal[tuple[str, ...]] = NOT_ASKED


@dataclass(frozen=True, slots=True)
class RegistrationEvidence:
    """What the registry says of the registrable domain."""

    registrar: Signal[str] = NOT_ASKED
    #: Day on which the registration ends.
    expires_at: Signal[date] = NOT_ASKED
    #: Delegated name servers, sorted.
    nameservers: Signal[tuple[str, ...]] = NOT_ASKED
    #: States of the registration in the words of RFC 8056, sorted: `redemption period`, `client hold` ...
    statuses: Signal[tuple[str, ...]] = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Tenant:
    """A Microsoft tenant in which the domain is verified; it proves no mailbox."""

    tenant_id: str
    #: Home region of the directory as Microsoft names it: `WW`, `EU`, `USGov` ...
    region: str | None = None
    #: Part of that region: `GCC`, `DODCON`, `DOD`.
    sub_scope: str | None = None
    #: The cloud that keeps the tenant: `microsoftonline.com`, `microsoftonline.us`, `partner.microsoftonline.cn`.
    cloud: str | None = None
    #: The name that was asked about: the mail domain, or the registrable one above it.
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Realm:
    """How users of a domain sign in at Microsoft; it proves a verified domain and no mailbox."""

    #: `managed` where Microsoft checks the password, `federated` where the company's own service does.
    namespace_type: str
    #: Display name that the company gave itself; free text that may be out of date.
    brand: str | None = None
    #: Host of the company's sign-in service, where the realm is federated.
    sign_in_host: str | None = None
    #: True for a tenant that users made by themselves and nobody manages; None where the answer does not say.
    is_viral: bool | None = None


@dataclass(frozen=True, slots=True)
class MicrosoftEvidence:
    """What Microsoft's own public answers say of the domain."""

    #: `Absent` is the answer of one cloud only.
    tenant: Signal[Tenant] = NOT_ASKED
    #: Looked up on demand only.
    realm: Signal[Realm] = NOT_ASKED


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """What address files say of one IP address; None where no file says anything."""

    address: str
    #: Number and name of the network that announces it.
    asn: int | None = None
    asn_org: str | None = None
    isp: str | None = None
    #: Two-letter code, ISO 3166-1.
    country: str | None = None
    city: str | None = None
    #: Code of IP2Location: `DCH` data centre, `COM` commercial, `ISP`, `RES` residential, `MOB` mobile ...
    usage_type: str | None = None
    is_proxy: bool | None = None
    #: Code of IP2Proxy: `VPN`, `TOR`, `PUB` ...; data centres (`DCH`) are listed there and are no proxies.
    proxy_type: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkEvidence:
    """Where the hosts of the domain stand; who hosts mail and who hosts the web are two answers."""

    #: Facts about the address of the first MX host.
    mx: Signal[AddressFacts] = NOT_ASKED
    #: Facts about the address of the domain itself.
    web: Signal[AddressFacts] = NOT_ASKED


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was observed of one domain name at one time."""

    #: Canonical ASCII form of the name.
    domain: str
    #: When the look-ups were made; aware, UTC.
    collected_at: datetime
    mail: MailEvidence
    registration: RegistrationEvidence = RegistrationEvidence()
    microsoft: MicrosoftEvidence = MicrosoftEvidence()
    network: NetworkEvidence = NetworkEvidence()

    def __post_init__(self) -> None:
        if self.collected_at.tzinfo is None:
            raise ValueError("collected_at must be an aware time")


def whois_status_of(registration: RegistrationEvidence) -> str:
    """Return `success` where the registry answered, be it that there is no such name; `failed`, or `skipped`."""
    signals = (registration.registrar, registration.expires_at, registration.nameservers)
    if all(signal == NOT_ASKED for signal in signals):
        return "skipped"
    return "failed" if all(isinstance(signal, Unknown) for signal in signals) else "success"


def autodiscover_of(mail: MailEvidence) -> Signal[tuple[str, ...]]:
    """Join both autodiscover look-ups: found if one is, absent only if both are."""
    both = (mail.autodiscover_cname, mail.autodiscover_srv)
    targets = tuple(signal.value for signal in both if isinstance(signal, Found))
    if targets:
        return Found(targets, targets)
    failed = next((signal for signal in both if isinstance(signal, Unknown)), None)
    if failed is not None:
        return failed
    return mail.autodiscover_cname if isinstance(mail.autodiscover_cname, Absent) else Absent("nodata")
