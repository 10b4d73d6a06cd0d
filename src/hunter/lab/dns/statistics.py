"""What a name server has done so far, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerStatistics:
    """Counts since the start of one name server."""

    #: Packets by UDP and messages by TCP that came in, whatever they held.
    questions: int = 0
    #: How many of them were answered, late answers counted when they are promised.
    answers: int = 0
    #: How many of the questions came by TCP.
    tcp: int = 0

    @property
    def dropped(self) -> int:
        """How many were left without an answer: by a fault, for being no question, or because the socket was full."""
        return self.questions - self.answers
