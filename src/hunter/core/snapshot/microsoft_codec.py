"""Tenant and realm as JSON values and back: the one codec for evidence, for the files of this machine and for Redis."""

from collections.abc import Mapping
from typing import Any

from hunter.core.evidence import Realm, Tenant


def write_tenant(tenant: Tenant) -> dict[str, str | None]:
    """Return a tenant as JSON values."""
    return {
        "tenant_id": tenant.tenant_id,
        "region": tenant.region,
        "sub_scope": tenant.sub_scope,
        "cloud": tenant.cloud,
        "domain": tenant.domain,
    }


def read_tenant(written: Mapping[str, Any]) -> Tenant:
    """Return the tenant that was written."""
    get = written.get
    return Tenant(written["tenant_id"], get("region"), get("sub_scope"), get("cloud"), get("domain"))


def write_realm(realm: Realm) -> dict[str, str | bool | None]:
    """Return a realm as JSON values."""
    return {
        "namespace_type": realm.namespace_type,
        "brand": realm.brand,
        "sign_in_host": realm.sign_in_host,
        "is_viral": realm.is_viral,
    }


def read_realm(written: Mapping[str, Any]) -> Realm:
    """Return the realm that was written."""
    return Realm(written["namespace_type"], written["brand"], written["sign_in_host"], written["is_viral"])
