"""A rulebook that notes which of its parts are read, so that a rule which nobody reads shows."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from hunter.core.judgement.verdict import Rules, Verdicts
from hunter.core.provider.hosting_network import NetworkRules
from hunter.core.provider.signatures import Signatures
from hunter.core.rulebook import Rulebook

#: Classes whose fields are rules; what lies below them is values, which the mutations prove one by one.
_PARTS = (Rulebook, Rules, Signatures, NetworkRules)


def recorded(rulebook: Rulebook, read: set[str]) -> Rulebook:
    """Return an equal rulebook that adds `Class.field` to `read` for every field that is read."""
    rules: Rules = _recorded(rulebook.rules, read)
    whole = replace(
        rulebook,
        rules=rules,
        signatures=_recorded(rulebook.signatures, read),
        networks=_recorded(rulebook.networks, read),
        verdicts=Verdicts(rules),
    )
    read.clear()
    noted: Rulebook = _recorded(whole, read, below=())
    return noted


def every_part(rulebook: Rulebook) -> set[str]:
    """Return all names that `recorded` may note; `verdicts` are made of the others."""
    parts = {f"{kind.__name__}.{one.name}" for kind in _PARTS for one in fields(kind)}
    for one in fields(Rules):
        part = getattr(rulebook.rules, one.name)
        parts |= {f"{type(part).__name__}.{below.name}" for below in fields(part)}
    return parts


def _recorded(value: Any, read: set[str], *, below: tuple[type, ...] = (Rules,)) -> Any:
    """Copy a part into a class of the same kind whose reads are noted; of `below` the fields as well."""
    kind: type[Any] = type(value)
    copy: Any = object.__new__(_noting(kind))
    for one in fields(kind):
        part = getattr(value, one.name)
        if isinstance(value, below) and is_dataclass(part):
            part = _recorded(part, read)
        object.__setattr__(copy, one.name, part)
    _NOTES[id(copy)] = (copy, read)
    return copy


#: Where the reads of a copy are noted; the copy is kept, so that its number stays its own.
_NOTES: dict[int, tuple[object, set[str]]] = {}


def _noting(kind: type[Any]) -> type[Any]:
    names = {one.name for one in fields(kind)}

    def note(self: object, name: str) -> Any:
        if name in names and id(self) in _NOTES:
            _NOTES[id(self)][1].add(f"{kind.__name__}.{name}")
        return object.__getattribute__(self, name)

    return type(kind.__name__, (kind,), {"__slots__": (), "__getattribute__": note})
