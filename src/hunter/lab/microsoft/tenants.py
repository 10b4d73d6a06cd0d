"""The tenants that the simulator of Microsoft's sign-in service knows: invented companies, as data.

In: a TOML text. Out: a `TenantWorld`, checked; a mistake names the tenant and the field.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_DNS, uuid5

from hunter.lab.errors import WorldFileError

_DEMO: Final = Path(__file__).with_name("demo_tenants.toml")
#: The cloud for which the simulator answers.
WORLDWIDE: Final = "microsoftonline.com"
CLOUDS: Final = (WORLDWIDE, "microsoftonline.us", "partner.microsoftonline.cn")
_FIELDS: Final = ("name", "domains", "region", "sub_scope", "cloud", "realm", "sign_in_host", "is_viral", "is_visible")


class RealmKind(StrEnum):
    """Who checks the passwords of a tenant's users."""

    MANAGED = "Managed"
    FEDERATED = "Federated"


@dataclass(frozen=True, slots=True)
class SimulatedTenant:
    """One tenant, with every domain that is verified in it."""

    name: str
    domains: tuple[str, ...]
    region: str = "EU"
    sub_scope: str | None = None
    cloud: str = WORLDWIDE
    realm: RealmKind = RealmKind.MANAGED
    sign_in_host: str | None = None
    is_viral: bool = False
    #: False for a tenant of another cloud that the world-wide endpoint does not know.
    is_visible: bool = True

    @property
    def tenant_id(self) -> str:
        """The id, the same for the same first domain in every run."""
        return str(uuid5(NAMESPACE_DNS, self.domains[0]))


@dataclass(frozen=True, slots=True)
class TenantWorld:
    """All tenants, by domain in canonical form."""

    by_domain: Mapping[str, SimulatedTenant] = field(default_factory=dict)

    def find(self, domain: str) -> SimulatedTenant | None:
        """Return the tenant in which a domain is verified, as the world-wide endpoint knows it."""
        tenant = self.by_domain.get(domain.lower())
        return tenant if tenant is not None and tenant.is_visible else None


def world_of(tenants: Iterable[SimulatedTenant]) -> TenantWorld:
    """Return a world of these tenants."""
    return TenantWorld({domain: tenant for tenant in tenants for domain in tenant.domains})


def demo_tenants() -> TenantWorld:
    """Return the tenants of the demo's companies."""
    return read_tenants(_DEMO.read_text(encoding="utf-8"), _DEMO.name)


def read_tenants(text: str, file: str) -> TenantWorld:
    """Read the tenants of a TOML text; raises `WorldFileError` naming tenant and field."""
    try:
        rows = tomllib.loads(text).get("tenant", [])
    except tomllib.TOMLDecodeError as error:
        raise WorldFileError(file, "", str(error)) from error
    tenants = [_read_tenant(row, file, f"tenant {number}") for number, row in enumerate(rows, 1)]
    taken: dict[str, int] = {}
    for number, tenant in enumerate(tenants, 1):
        for domain in tenant.domains:
            if domain in taken:
                raise WorldFileError(file, f"tenant {number}", f"{domain} is verified in tenant {taken[domain]}")
            taken[domain] = number
    return world_of(tenants)


def _read_tenant(row: Mapping[str, Any], file: str, place: str) -> SimulatedTenant:
    for key in row:
        if key not in _FIELDS:
            raise WorldFileError(file, f"{place}: {key}", f"unknown; the fields are {', '.join(_FIELDS)}")
    try:
        tenant = SimulatedTenant(
            **{**row, "domains": tuple(row["domains"]), "realm": RealmKind(row.get("realm", "Managed"))}
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WorldFileError(file, place, f"{error}") from error
    if not tenant.domains or tenant.cloud not in CLOUDS:
        raise WorldFileError(file, place, f"needs a domain, and a cloud of {', '.join(CLOUDS)}")
    return tenant
