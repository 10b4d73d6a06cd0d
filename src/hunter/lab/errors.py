"""What can go wrong in the lab before it answers: a world that cannot be built, a port that is taken, a dead child."""

from hunter.core.errors import InvalidInput, Unavailable


class InvalidRecord(InvalidInput):
    """A name or a record's text cannot be put on the wire."""

    code = "invalid_record"


class WorldFileError(InvalidInput):
    """A world file cannot be used; the message names the file, the company and the field."""

    code = "world_file"

    def __init__(self, file: str, place: str, problem: str) -> None:
        super().__init__(f"{file}: {place}: {problem}" if place else f"{file}: {problem}")
        #: The file as it was named.
        self.file = file
        #: Where in it, for example `company 3 (Firma A.Ş.): mx`; empty where the file as a whole is meant.
        self.place = place
        #: What is wrong there.
        self.problem = problem

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Travel between processes by the arguments it was made of."""
        return type(self), (self.file, self.place, self.problem)


class AddressUnavailable(Unavailable):
    """The name server cannot listen where it was told to; `host` and `port` say where."""

    code = "address_unavailable"

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(f"cannot listen on {host}, port {port}: {problem}")
        self.host = host
        self.port = port
        self.problem = problem

    def __reduce__(self) -> tuple[type, tuple[str, int, str]]:
        """Travel between processes by the arguments it was made of."""
        return type(self), (self.host, self.port, self.problem)


class NameServerStopped(Unavailable):
    """The child process that serves names ended, or could not start."""

    code = "name_server_stopped"
