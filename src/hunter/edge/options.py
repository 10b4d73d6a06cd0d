"""What the edge is told by settings: who is answered, under which names, with which keys. Plain values."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from hunter.core.errors import InvalidInput
from hunter.edge.access import DEFAULT_NETWORKS, AccessPolicy, access_policy

#: Bodies of JSON routes; files have a route and a limit of their own.
BODY_BYTES: Final = 1_000_000
_PORTS: Final = {"http": ":80", "https": ":443"}
_ANY_ADDRESS: Final = frozenset({"", "0.0.0.0", "::"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOptions:
    """Everything that stands between a client and a route."""

    #: Made at first start or given; without one nobody is admin.
    admin_token: str = field(repr=False)
    #: Signs cookies.
    secret_key: bytes = field(repr=False)
    #: Address that the server is bound to; its name is allowed.
    bound_host: str = "127.0.0.1"
    #: Address in links; its host is allowed, and cookies are for TLS only where it is https.
    public_url: str | None = None
    allowed_networks: tuple[str, ...] = DEFAULT_NETWORKS
    #: Further names; those of this machine, the bound address and the public one need not be told.
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    identity_header: str | None = None
    #: In production `/docs` needs the admin token.
    is_production: bool = False
    most_body_bytes: int = BODY_BYTES
    #: Where a browser that asks for `/` is led.
    pages_path: str = "/docs"

    @property
    def is_public_url_secure(self) -> bool:
        """Whether clients reach us by TLS."""
        return self.public_url is not None and urlsplit(self.public_url).scheme == "https"

    def access_policy(self) -> AccessPolicy:
        """Return who is answered; raises `InvalidInput` for what is no network or address."""
        hosts = {*self.allowed_hosts, self._public_host()}
        if self.bound_host not in _ANY_ADDRESS:
            hosts.add(self.bound_host)
        return access_policy(
            networks=self.allowed_networks,
            hosts=hosts,
            trusted_proxies=self.trusted_proxies,
            public_authority=self._public_authority(),
            identity_header=self.identity_header,
        )

    def _public_authority(self) -> str | None:
        """Return host and port as browsers write them in `Origin`: without the port that the scheme has anyway."""
        if self.public_url is None:
            return None
        parts = urlsplit(self.public_url)
        authority = parts.netloc.rpartition("@")[2]
        return authority.removesuffix(_PORTS.get(parts.scheme, ""))

    def _public_host(self) -> str:
        if self.public_url is None:
            return ""
        parts = urlsplit(self.public_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInput(f"{self.public_url!r} is no address: write http://HOST or https://HOST")
        return parts.hostname
