"""The whole error tree of Hunter.

    HunterError
    ├── InvalidInput       what was handed in cannot be used; nothing was changed
    ├── NotFound           the thing asked for is not there
    ├── Conflict           the thing asked for contradicts what is there
    ├── RulebookError      the rules as data are broken; the message names the rule
    ├── Unavailable        a neighbour that we need cannot be reached now
    └── IntegrationError   a partner's system refused or failed; `retryable` says whether to try again

An error carries a stable `code` and its facts as attributes. It knows no HTTP status and no Turkish.
"""


class HunterError(Exception):
    """Root of every error that Hunter raises on purpose."""

    #: Stable machine-readable name of the error, the same in every release.
    code = "error"


class InvalidInput(HunterError):
    """What was handed in cannot be used; the message says what is wrong and what to do."""

    code = "invalid_input"


class NotFound(HunterError):
    """The thing asked for is not there."""

    code = "not_found"


class Conflict(HunterError):
    """What was asked for contradicts what is there."""

    code = "conflict"


class RulebookError(HunterError):
    """The rules as data are broken; `rule` names the place that has to be mended."""

    code = "rulebook"

    def __init__(self, rule: str, problem: str) -> None:
        super().__init__(f"{rule}: {problem}")
        #: Path of the offending rule, for example `segments.json: rules[2]`.
        self.rule = rule
        #: What is wrong with it.
        self.problem = problem


class Unavailable(HunterError):
    """A neighbour that we need cannot be reached now; trying later may help."""

    code = "unavailable"


class IntegrationError(HunterError):
    """A partner's system refused or failed."""

    code = "integration"

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        #: True when the same call may succeed later.
        self.retryable = retryable


def fault_line(error: BaseException) -> str:
    """Name kind, innermost place and text of an error that nobody foresaw, without the folders of this machine."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return f"{type(error).__name__}: {error}"
    file = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{type(error).__name__} in {file}:{trace.tb_lineno}: {error}"
