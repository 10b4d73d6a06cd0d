"""Every setting of Hunter: name, kind, unit, default and one sentence.

Plain dataclasses, because a validation framework would more than double the time in which `hunter scan` starts.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hunter.settings.kinds import (
    COUNT,
    COUNT_OR_NONE,
    DATABASE,
    DAYS,
    DSN,
    ENVIRONMENT,
    FLAG,
    HEADER,
    HOURS,
    LANGUAGE,
    LEVEL,
    LIST,
    NETWORKS,
    PATH,
    PORT,
    PRESENCE,
    RATE,
    REDIS,
    SECRET,
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
        meaning="Folder for what Hunter keeps: its database, secrets, renewed lists, the paces that processes share.",
    )
    environment: str = setting(
        ENVIRONMENT,
        "development",
        also=("ENVIRONMENT",),
        meaning="In production logs are JSON and `/docs` needs the admin token.",
    )
    log_level: str = setting(LEVEL, "INFO", also=("LOG_LEVEL",), meaning="Least severe events that are logged.")
    sentry_dsn: str | None = setting(
        DSN, None, meaning="Where errors are reported, in staging and production only.", is_secret=True
    )
    database_url: str | None = setting(
        DATABASE,
        None,
        also=("DATABASE_URL",),
        default_words="none: a PostgreSQL of our own in the data folder",
        meaning="PostgreSQL to use, `postgresql://USER:PASSWORD@HOST/NAME`.",
        is_secret=True,
    )
    redis_url: str | None = setting(
        REDIS,
        None,
        also=("REDIS_URL",),
        default_words="none: a Valkey of our own in the data folder",
        meaning="Redis or Valkey to use, `redis://USER:PASSWORD@HOST/0`.",
        is_secret=True,
    )
    db_pool_size: int = setting(COUNT, 20, meaning="Connections for reads that a process keeps open to PostgreSQL.")
    db_max_overflow: int = setting(COUNT_OR_NONE, 10, meaning="Further ones that it opens under load and closes again.")
    read_timeout_ms: int = setting(
        COUNT, 2000, unit="milliseconds", meaning="Longest time of a read; one that takes longer is answered 503."
    )
    api_host: str = setting(
        TEXT, "127.0.0.1", also=("API_HOST",), meaning="Address that `hunter up` listens on; any other lets others in."
    )
    api_port: int = setting(PORT, 8000, also=("API_PORT",), meaning="Port that `hunter up` listens on.")
    public_url: str | None = setting(WEB_ADDRESS, None, meaning="Address in links; its host is answered too.")
    allowed_networks: tuple[str, ...] = setting(
        NETWORKS,
        (),
        default_words="loopback and private ranges",
        meaning="Networks whose clients are answered, else 403.",
    )
    allowed_hosts: tuple[str, ...] = setting(
        LIST,
        (),
        default_words="this machine's names, the bound address, the host of `HUNTER_PUBLIC_URL`",
        meaning="Further names that are answered for, else 421.",
    )
    trusted_proxies: tuple[str, ...] = setting(
        NETWORKS, (), meaning="Proxies whose forwarded addresses and identity header count."
    )
    identity_header: str | None = setting(HEADER, None, meaning="Header in which a trusted proxy says who is asking.")
    admin_token: str | None = setting(
        TEXT,
        None,
        default_words="made at first start, in the data folder",
        meaning="Opens the admin paths; `hunter admin token` prints it.",
        is_secret=True,
    )
    secret_key: str | None = setting(
        SECRET,
        None,
        default_words="made at first start, in the data folder",
        meaning="Signs cookies, and names people in logs; must be given where machines share a database.",
        is_secret=True,
    )
    pii_hash_key: str | None = setting(
        SECRET,
        None,
        default_words="derived from `HUNTER_SECRET_KEY`",
        meaning="Key of the references that stand for people and companies in logs.",
        is_secret=True,
    )
    support_contact: str | None = setting(TEXT, None, meaning="Who answers questions; shown on `/support`.")
    scan_fresh_seconds: int = setting(
        COUNT_OR_NONE, 3600, unit="seconds", meaning="A single scan that is younger is answered from memory."
    )
    worker_processes: int | None = setting(
        COUNT,
        None,
        default_words="number of cores",
        meaning="Processes of the API that divide a limit while they share no store.",
    )
    smtp_probe_enabled: bool = setting(
        FLAG, False, meaning="Lets `use_smtp` ask mail servers whether an address exists."
    )
    smtp_from: str | None = setting(TEXT, None, meaning="Sender that mail servers are told; needed for probes.")
    smtp_probe_helo: str | None = setting(
        TEXT,
        None,
        default_words="the domain of `HUNTER_SMTP_FROM`",
        meaning="Name by which mail servers are greeted; ought to be the name of this machine's address.",
    )
    upload_max_mb: int = setting(COUNT, 50, unit="megabytes", meaning="Largest list that is read.")
    upload_max_rows: int = setting(COUNT, 1_000_000, meaning="Longest CSV list that is read.")
    upload_max_workbook_rows: int = setting(COUNT, 200_000, meaning="Longest workbook that is read.")
    keep_raw_leads_days: int = setting(DAYS, 30, unit="days, 0 = for ever", meaning="How long rows of lists are kept.")
    keep_job_items_days: int = setting(
        DAYS, 30, unit="days, 0 = for ever", meaning="How long finished jobs and their items are kept."
    )
    keep_evidence_per_domain: int = setting(
        COUNT_OR_NONE, 2, unit="evidences, 0 = all", meaning="How many evidences of a domain are kept."
    )
    keep_history_days: int = setting(DAYS, 730, unit="days, 0 = for ever", meaning="How long changes are kept.")
    keep_alerts_days: int = setting(DAYS, 180, unit="days, 0 = for ever", meaning="How long settled alerts are kept.")
    keep_webhook_payload_days: int = setting(
        DAYS, 30, unit="days, 0 = for ever", meaning="How long what a webhook sent in vain is kept."
    )
    idempotency_hours: int = setting(
        HOURS, 24, unit="hours", meaning="How long a repeated webhook gets its first answer again."
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
        RATE,
        500.0,
        unit="questions per second",
        meaning="Rate limit of each public server, named by `--server` or not.",
    )
    domain_timeout_ms: int = setting(
        COUNT,
        10_000,
        unit="milliseconds",
        meaning="Longest time on the wire for one domain; what is not answered by then is unknown.",
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
