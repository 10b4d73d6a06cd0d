"""Which RDAP server answers for which domain: IANA's bootstrap registry (RFC 9224), kept as data and renewed on demand.

In: `rdap_bootstrap.json` beside this file, or the copy that `refresh` wrote into a data folder. Out: base addresses by
label suffix. Format of both: IANA's own, `services` being a list of pairs of label lists and address lists.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hunter.collectors.registration.published import Refreshed, fetch_published, replace_file
from hunter.core.errors import InvalidInput
from hunter.outbound.guard import Guard

BOOTSTRAP_FILE: Final = "rdap_bootstrap.json"
BOOTSTRAP_ADDRESS: Final = "https://data.iana.org/rdap/dns.json"
_SHIPPED: Final = Path(__file__).with_name(BOOTSTRAP_FILE)
#: IANA lists some 1,200 labels; a list much shorter was cut on the way or is something else.
_FEWEST_LABELS: Final = 500


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The registry at one time."""

    #: When IANA published it.
    publication: datetime
    #: Label suffix in lower case, without dots at its ends -> base addresses, HTTPS first.
    bases: Mapping[str, tuple[str, ...]]

    def bases_for(self, domain: str) -> tuple[str, ...]:
        """Return the base addresses for a domain, by the longest label suffix that is listed; none where none is."""
        suffix = domain
        while suffix:
            if suffix in self.bases:
                return self.bases[suffix]
            suffix = suffix.partition(".")[2]
        return ()


def load_bootstrap(folder: Path | None = None) -> Bootstrap:
    """Return the newest data: that which was shipped, or that which `refresh` left in the folder.

    Raises `InvalidInput` naming the file when the folder's copy is there and cannot be used.
    """
    shipped = parse_bootstrap(_SHIPPED.read_bytes(), BOOTSTRAP_FILE)
    path = folder / BOOTSTRAP_FILE if folder is not None else None
    if path is None or not path.exists():
        return shipped
    try:
        renewed = parse_bootstrap(path.read_bytes(), str(path))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error
    return max(shipped, renewed, key=lambda bootstrap: bootstrap.publication)


def parse_bootstrap(content: bytes, name: str) -> Bootstrap:
    """Read bootstrap data; `name` is what it is called in the `InvalidInput` that it may raise."""
    try:
        document = json.loads(content)
        publication = datetime.fromisoformat(document["publication"])
        bases = {
            label.lower().strip("."): addresses
            for service in document["services"]
            if (addresses := _addresses(service[1]))
            for label in service[0]
        }
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInput(f"{name} is no RDAP bootstrap data (RFC 9224): {error!r}") from error
    if publication.tzinfo is None or len(bases) < _FEWEST_LABELS:
        raise InvalidInput(f"{name} is no whole RDAP bootstrap data: {len(bases)} labels, published {publication}")
    return Bootstrap(publication, bases)


def _addresses(listed: Any) -> tuple[str, ...]:
    """Return the addresses that can be asked, HTTPS first (RFC 9224 §3)."""
    usable = [address for address in listed if address.lower().startswith(("https://", "http://"))]
    return tuple(sorted(usable, key=lambda address: not address.lower().startswith("https://")))


async def refresh(folder: Path, guard: Guard, *, address: str = BOOTSTRAP_ADDRESS) -> Refreshed:
    """Fetch what IANA publishes now and keep it in the folder if it is newer than what we have.

    Raises `Unavailable` when it cannot be fetched, `InvalidInput` when it is not what it should be or cannot be
    written; the data that were there stay in both cases. A damaged copy counts as older than
    anything.
    """
    content = await fetch_published(guard, address)
    fetched = parse_bootstrap(content, address)
    try:
        is_newer = fetched.publication > load_bootstrap(folder).publication
    except InvalidInput:
        # Even an older list is better than one that no scan can begin with.
        is_newer = True
    if is_newer:
        replace_file(folder / BOOTSTRAP_FILE, content)
    return Refreshed(fetched.publication, len(fetched.bases), is_newer)
