"""The registrations of the demo world, and files that cannot be used."""

from datetime import date, timedelta

import pytest

from hunter.core.names.public_suffix import shipped_suffixes
from hunter.lab.errors import WorldFileError
from hunter.lab.registry.registrations import (
    RegistryFault,
    RegistryWorld,
    Trouble,
    demo_registrations,
    generated_name,
    parse_fault,
    parse_registrations,
)
from hunter.lab.world_sources.demo_world import demo_companies

TODAY = date(2026, 11, 24)
ENTRY = '[[registration]]\ndomain = "a.example"\nregistrar = "Örnek"\nexpires_in_days = 5\n'


def test_every_company_of_the_demo_world_is_registered() -> None:
    world = demo_registrations(TODAY)
    assert set(world.registered) == {
        shipped_suffixes().registrable_domain(company.domain) for company in demo_companies()
    }


def test_expiry_days_lie_around_today() -> None:
    days = [one.expires_on - TODAY for one in demo_registrations(TODAY).registered.values()]
    soon = [one for one in days if timedelta(0) <= one <= timedelta(days=60)]
    assert len(soon) >= 8
    assert min(days) < timedelta(0)
    assert max(days) > timedelta(days=365)


def test_days_move_with_the_day_on_which_the_world_begins() -> None:
    later = TODAY + timedelta(days=100)
    first, second = demo_registrations(TODAY), demo_registrations(later)
    moved = {second.registered[name].expires_on - one.expires_on for name, one in first.registered.items()}
    assert moved == {timedelta(days=100)}


def test_the_demo_world_shows_an_expired_name_a_redemption_and_a_quota() -> None:
    registered = demo_registrations(TODAY).registered.values()
    assert [one.domain for one in registered if "redemptionPeriod" in one.statuses] == ["eskikuyu-emlak.example"]
    assert [one.domain for one in registered if one.whois_fault.trouble is Trouble.QUOTA] == [
        "kararsizlar-asansor.example"
    ]
    assert {one.layout for one in registered} == {"icann", "trabis", "trabis_old", "rpsl"}


def test_generated_names_are_registered_up_to_their_number() -> None:
    world = RegistryWorld(generated=3)
    assert [world.find(generated_name(number)) is not None for number in range(4)] == [True, True, True, False]
    assert world.find("namex.example") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", RegistryFault()),
        ("dead", RegistryFault(Trouble.DEAD)),
        ("slow:700", RegistryFault(Trouble.SLOW, "700")),
        ("redirect:http://10.0.0.1/", RegistryFault(Trouble.REDIRECT, "http://10.0.0.1/")),
    ],
)
def test_a_fault_is_read(text: str, fault: RegistryFault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[", "world.toml"),
        ('title = "none"', "world.toml"),
        (ENTRY + "colour = 3", "colour"),
        ('[[registration]]\ndomain = "a.example"\nexpires_in_days = 5', "registrar"),
        (ENTRY.replace("5", '"soon"'), "a.example"),
        (ENTRY + 'layout = "odd"', "odd"),
        (ENTRY + 'rdap_fault = "odd"', "odd"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_place(text: str, named: str) -> None:
    with pytest.raises(WorldFileError, match=named):
        parse_registrations(text, "world.toml", TODAY)
