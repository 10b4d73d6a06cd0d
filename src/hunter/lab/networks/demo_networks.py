"""The networks of the demo's companies, so that the demo has address files too.

In: the data file beside this one. Out: networks for `address_files.write_address_files`.
"""

import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from hunter.lab.networks.address_files import InventedNetwork

_FILE: Final = Path(__file__).with_name("demo_networks.toml")


def demo_networks() -> tuple[InventedNetwork, ...]:
    """Return the networks; a mistake in the file is a ValueError or TypeError, for it comes with the product."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["network"]
    return tuple(InventedNetwork(**{**row, "network": ip_network(row["network"])}) for row in rows)
