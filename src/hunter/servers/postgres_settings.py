"""How the embedded PostgreSQL is set, each value with its reason.

In: the machine's memory. Out: the text of the settings file, and what stands on the command line because it is ours
to say. `alter system set` wins over the file, so an operator can choose otherwise.
"""

import os
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1 << 20
SHARED_MEMORY = Path("/dev/shm")
#: Below this, parallel plans run out of shared memory; a container has 64 MiB unless told otherwise.
LEAST_SHARED_MEMORY_BYTES = 512 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the settings file."""

    name: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Machine:
    """What the settings depend on."""

    memory_bytes: int
    shared_memory_bytes: int


def this_machine() -> Machine:
    """The machine we run on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if not SHARED_MEMORY.is_dir():
        return Machine(memory, LEAST_SHARED_MEMORY_BYTES)
    room = os.statvfs(SHARED_MEMORY)
    return Machine(memory, room.f_frsize * room.f_blocks)


def settings_for(machine: Machine, *, fsync: bool) -> tuple[Setting, ...]:
    """All settings; `fsync` off is for tests, whose rows nobody misses after a crash of the machine."""
    return (*_memory(machine), *_writing(fsync), *_planning(), *_connections(), *_speaking())


def settings_file(settings: tuple[Setting, ...]) -> str:
    """The settings as the file that PostgreSQL reads."""
    lines = ["# Written anew at every start. Other values: alter system set NAME = VALUE, then restart.", ""]
    for setting in settings:
        lines += [f"# {setting.reason}", f"{setting.name} = '{setting.value}'", ""]
    return "\n".join(lines)


def ours(*, settings: Path, sockets: Path) -> list[str]:
    """The arguments that no file may change: where it listens, and that it does so nowhere else."""
    return [
        f"--config-file={settings}",
        "--listen_addresses=",
        f"--unix_socket_directories={sockets}",
        "--unix_socket_permissions=0700",
        "--port=5432",
    ]


def _memory(machine: Machine) -> tuple[Setting, ...]:
    eighth = machine.memory_bytes // 8 // MEBIBYTE
    half = machine.memory_bytes // 2 // MEBIBYTE
    return (
        Setting(
            "shared_buffers",
            f"{max(128, min(eighth, 1024))}MB",
            "An eighth of the memory, 128 MB to 1 GB: workers need some, and the system caches too.",
        ),
        Setting(
            "effective_cache_size", f"{max(256, half)}MB", "What the system is likely to cache; only the planner asks."
        ),
        Setting(
            "work_mem", "16MB", "A page of leads sorts in memory; 30 connections at once stay below half a gigabyte."
        ),
        Setting(
            "maintenance_work_mem",
            "256MB",
            "Indexes over a million rows, the trigram one first of all, are built in memory.",
        ),
        Setting(
            "dynamic_shared_memory_type",
            "posix" if machine.shared_memory_bytes >= LEAST_SHARED_MEMORY_BYTES else "mmap",
            "In a container /dev/shm is small, and a parallel plan would fail there; files do it as well.",
        ),
    )


def _writing(fsync: bool) -> tuple[Setting, ...]:
    switch = "on" if fsync else "off"
    return (
        Setting("fsync", switch, "What was acknowledged is on the disk. Off in tests only."),
        Setting(
            "full_page_writes",
            switch,
            "A page that was half written when the power failed is mended. Off in tests only.",
        ),
        Setting("synchronous_commit", "on", "A commit is acknowledged when it is on the disk, not before."),
        Setting("wal_level", "minimal", "One machine, no replica: loading a new table writes less."),
        Setting("max_wal_senders", "0", "Demanded by wal_level minimal; backups are made by pg_dump."),
        Setting("max_wal_size", "2GB", "A bulk run of a million leads must not force a checkpoint every few seconds."),
        Setting("min_wal_size", "256MB", "Files are used again instead of made anew after each checkpoint."),
        Setting(
            "checkpoint_timeout", "15min", "Fewer full pages in the log; recovery after a crash stays below a minute."
        ),
    )


def _planning() -> tuple[Setting, ...]:
    return (
        Setting("jit", "off", "Compiling costs more than the short queries that the product asks."),
        Setting("random_page_cost", "1.1", "Disks without moving heads: an index is nearly as cheap as a scan."),
        Setting("max_parallel_workers_per_gather", "2", "One long count may use the cores, but not all of them."),
        Setting(
            "autovacuum_vacuum_scale_factor", "0.05", "50,000 changed leads of a million are enough to clean up for."
        ),
        Setting("autovacuum_analyze_scale_factor", "0.02", "The planner's figures follow a bulk run soon."),
        Setting(
            "autovacuum_vacuum_insert_scale_factor", "0.05", "Index-only scans of new rows need the visibility map."
        ),
        Setting(
            "default_statistics_target",
            "200",
            "Segments and providers are skewed; finer figures choose the better plan.",
        ),
    )


def _connections() -> tuple[Setting, ...]:
    return (
        Setting("max_connections", "200", "Pools of 30 for the API and each of a few workers."),
        Setting(
            "idle_in_transaction_session_timeout", "10min", "A client that hangs must not hold back cleaning for ever."
        ),
        Setting(
            "timezone", "UTC", "Times are stored and read as UTC; days are counted in HUNTER_TIME_ZONE by the product."
        ),
    )


def _speaking() -> tuple[Setting, ...]:
    return (
        Setting("log_timezone", "UTC", "As in the product's own log."),
        Setting("lc_messages", "C", "The log is read by people who search for English messages."),
        Setting("log_line_prefix", "%m [%p] %q%u@%d ", "When, which process, who."),
        Setting(
            "log_min_duration_statement", "2000", "What takes longer than the time-out of reads, 2 s, is worth a line."
        ),
        Setting("log_lock_waits", "on", "A wait beyond a second is said, with who waits for whom."),
        Setting("log_parameter_max_length", "0", "Values, among them addresses of people, stay out of the log."),
        Setting("log_parameter_max_length_on_error", "0", "The same where a statement fails."),
        Setting("log_checkpoints", "off", "They tell nothing that an operator of the product acts on."),
    )
