"""The reference page: the OpenAPI document as plain HTML, without script and without another host.

In: the document. Out: one page. Every text of it is escaped.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

_HEAD: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><h1>{title}</h1><p>{description}</p><p><a href="/openapi.json">openapi.json</a></p></header>
<main>
"""
_TAIL: Final = "</main>\n</body>\n</html>\n"
_REFERENCE: Final = "#/components/schemas/"

Document = Mapping[str, Any]


def render_reference(document: Document) -> str:
    """Return the page of a document, its operations by tag."""
    about = document["info"]
    title = escape(f"{about['title']} {about['version']}")
    head = _HEAD.format(title=title, description=escape(about.get("description", "")))
    sections = (_section(document, tag) for tag in _tags(document))
    return head + "".join(sections) + _TAIL


def operations(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Go through a document's operations: method, path and operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _tags(document: Document) -> list[str]:
    return list(dict.fromkeys(tag for _, _, operation in operations(document) for tag in operation["tags"]))


def _section(document: Document, tag: str) -> str:
    rows = "".join(
        _operation(document, method, path, operation=operation)
        for method, path, operation in operations(document)
        if tag in operation["tags"]
    )
    return f"<h2>{escape(tag)}</h2>\n{rows}"


def _operation(document: Document, method: str, path: str, *, operation: Mapping[str, Any]) -> str:
    old = " <small>(old path)</small>" if operation.get("deprecated") else ""
    summary = f"<b>{method}</b> <code>{escape(path)}</code> {escape(operation['summary'])}{old}"
    parts = (
        f"<p>{escape(operation.get('description', ''))}</p>",
        _security(operation),
        _parameters(operation),
        _body(document, operation),
        _answers(document, operation),
    )
    return f"<details><summary>{summary}</summary>{''.join(parts)}</details>\n"


def _security(operation: Mapping[str, Any]) -> str:
    needed = ", ".join(name for scheme in operation.get("security", []) for name in scheme)
    return f"<p>Needs: <code>{escape(needed)}</code></p>" if needed else ""


def _parameters(operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{escape(one['in'])}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for one in operation.get("parameters", [])
    )
    return f"<h3>Parameters</h3><table><tbody>{rows}</tbody></table>" if rows else ""


def _body(document: Document, operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f"<h3>Body: {escape(kind)}</h3>{_example(document, media.get('schema', {}))}" for kind, media in content.items()
    )


def _answers(document: Document, operation: Mapping[str, Any]) -> str:
    rows = []
    for status, response in operation["responses"].items():
        example = ""
        if status.startswith("2"):
            contents = response.get("content", {}).values()
            example = "".join(_example(document, media.get("schema", {})) for media in contents)
        rows.append(f"<tr><td>{status}</td><td>{escape(response['description'])}{example}</td></tr>")
    return f"<h3>Answers</h3><table><tbody>{''.join(rows)}</tbody></table>"


def _example(document: Document, schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples") or _referenced(document, schema).get("examples")
    if not examples:
        return ""
    return f"<pre>{escape(json.dumps(examples[0], ensure_ascii=False, indent=2))}</pre>"


def _referenced(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = str(schema.get("$ref", ""))
    found: Mapping[str, Any] = document["components"]["schemas"].get(reference.removeprefix(_REFERENCE), {})
    return found
