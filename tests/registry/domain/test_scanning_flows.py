"""Code that runs what it is told, covers its tracks or leaves its bounds; and what rules promise of their matches."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.scanning.literals import Lines, folded, literals_of
from registry.domain.scanning.model import rule
from registry.domain.scanning.rules import PATTERNS
from tests.registry.domain.test_scanning import held, script

SERVER = (
    "from mcp import FastMCP\napp = FastMCP('notes')\n\n@app.tool()\ndef note(text: str, number: int) -> str:\n    "
)
RUN = {
    "evaluated": SERVER + "return str(eval(text))\n",
    "after an assignment": SERVER + "line = 'echo ' + text\n    return os.popen(line).read()\n",
    "in a shell": SERVER + "return subprocess.run(f'ls {text}', shell=True)\n",
    "revived": SERVER + "return pickle.loads(text)\n",
    "as a template": SERVER + "return Template('Dear ' + text).render()\n",
    "as a query": SERVER + "sql = db.cursor()\n    return sql.execute(f'delete {text}')\n",
}
HARMLESS = {
    "a constant": SERVER + "return str(eval('1 + 1'))\n",
    "a number": SERVER + "return os.popen(f'ls {int(number)}').read()\n",
    "quoted": SERVER + "return os.popen('ls ' + shlex.quote(text)).read()\n",
    "without built-in names": SERVER + "return eval(text, {'__builtins__': {}})\n",
    "a bound query": SERVER + "return db.execute('delete ?', (text,))\n",
    "arguments without a shell": SERVER + "return subprocess.run(['ls', text])\n",
    "no Python at all": "def (:\n",
}
TRACKS = {
    "logs": "os.remove('/var/log/auth.log')\n",
    "kernel": "open('/etc/ld.so.preload', 'w').write(path)\n",
    "keys of the machine": "get('http://169.254.169.254/latest/meta-data/iam/security-credentials/')\n",
    "ports": "for port in range(1, 1024):\n    if sock.connect_ex((host, port)) == 0:\n        found.append(port)\n",
}


@pytest.mark.parametrize("code", RUN.values(), ids=RUN.keys())
def test_what_a_tool_is_told_and_runs_is_held(code: str) -> None:
    assert "MP3124" in held(script(code))


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_a_tool_is_told_and_only_uses_is_not_held(code: str) -> None:
    assert held(script(code)) == set()


@pytest.mark.parametrize("code", TRACKS.values(), ids=TRACKS.keys())
def test_covering_tracks_and_leaving_bounds_is_held(code: str) -> None:
    assert held(script(code)) & {"MP3125", "MP3105"}


def test_page_that_runs_what_a_visitor_sends_is_held() -> None:
    assert held(script("page = \"<?php system($_GET['c']); ?>\"\n")) == {"MP3104"}


def test_loop_that_starts_processes_without_end_is_held() -> None:
    assert held(script("while True:\n    os.fork()\n")) == {"MP3115"}


@pytest.mark.parametrize("number", range(0, len(PATTERNS), 9), ids=lambda number: PATTERNS[number].id)
def test_every_match_contains_one_of_the_literals(number: int) -> None:
    chosen = PATTERNS[number]

    @settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(chosen.pattern))
    def check(text: str) -> None:
        assert all(any(literal in folded(text) for literal in found) for found in chosen.literals)
        assert 1 in Lines.of(["nothing", text]).that_may_match(chosen)
        assert len(text) >= chosen.least

    check()


def test_literals_are_read_from_the_pattern() -> None:
    def read(pattern: str) -> list[set[str]]:
        return [set(found) for found in literals_of(rule("a", "MP3102", 1, pattern).pattern)]

    assert read(r"\b(?:curl|wget)\s+https?://") == [{"http"}, {"curl", "wget"}, {"://"}]
    assert read(r"(?:curl|wget)\d") == [{"curl", "wget"}]
    assert read(r"(?:(?:curl)\s(?:to|from) file){1,3}") == [{" file"}, {"curl"}]
    assert read(r"\brm\s-\w") == [{"rm"}]
    assert read(r"(?:curl)?\d") == read(r"a\d") == []


def test_only_lines_with_a_literal_are_looked_at() -> None:
    lines = Lines.of(["CURL it", "nothing", "", "then curl, and curl", "Wget"])
    assert list(lines.that_may_match(rule("a", "MP3102", 1, r"(?:curl|wget)"))) == [0, 3, 4]
    assert list(lines.that_may_match(rule("a", "MP3102", 1, r"curl,? and"))) == [3]
    assert list(lines.that_may_match(rule("a", "MP3102", 1, r"wget.*shred"))) == []
    assert list(lines.that_may_match(rule("a", "MP3102", 1, r"\d"))) == [0, 1, 2, 3, 4]
