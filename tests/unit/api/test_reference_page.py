"""The page of the document escapes whatever stands in it."""

from typing import Any

from hunter.api.reference_page import render_reference


def test_every_text_is_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    operation: dict[str, Any] = {
        "tags": [hostile],
        "summary": hostile,
        "description": hostile,
        "deprecated": True,
        "security": [{hostile: []}],
        "parameters": [{"name": hostile, "in": "query", "description": hostile}],
        "requestBody": {"content": {hostile: {"schema": {"examples": [hostile]}}}},
        "responses": {
            "200": {"description": hostile, "content": {"x": {"schema": {"$ref": "#/components/schemas/A"}}}}
        },
    }
    document = {
        "info": {"title": hostile, "version": hostile, "description": hostile},
        "paths": {hostile: {"get": operation}},
        "components": {"schemas": {"A": {"examples": [{hostile: hostile}]}}},
    }
    page = render_reference(document)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 12
    assert "(old path)" in page
