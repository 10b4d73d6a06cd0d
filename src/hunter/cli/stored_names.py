"""Companies of the database as the names that a scan goes through."""

from collections.abc import AsyncIterator, Sequence

from hunter.services.scan.shapes import ScanItem


class StoredNames:
    """Domains that are read page by page once the database is open; iterate `items` once."""

    #: What is stored was checked when it came in, and comes once.
    refused = repeated = 0

    def __init__(self) -> None:
        #: Set when the database is open.
        self.pages: AsyncIterator[Sequence[str]] | None = None
        #: Names handed on.
        self.accepted = 0

    async def items(self) -> AsyncIterator[ScanItem]:
        """Yield what is to be scanned."""
        if self.pages is None:
            return
        async for page in self.pages:
            for domain in page:
                self.accepted += 1
                yield ScanItem(domain)

    def take_text(self, domain: str) -> str:
        """Return the name: nobody wrote it otherwise."""
        return domain
