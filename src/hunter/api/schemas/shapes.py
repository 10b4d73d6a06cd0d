"""What schemas share: text that a database can keep, and answers that cannot be changed once they are made."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

#: A cursor carries a name and a domain, each of which may be 255 letters long, written as base64 of JSON.
CursorText = Annotated[str, StringConstraints(max_length=6000, pattern=r"^[^\x00]*$")]
#: Text without NUL, which PostgreSQL cannot keep; lone surrogates are refused by the JSON reader.
PlainText = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00]*$")]
#: What something is called: one line, in which something can be seen.
NameText = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*$"
    ),
]
#: Whatever names a domain: the name itself, a web address; it is normalised.
DomainText = Annotated[str, StringConstraints(min_length=1, max_length=2048, pattern=r"^[^\x00]*$")]
#: The same where nothing is answered like any other text that names no domain.
MaybeDomainText = Annotated[str, StringConstraints(max_length=2048, pattern=r"^[^\x00]*$")]


class ResponseModel(BaseModel):
    """An answer of the API; the names of its fields are part of the contract."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True, from_attributes=True)


class RequestModel(BaseModel):
    """What a client sends; fields that nobody knows are ignored, as before, and no value is taken for another type."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True, extra="ignore", strict=True)
