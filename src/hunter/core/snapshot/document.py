"""Snapshots: Evidence as plain, versioned JSON values and back, exactly.

Storage keeps what these functions give and hands it back years later: an older version is lifted step by step to the
present one on reading, a newer one is refused, because this release cannot know what it means.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from hunter.core.errors import InvalidInput
from hunter.core.evidence import Evidence
from hunter.core.snapshot.evidence_codec import read_evidence, with_network, write_evidence

T = TypeVar("T")

#: A JSON object as `json.loads` gives it.
Document: TypeAlias = Mapping[str, Any]
#: A step from one version to the next: takes a document, returns its content in the next version's form.
Lift: TypeAlias = Callable[[Document], Document]

#: Steps for what is stored; the first leads from version 1 to 2. The present version is one more than their number.
EVIDENCE_LIFTS: Final[tuple[Lift, ...]] = (with_network,)

_VERSION_KEY: Final = "codec_version"


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """Return the evidence as JSON values, the codec's version among them."""
    return {_VERSION_KEY: len(EVIDENCE_LIFTS) + 1, **write_evidence(evidence)}


def evidence_from_json(document: Document) -> Evidence:
    """Return the evidence that was written; InvalidInput when it is newer than this release, or damaged."""
    return _read(document, EVIDENCE_LIFTS, read_evidence, "evidence")


def _read(document: Document, lifts: Sequence[Lift], read: Callable[[Document], T], kind: str) -> T:
    try:
        return read(lifted(document, lifts, kind))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise InvalidInput(f"the stored {kind} is damaged: {error!r}") from error


def lifted(document: Document, lifts: Sequence[Lift], kind: str) -> Document:
    """Return the document in the form of the present version, which is one more than the number of lifts."""
    present = len(lifts) + 1
    version = document[_VERSION_KEY]
    if not isinstance(version, int) or version < 1:
        raise ValueError(f"{version!r} is no version")
    if version > present:
        raise InvalidInput(
            f"the stored {kind} has version {version}, this release reads up to {present}: "
            "use the release that wrote it, or a newer one"
        )
    for lift in lifts[version - 1 :]:
        document = lift(document)
    return document
