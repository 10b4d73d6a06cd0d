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

    language: str = setting(LANGUAGE, "tr", meaning="Default language of texts for salespeople; `--lang` overrides it.")
    time_zone: str = setting(ZONE, "Europe/Istanbul", meaning="Time zone for calendar days.")
    data_dir: Path | None = setting(
        PATH,
        None,
        default_words="the user's data folder; as root `/var/lib/hunter`",
        meaning="Data folder: embedded database, secret files, refreshed lists, shared rate-limit state.",
    )
    environment: str = setting(
        ENVIRONMENT,
        "development",
        also=("ENVIRONMENT",),
        meaning="Staging and production log JSON; in production `/docs` needs the admin token.",
    )
    log_level: str = setting(LEVEL, "INFO", also=("LOG_LEVEL",), meaning="Minimum log level.")
    sentry_dsn: str | None = setting(
        DSN, None, meaning="Sentry DSN for error reports; used in staging and production only.", is_secret=True
    )
    database_url: str | None = setting(
        DATABASE,
        None,
        also=("DATABASE_URL",),
        default_words="none: a PostgreSQL of our own in the data folder",
        meaning="PostgreSQL connection URL, `postgresql://USER:PASSWORD@HOST/NAME`.",
        is_secret=True,
    )
    redis_url: str | None = setting(
        REDIS,
        None,
        also=("REDIS_URL",),
        default_words="none: a Valkey of our own in the data folder",
        meaning="Redis or Valkey connection URL, `redis://USER:PASSWORD@HOST/0`.",
        is_secret=True,
    )
    db_pool_size: int = setting(COUNT, 20, meaning="Size of the connection pool for reads, per process.")
    db_max_overflow: int = setting(
        COUNT_OR_NONE, 10, meaning="Additional connections that the pool may open under load."
    )
    read_timeout_ms: int = setting(
        COUNT,
        2000,
        unit="milliseconds",
        meaning="Statement timeout of reads; a read that takes longer is answered with 503.",
    )
    api_host: str = setting(
        TEXT,
        "127.0.0.1",
        also=("API_HOST",),
        meaning="Listen address of `hunter up`; anything but loopback is reachable from other machines.",
    )
    api_port: int = setting(PORT, 8000, also=("API_PORT",), meaning="Listen port of `hunter up`.")
    public_url: str | None = setting(
        WEB_ADDRESS,
        None,
        meaning="Public URL of this server: used in links, accepted as host, trusted as origin of forms.",
    )
    allowed_networks: tuple[str, ...] = setting(
        NETWORKS,
        (),
        default_words="loopback and private ranges",
        meaning="Client networks that are allowed; others are answered with 403.",
    )
    allowed_hosts: tuple[str, ...] = setting(
        LIST,
        (),
        default_words="this machine's names, the bound address, the host of `HUNTER_PUBLIC_URL`",
        meaning="Additional host names that are accepted in the `Host` header; others are answered with 421.",
    )
    trusted_proxies: tuple[str, ...] = setting(
        NETWORKS, (), meaning="Reverse proxies whose `X-Forwarded-For` and identity header are trusted."
    )
    identity_header: str | None = setting(
        HEADER, None, meaning="Request header in which a trusted proxy names the user."
    )
    admin_token: str | None = setting(
        TEXT,
        None,
        default_words="made at first start, in the data folder",
        meaning="Admin token, required on admin paths; `hunter admin token` prints it.",
        is_secret=True,
    )
    secret_key: str | None = setting(
        SECRET,
        None,
        default_words="made at first start, in the data folder",
        meaning="Signs cookies, derives the log masking key, hashes do-not-contact names; same on all machines.",
        is_secret=True,
    )
    pii_hash_key: str | None = setting(
        SECRET,
        None,
        default_words="derived from `HUNTER_SECRET_KEY`",
        meaning="HMAC key of the references that replace names of people and companies in logs.",
        is_secret=True,
    )
    support_contact: str | None = setting(TEXT, None, meaning="Support contact, shown on `/support`.")
    demo_database: bool = setting(
        FLAG, False, meaning="Set by `hunter demo` for its own database, in which the demo mark hides no company."
    )
    scan_fresh_seconds: int = setting(
        COUNT_OR_NONE,
        3600,
        unit="seconds",
        meaning="Maximum age of a stored scan that is returned instead of a new one.",
    )
    worker_processes: int | None = setting(
        COUNT,
        None,
        default_words="number of cores",
        meaning="Number of API processes among which request limits are divided while Redis is unavailable.",
    )
    smtp_probe_enabled: bool = setting(
        FLAG, False, meaning="Allows the e-mail tools to verify addresses by SMTP (`use_smtp`)."
    )
    smtp_from: str | None = setting(
        TEXT, None, meaning="Sender address (`MAIL FROM`) of SMTP probes; required for them."
    )
    smtp_probe_helo: str | None = setting(
        TEXT,
        None,
        default_words="the domain of `HUNTER_SMTP_FROM`",
        meaning="Host name in `EHLO` of SMTP probes; should match the reverse DNS name of this machine.",
    )
    upload_max_mb: int = setting(COUNT, 50, unit="megabytes", meaning="Maximum size of an uploaded list.")
    upload_max_rows: int = setting(COUNT, 1_000_000, meaning="Maximum number of rows in a CSV list.")
    upload_max_workbook_rows: int = setting(COUNT, 200_000, meaning="Maximum number of rows in a workbook.")
    keep_raw_leads_days: int = setting(DAYS, 30, unit="days, 0 = unlimited", meaning="Retention of raw list rows.")
    keep_job_items_days: int = setting(
        DAYS, 30, unit="days, 0 = unlimited", meaning="Retention of finished jobs and their items."
    )
    keep_evidence_per_domain: int = setting(
        COUNT_OR_NONE, 2, unit="snapshots, 0 = all", meaning="Number of evidence snapshots kept per domain."
    )
    keep_history_days: int = setting(DAYS, 730, unit="days, 0 = unlimited", meaning="Retention of the change history.")
    keep_alerts_days: int = setting(DAYS, 180, unit="days, 0 = unlimited", meaning="Retention of settled alerts.")
    keep_webhook_payload_days: int = setting(
        DAYS, 30, unit="days, 0 = unlimited", meaning="Retention of failed webhook payloads."
    )
    idempotency_hours: int = setting(
        HOURS, 24, unit="hours", meaning="Lifetime of an `Idempotency-Key`; a repeated delivery gets the first answer."
    )
    dns_servers: tuple[str, ...] = setting(
        SERVERS,
        ("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1"),
        meaning="Recursive DNS servers, each `HOST` or `HOST:PORT`; `--server` overrides them.",
    )
    dns_rate_per_second: float = setting(
        RATE, 10.0, unit="domain analyses per second", meaning="Rate limit while at least one DNS server is public."
    )
    dns_private_rate_per_second: float = setting(
        RATE,
        0.0,
        unit="domain analyses per second",
        meaning="Rate limit while every DNS server is private, on this machine or given by `--server`.",
    )
    dns_upstream_questions_per_second: float = setting(
        RATE,
        500.0,
        unit="questions per second",
        meaning="Rate limit per public DNS server, including those given by `--server`.",
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
        meaning="Rate limit for the registries' public servers, shared by all processes of this machine.",
    )
    registration_private_rate_per_second: float = setting(
        RATE,
        0.0,
        unit="registration look-ups per second",
        meaning="Rate limit where both `HUNTER_RDAP_BASE` and `HUNTER_WHOIS_SERVER` are set.",
    )
    rdap_base: str | None = setting(
        WEB_ADDRESS, None, meaning="RDAP server used for all names except `.tr`, instead of the registries' servers."
    )
    whois_server: str | None = setting(
        TEXT,
        None,
        meaning="WHOIS server, `HOST` or `HOST:PORT`, used for all names, instead of the registries' servers.",
    )
    outbound_allowed_targets: tuple[str, ...] = setting(
        TARGETS,
        (),
        meaning="Non-public targets that outgoing calls may reach (redirects, referrals); each may end in `:PORT`.",
    )
    tenant_lookup_enabled: bool = setting(
        FLAG, False, meaning="Enables the Microsoft tenant look-up, at most one per second."
    )
    tenant_lookup_base: str = setting(
        WEB_ADDRESS,
        "https://login.microsoftonline.com",
        meaning="Base URL of the Microsoft sign-in service; no rate limit applies to loopback and private addresses.",
    )
    enrichment_enabled: bool = setting(
        FLAG, False, meaning="Enables IP address enrichment of mail and web hosts from the files below."
    )
    maxmind_asn_db: Path | None = setting(
        PATH,
        None,
        prefix="",
        also=(f"{_FILE}MAXMIND_ASN",),
        meaning="GeoLite2-ASN, GeoIP2-ISP or GeoIP2-Enterprise file.",
    )
    maxmind_city_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}MAXMIND_CITY",), meaning="GeoLite2-City or GeoIP2-City file."
    )
    maxmind_country_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}MAXMIND_COUNTRY",), meaning="GeoLite2-Country or GeoIP2-Country file."
    )
    ip2location_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}IP2LOCATION",), meaning="IP2Location file, BIN or MMDB."
    )
    ip2proxy_db: Path | None = setting(
        PATH, None, prefix="", also=(f"{_FILE}IP2PROXY",), meaning="IP2Proxy file, BIN or MMDB."
    )
    xdg_data_home: Path | None = setting(
        PATH, None, prefix="", meaning="Base folder of application data on Linux, `~/.local/share` by default."
    )
    localappdata: Path | None = setting(PATH, None, prefix="", meaning="Base folder of application data on Windows.")
    no_color: bool = setting(PRESENCE, False, prefix="", meaning="Disables colour in the output when set to anything.")
    term: str = setting(TEXT, "", prefix="", meaning="Terminal type; `dumb` disables colour and the progress line.")
