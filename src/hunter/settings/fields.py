"""Every setting of Hunter: name, kind, unit, default and one sentence.

Plain dataclasses, because a validation framework would more than double the time in which `hunter scan` starts.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hunter.settings.kinds import (
    FLAG,
    LANGUAGE,
    PATH,
    PRESENCE,
    RATE,
    SERVERS,
    TARGETS,
    TEXT,
    WEB_ADDRESS,
    ZONE,
    setting,
)

#: A second name under which the file of a vendor is looked for.
_FILE: Final = "HUNTER_ENRICHMENT_DB_PATH_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings with their values."""

    language: str = setting(LANGUAGE, "tr", meaning="Language of sentences for salespeople where no `--lang` is given.")
    time_zone: str = setting(ZONE, "Europe/Istanbul", meaning="Zone in which days are counted.")
    data_dir: Path | None = setting(
        PATH,
        None,
        default_words="the user's data folder; as root `/var/lib/hunter`",
        meaning="Folder for what Hunter keeps: renewed data, answers of Microsoft, the paces that processes share.",
    )
    dns_servers: tuple[str, ...] = setting(
        SERVERS,
        ("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1"),
        meaning="Recursive name servers that are asked where no `--server` is given; each `HOST` or `HOST:PORT`.",
    )
    dns_rate_per_second: float = setting(
        RATE, 10.0, unit="domain analyses per second", meaning="Pace while at least one of the servers is public."
    )
    dns_private_rate_per_second: float = setting(
        RATE,
        0.0,
        unit="domain analyses per second",
        meaning="Pace while every server is private, on this machine, or named by `--server`.",
    )
    dns_upstream_questions_per_second: float = setting(
        RATE, 500.0, unit="questions per second", meaning="Ceiling for each public server, named by `--server` or not."
    )
    registration_rate_per_second: float = setting(
        RATE,
        5.0,
        unit="registration look-ups per second",
        meaning="Pace towards the registries' own servers, all processes of this machine together.",
    )
    registration_private_rate_per_second: float = setting(
        RATE,
        0.0,
        unit="registration look-ups per second",
        meaning="Pace where `HUNTER_RDAP_BASE` and `HUNTER_WHOIS_SERVER` both name servers.",
    )
    rdap_base: str | None = setting(
        WEB_ADDRESS, None, meaning="RDAP server for every name but `.tr`, instead of the registries' own."
    )
    whois_server: str | None = setting(
        TEXT, None, meaning="WHOIS server, `HOST` or `HOST:PORT`, for every name, instead of the registries' own."
    )
    outbound_allowed_targets: tuple[str, ...] = setting(
        TARGETS,
        (),
        meaning="Where redirects and referrals may lead although it is not public; each may end in `:PORT`.",
    )
    tenant_lookup_enabled: bool = setting(
        FLAG, False, meaning="Asks Microsoft whether the domain is verified in a tenant, at most once a second."
    )
    tenant_lookup_base: str = setting(
        WEB_ADDRESS,
        "https://login.microsoftonline.com",
        meaning="Sign-in service that is asked; there is no limit where it is on this machine or in a private network.",
    )
    enrichment_enabled: bool = setting(
        FLAG, False, meaning="Looks up in the files below where the hosts of mail and web stand."
    )
    maxmind_asn_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}MAXMIND_ASN",), meaning="File GeoLite2-ASN, GeoIP2-ISP or -Enterprise."
    )
    maxmind_city_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}MAXMIND_CITY",), meaning="File GeoLite2-City or GeoIP2-City."
    )
    maxmind_country_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}MAXMIND_COUNTRY",), meaning="File GeoLite2-Country or GeoIP2-Country."
    )
    ip2location_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}IP2LOCATION",), meaning="File of IP2Location, BIN or MMDB."
    )
    ip2proxy_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}IP2PROXY",), meaning="File of IP2Proxy, BIN or MMDB."
    )
    xdg_data_home: Path | None = setting(
        PATH, None, prefix="", meaning="Where data of programs lie on Linux, if not in `~/.local/share`."
    )
    localappdata: Path | None = setting(PATH, None, prefix="", meaning="Where data of programs lie on Windows.")
    no_color: bool = setting(PRESENCE, False, prefix="", meaning="Any text here keeps colour out of the output.")
    term: str = setting(TEXT, "", prefix="", meaning="With `dumb` there is neither colour nor a live line.")
