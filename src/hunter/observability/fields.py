"""The fields that a log line may have. What is not named here does not get out.

A new field is a decision: a line here, and a look at what may stand in it.
"""

from typing import Final

#: Written as they are, after scrubbing: none of them names a person or a company.
PLAIN_FIELDS: Final = frozenset(
    {
        # Of every line.
        "event",
        "level",
        "timestamp",
        "logger",
        "request_id",
        "job_id",
        "environment",
        "version",
        # Of a request.
        "method",
        "route",
        "path",
        "status",
        "elapsed_ms",
        "code",
        "refused",
        "api_key_id",
        # Of the subject. A domain name is public.
        "domain",
        "provider",
        "segment",
        "source",
        "format",
        "count",
        "rows",
        "left",
        "attempt",
        "limiter",
        "dropped_fields",
        # Of settings and servers in effect.
        "setting",
        "value",
        "host",
        "port",
        "check",
        # Of an error.
        "component",
        "severity",
        "error_type",
        "error_text",
        "where",
    }
)
#: Written as a reference of eight hex characters.
MASKED_FIELDS: Final = frozenset({"company_name", "email", "person_name", "domain_reference", "client"})
