"""JSON that is written straight from values: for long answers, where checking every row once more would cost most.

A contract test holds such answers against their schemas. Letters are not escaped, NaN becomes null, times carry
an offset.
"""

from typing import Any

from pydantic_core import to_json
from starlette.responses import Response


class JSONAnswer(Response):
    """Values of JSON, dates and times as the body of an answer."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the bytes of the values."""
        return to_json(content)
