from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from marketplace.core.codes import CODES
from marketplace.domain.openapi import Field, reference
from marketplace.storefront.views.help import TOPICS
from marketplace.views.api_reference import topics

pytestmark = pytest.mark.django_db


def text(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    found = answer.content.decode()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert " style=" not in found
    for address in re.findall(r"""(?:src|href|action)="(https?://[^"]*)""", found):
        assert address.startswith(settings.BASE_URL), address
    return found


@pytest.mark.parametrize("topic", list(TOPICS))
def test_each_topic_of_help_is_a_page_that_leads_to_the_others(topic: str) -> None:
    found = text(f"/help/{topic}")
    assert all(f'href="/help/{other}"' in found for other in TOPICS)
    assert 'aria-current="page"' in found


def test_help_lists_its_topics_and_knows_no_others() -> None:
    found = text("/help")
    assert all(f'href="/help/{topic}"' in found for topic in TOPICS)
    assert Client().get("/help/nothing").status_code == 404


def test_every_code_is_explained() -> None:
    found = text("/help/codes")
    assert all(f'id="{code}"' in found for code in CODES)


def test_install_lines_are_those_of_the_install_box() -> None:
    found = text("/help/install")
    assert "claude plugin install sql-reviewer@acme" in found
    assert escape("npm install @acme/sql-reviewer@1.2.0").replace("/", "/<wbr>") in found


def test_the_reference_holds_every_operation_of_the_document() -> None:
    found = text("/api/docs/")
    operations = [operation for topic in topics() for operation in topic.operations]
    ids = [operation.id for operation in operations]
    assert {"publish_package", "start_import", "get_me", "create_token", "add_member"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert all(f'id="{one}"' in found for one in ids)
    publish = next(operation for operation in operations if operation.id == "publish_package")
    assert (publish.method, publish.path, publish.body_type) == ("POST", "/api/v1/packages", "multipart/form-data")
    assert [field.name for field in publish.body][-1] == "file"


def test_a_document_is_read_through_its_references() -> None:
    document = {
        "paths": {
            "/api/v1/things/{id}": {
                "get": {
                    "operationId": "get_thing",
                    "description": "One thing.",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "Colour": {"enum": ["red", "blue"], "type": "string", "description": "Which one."},
                "Part": {"type": "object", "properties": {"size": {"type": "integer", "nullable": True}}},
                "Thing": {
                    "type": "object",
                    "required": ["colour"],
                    "properties": {
                        "colour": {"allOf": [{"$ref": "#/components/schemas/Colour"}]},
                        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                    },
                },
            }
        },
    }
    (topic,) = reference(document, prefix="/api/v1")
    (operation,) = topic.operations
    assert (topic.name, operation.method, operation.says) == ("things", "GET", "One thing.")
    assert operation.parameters == [Field("id", "string", is_required=True, place="path")]
    assert operation.answers[0].fields == [
        Field("colour", "red | blue", is_required=True, says="Which one."),
        Field("parts", "list of object"),
        Field("parts[].size", "integer, or null"),
    ]


def test_the_style_guide_shows_every_icon() -> None:
    found = text("/styleguide/")
    names = re.findall(r'<symbol id="([a-z_]+)"', (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text())
    shown = set(re.findall(r"icons\.svg#([a-z_]+)", found))
    assert names
    assert set(names) <= shown
