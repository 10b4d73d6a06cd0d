"""What takes longer than a change may wait for: `./hunter test --long`.

In: further arguments for pytest. Out: each lane's own output, then a table of the lanes with what each took, for
docs/reference/performance.md. Ends with 1 if a lane failed; the others run all the same.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lane:
    """One part of the long run."""

    name: str
    #: Arguments of pytest.
    tests: tuple[str, ...]
    #: How much of it, for tests that are told so by the environment.
    amounts: Mapping[str, str] = field(default_factory=dict)


LANES = (
    Lane("DNS reader, 100,000 packets", ("tests/contract/test_dns_fuzz.py",), {"HUNTER_FUZZ_PACKETS": "100000"}),
    Lane(
        "API, 200 requests an operation",
        ("tests/integration/api/test_schema_fuzz.py",),
        {"HUNTER_FUZZ_EXAMPLES": "200"},
    ),
    # One after the other: what is measured beside others says nothing.
    Lane("quick benchmarks", ("tests/benchmarks",)),
)


def main(arguments: Sequence[str]) -> int:
    """Run every lane, then print the table."""
    rows = [("lane", "result", "seconds")]
    for lane in LANES:
        print(f"\n=== {lane.name}", flush=True)
        started = time.monotonic()
        code = subprocess.call(
            [sys.executable, "-m", "pytest", "-q", *lane.tests, *arguments], env=os.environ | lane.amounts
        )
        rows.append((lane.name, "passed" if code == 0 else f"FAILED with {code}", f"{time.monotonic() - started:.0f}"))
    print()
    for name, result, seconds in rows:
        print(f"| {name} | {result} | {seconds} |", flush=True)
    return 1 if any("FAILED" in result for _, result, _ in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
