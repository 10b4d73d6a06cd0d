"""All five address files with 120,000 invented networks, written once for all tests here."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from hunter.collectors.network.address_file import AddressFile
from hunter.collectors.network.databases import AddressDatabases
from hunter.lab.networks.address_files import InventedNetwork, invented_networks, write_address_files

NETWORKS = 120_000


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """The files, and the truth about the networks in them."""

    paths: dict[AddressFile, Path]
    networks: tuple[InventedNetwork, ...]

    def open(self, *files: AddressFile) -> AddressDatabases:
        """Open these files; all of them where none is named."""
        return AddressDatabases({file: self.paths[file] for file in files or AddressFile})

    def sample(self, count: int, *, seed: int = 7) -> list[tuple[str, InventedNetwork]]:
        """Return addresses, each somewhere in its network, of IPv4 and IPv6 networks alike."""
        random = Random(seed)
        chosen = random.sample(self.networks, count)
        return [(str(row.network[random.randrange(min(row.network.num_addresses, 1 << 32))]), row) for row in chosen]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> WrittenFiles:
    networks = tuple(invented_networks(NETWORKS))
    paths = write_address_files(tmp_path_factory.mktemp("address-files"), networks)
    return WrittenFiles({AddressFile(word): path for word, path in paths.items()}, networks)
