"""How much a benchmark runs: every size at one place, the full one and one for a look in a few seconds."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def _say_nothing(_: str) -> None:
    """Keep silent."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Sizes of all benchmarks; domains are those of the generated world."""

    #: Rounds in which we and a peer take turns; the figure is the median of their ratios.
    rounds: int
    #: Domains of a round, for us and for the yardstick.
    round_domains: int
    #: Domains of a round for checkdmarc, which needs long for each.
    peer_domains: int
    #: Domains of a round at 20 ms round trip.
    distant_domains: int
    distant_peer_domains: int
    #: Domains about which a round of plain questions asks.
    question_domains: int
    #: Sizes between which memory may not grow.
    memory_domains: tuple[int, int]
    #: Domains whose every state is held against the truth, in the clean and in the faulty world.
    truth_domains: int
    #: Domains by which the speed in the faulty world is taken: enough that the wait for the last dead ones counts
    #: little; 0 takes it from the runs for the truth.
    speed_domains: int
    #: Domains of which all selectors are asked, in each of two worlds.
    selector_domains: int
    #: Single surveys at 20 ms round trip, and whole commands.
    single_surveys: int
    single_commands: int
    #: Packets of the fuzz rows where no other number is asked for.
    packets: int
    #: Distinct domains a round of the core assesses.
    core_domains: int
    #: Domains of `hunter scan -f`, and how often it is run.
    scan_domains: int
    scan_runs: int
    #: Leads of the two databases whose looks are compared.
    lead_rows: tuple[int, int]
    #: Random looks of each class.
    lead_draws: int
    #: Requests for single leads, for each of those draws.
    lead_singles: int
    #: Batches that each writer stores.
    lead_batches: int
    #: Leads of a download.
    lead_export: int


FULL = Effort(
    rounds=11,
    round_domains=500,
    peer_domains=20,
    distant_domains=6_000,
    distant_peer_domains=3,
    question_domains=3_000,
    memory_domains=(1_000, 100_000),
    truth_domains=20_000,
    speed_domains=100_000,
    selector_domains=10_240,
    single_surveys=300,
    single_commands=9,
    packets=20_000,
    core_domains=1_000,
    scan_domains=20_000,
    scan_runs=3,
    lead_rows=(10_000, 1_000_000),
    lead_draws=300,
    lead_singles=20,
    lead_batches=20,
    lead_export=100_000,
)

QUICK = Effort(
    rounds=3,
    round_domains=40,
    peer_domains=2,
    distant_domains=200,
    distant_peer_domains=1,
    question_domains=50,
    memory_domains=(1_000, 4_000),
    truth_domains=400,
    speed_domains=400,
    selector_domains=300,
    single_surveys=10,
    single_commands=1,
    packets=1_000,
    core_domains=100,
    scan_domains=400,
    scan_runs=1,
    lead_rows=(300, 600),
    lead_draws=2,
    lead_singles=10,
    lead_batches=1,
    lead_export=400,
)


@dataclass(frozen=True, slots=True)
class Options:
    """What a benchmark is told."""

    effort: Effort = FULL
    #: Another number gives another generated world and other victims of its faults.
    seed: int = 1
    #: Whether the peers are measured beside us.
    with_peers: bool = False
    #: Parts to measure, by name; all of them if none is named.
    parts: tuple[str, ...] = ()
    #: Packets of the fuzz rows; None takes the effort's number.
    packets: int | None = None
    #: Leads of the larger database, and looks of each class; None takes the effort's numbers.
    rows: int | None = None
    draws: int | None = None
    #: Where databases are kept from one run to the next; None keeps none.
    data: Path | None = None
    #: Told what is under way, one line at a time.
    say: Callable[[str], None] = _say_nothing

    @property
    def lead_rows(self) -> tuple[int, int]:
        """Return the leads of the smaller and of the larger database."""
        few, many = self.effort.lead_rows
        return (few, many) if self.rows is None else (min(few, self.rows), self.rows)

    @property
    def lead_draws(self) -> int:
        """Return how many random looks of each class are taken."""
        return self.effort.lead_draws if self.draws is None else self.draws

    def spelled(self, subject: str) -> str:
        """Return the command that repeats the run."""
        words = ["./hunter", "bench", subject]
        words += ["--quick"] if self.effort is QUICK else []
        words += ["--peers"] if self.with_peers else []
        words += [word for part in self.parts for word in ("--part", part)]
        words += ["--packets", str(self.packets)] if self.packets is not None else []
        words += ["--rows", str(self.rows)] if self.rows is not None else []
        words += ["--draws", str(self.draws)] if self.draws is not None else []
        words += ["--data", "FOLDER"] if self.data is not None else []
        words += ["--seed", str(self.seed)] if self.seed != 1 else []
        return shlex.join(words)
