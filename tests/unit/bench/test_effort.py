"""Options: a report names the command that repeats its run."""

from dataclasses import fields

from bench.effort import FULL, QUICK, Options


def test_a_plain_run_is_repeated_by_a_plain_command() -> None:
    assert Options().spelled("core") == "./hunter bench core"


def test_every_option_that_changes_a_figure_is_spelled() -> None:
    options = Options(effort=QUICK, seed=7, with_peers=True, parts=("faults", "cpu"), packets=500)

    assert options.spelled("dns") == (
        "./hunter bench dns --quick --peers --part faults --part cpu --packets 500 --seed 7"
    )


def test_a_quick_run_is_smaller_in_every_size() -> None:
    sizes = [(getattr(QUICK, size.name), getattr(FULL, size.name)) for size in fields(QUICK)]

    assert [(quick, full) for quick, full in sizes if not quick < full] == []
