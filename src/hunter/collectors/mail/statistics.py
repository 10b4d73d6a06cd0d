"""What a resolver has done so far, in numbers."""

from dataclasses import dataclass


@dataclass(slots=True)
class Statistics:
    """What the resolver did since it was opened."""

    #: Questions asked, and questions sent once more; their sum went over the wire by UDP.
    questions: int = 0
    repeats: int = 0
    silences: int = 0
    by_tcp: int = 0
    strays: int = 0
