"""What is known of IP addresses, for those who look after the address files. Set or not set, never a path."""

from typing import Any, Final

from pydantic import ConfigDict

from hunter.api.schemas.shapes import ResponseModel

_FILES: Final = {"maxmind_asn": True, "maxmind_city": False, "maxmind_country": False}


class EnrichmentConfig(ResponseModel):
    """IP address files of this server."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "enrichment_enabled": True,
                    "config": {**_FILES, "ip2location": False, "ip2proxy": False},
                    "availability": {"at_least_one_db_available": True},
                    "environment_variable_names": ["MAXMIND_ASN_DB"],
                }
            ]
        }
    )

    enrichment_enabled: bool
    config: dict[str, bool]
    """By file: whether it is configured and loaded."""
    availability: dict[str, bool]
    environment_variable_names: list[str]


class EnrichmentLookup(ResponseModel):
    """What is known of one IP address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ip": "192.0.2.1",
                    "enrichment_enabled": False,
                    "config": {**_FILES, "ip2location": False, "ip2proxy": False},
                    "availability": {"at_least_one_db_available": False},
                    "cache": {"cached": False, "cached_result": None},
                    "enrichment": {"result": None, "has_data": False},
                    "database": {"record_exists": False, "record": None},
                }
            ]
        }
    )

    ip: str
    enrichment_enabled: bool
    config: dict[str, bool]
    availability: dict[str, bool]
    cache: dict[str, Any]
    enrichment: dict[str, Any]
    database: dict[str, Any]
