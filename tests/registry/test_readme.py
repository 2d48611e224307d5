from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.services.readme import main_document, readme_render, source_render
from tests.registry.packages import AGENT, MANIFEST, PLUGIN, SKILL, entry

BASE = "/@acme/kit/files/1.0.0/"
REL = 'rel="nofollow noopener noreferrer ugc"'


def rendered(text: str) -> str:
    return readme_render(text, files=BASE).strip()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Kit", '<h2 id="readme-kit">Kit</h2>'),
        ("###### Deep", '<h6 id="readme-deep">Deep</h6>'),
        ("[use](#kit)", f'<p><a href="#readme-kit" {REL}>use</a></p>'),
        ("[x](docs/a.md)", f'<p><a href="{BASE}docs/a.md" {REL}>x</a></p>'),
        ("[x](./docs/a%20b.md)", f'<p><a href="{BASE}docs/a%20b.md" {REL}>x</a></p>'),
        ("[x](../up.md)", f"<p><a {REL}>x</a></p>"),
        ("[x](/admin/)", f"<p><a {REL}>x</a></p>"),
        ("[x](//evil.example/)", f"<p><a {REL}>x</a></p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](https://a.example/)", f'<p><a href="https://a.example/" {REL}>x</a></p>'),
        ("![logo](logo.png)", f'<p><img src="{BASE}logo.png" alt="logo"></p>'),
        ("![logo](https://a.example/l.png)", f'<p><a href="https://a.example/l.png" {REL}>logo</a></p>'),
        ("![](https://a.example/l.png)", f'<p><a href="https://a.example/l.png" {REL}>https://a.example/l.png</a></p>'),
        ("[![ci](https://a.example/b.svg)](https://b.example/)", f'<p><a href="https://b.example/" {REL}>ci</a></p>'),
        ('<img src="data:image/png;base64,AA" alt="x">', "x"),
        ("<script>alert(1)</script>", ""),
        ('<p onclick="x()" style="color:red" class="note">hi</p>', "<p>hi</p>"),
        ('<h2 id="main">x</h2>', "<h2>x</h2>"),
        ("<iframe src='https://a.example'></iframe>", ""),
        ("a\n\n| a | b |\n|---|---|\n| 1 | 2 |", ""),
    ],
)
def test_markdown_becomes_safe_html(text: str, html: str) -> None:
    if html:
        assert rendered(text) == html
    else:
        assert not re.search(r"<(script|iframe)|alert", rendered(text))


def test_same_heading_twice_has_two_places() -> None:
    assert re.findall(r'id="([^"]+)"', rendered("# Use\n\n# Use\n")) == ["readme-use", "readme-use-1"]


def test_code_is_highlighted_by_classes_only() -> None:
    html = rendered("```python\nimport os\n```")
    assert '<span class="kn">import</span>' in html
    assert "style=" not in html


@given(st.text(max_size=300))
def test_any_text_is_rendered_without_scripts_and_foreign_images(text: str) -> None:
    html = rendered(text + '\n<img src="https://a.example/x.png">')
    assert not re.search(r"<script|<img[^>]+src=\"(?!/@acme)|\son\w+=|style=|javascript:[^<]*\"", html)


def test_main_document_is_the_readme_or_the_thing_itself() -> None:
    def told(files: dict[str, object]) -> str:
        one = entry(files)
        return main_document(one.content, one.manifest).strip()

    assert told({"SKILL.md": SKILL, "README.md": "# Hi"}) == "# Hi"
    assert told({"SKILL.md": SKILL}) == "Read the plan first."
    assert told({"agents/tester.md": AGENT}) == "You write tests."
    assert told({MANIFEST: PLUGIN, "skills/reviewer/SKILL.md": SKILL}) == ""


def test_source_is_numbered_line_by_line() -> None:
    html = source_render("a.py", "import os\n<b>\n")
    assert 'id="L-1"' in html
    assert "<b>" not in html
