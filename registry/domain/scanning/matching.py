"""Runs the patterns over the sheets, and says what hits mean together."""

from __future__ import annotations

import re
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

from registry.domain.scanning.literals import Lines
from registry.domain.scanning.model import HOLDS, Hit, excerpt
from registry.domain.scanning.rules import COMBOS, PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from registry.domain.scanning.model import Combo, Rule
    from registry.domain.scanning.segments import Segment, Sheet

HITS_MOST = 400
EACH_MOST = 12
HIDDEN_MORE = 3
PAPERS = re.compile(
    r"(?:^|/)(?:CHANGELOG|CHANGES|HISTORY|LICEN[CS]E|SECURITY|CONTRIBUTING|CODE_OF_CONDUCT|NOTICE)[\w.-]{0,20}$|"
    r"(?:^|/)(?:tests?|__tests__|fixtures|testdata|spec|evals?)/|[._-](?:test|spec)\.\w{1,4}$|"
    r"(?:^|/)test_[\w-]{1,80}\.py$",
    re.IGNORECASE,
)
DEFENCE = re.compile(
    r"\b(?:security|pentest\w{0,4}|penetration|vulnerabilit\w{1,3}|malware|forensic\w{0,2}|threat|red[ -]?team\w{0,3}|"
    r"audit\w{0,3}|yara|semgrep|fuzz\w{0,4}|exploit\w{0,5}|injection|adversarial|guardrails?|prompt[ -]hardening|"
    r"incident|detection)\b",
    re.IGNORECASE,
)
REMARK = re.compile(r"\s*(?:#(?!!)|//|\*\s|/\*)")
SAID = "said"
"""What a program only says in its strings is no act of its code."""
SPOKEN = frozenset(("override", "quiet", "leak"))
LAUNCHES = re.compile(
    r"(?:^|/)(?:\.?mcp\.json|hooks/[\w-]{1,40}\.json|hooks\.json|\.claude/settings(?:\.local)?\.json)$"
)
"""Files whose commands run by themselves."""
LAUNCH_MORE = 3
PAPER_LESS = 4
DEFENCE_LESS = 3


def hits_of(sheet: Sheet, *, is_defence: bool) -> list[Hit]:
    """Every hit in one file, single ones first, then what they mean together."""
    found: list[tuple[int, Hit]] = []
    if not sheet.segments:
        return []
    lines = Lines.of([segment.text for segment in sheet.segments])
    for rule in PATTERNS:
        counted = 0
        for index in lines.that_may_match(rule):
            hit = _hit(rule, sheet.segments[index], sheet, is_defence=is_defence)
            if hit is not None:
                found.append((index, hit))
                counted += 1
            if counted >= EACH_MOST:
                break
    found.sort(key=itemgetter(0))
    hits = [hit for _, hit in found[:HITS_MOST]]
    return [*hits, *together(hits, sheet, is_defence=is_defence)]


def _hit(rule: Rule, segment: Segment, sheet: Sheet, *, is_defence: bool) -> Hit | None:
    if not _is_its_place(rule, segment):
        return None
    match = rule.pattern.search(segment.text) if len(segment.text) >= rule.least else None
    if match is None or _is_remark(rule, segment, sheet):
        return None
    if not segment.is_hidden and rule.unless is not None and _is_taken_out(rule.unless, segment, match, sheet):
        return None
    weight = rule.weight + (HIDDEN_MORE if segment.is_hidden and rule.weight > HIDDEN_MORE else 0)
    weight -= _less(sheet, segment, is_defence=is_defence) if rule.weight > HIDDEN_MORE else 0
    weight += LAUNCH_MORE if rule.weight > HIDDEN_MORE and LAUNCHES.search(sheet.path) else 0
    shown = excerpt(segment.text, match.start())
    is_said = sheet.is_script and not segment.is_code and not segment.is_hidden
    tags = rule.tags | {SAID} if is_said else rule.tags
    return Hit(rule.id, rule.code, max(weight, 1), sheet.path, segment.number, shown, tags)


def _is_its_place(rule: Rule, segment: Segment) -> bool:
    if segment.is_joined and rule.where != "prose" and not rule.tags & SPOKEN:
        return False
    match rule.where:
        case "code":
            return segment.is_code
        case "hidden":
            return segment.is_hidden
        case "prose":
            return segment.is_hidden or not segment.is_code
        case _:
            return True


def _is_remark(rule: Rule, segment: Segment, sheet: Sheet) -> bool:
    """Whether a script's comment only speaks of what would be an act: none, unless it speaks to the agent."""
    if not sheet.is_script or segment.is_hidden or not segment.is_code or "override" in rule.tags:
        return False
    return segment.is_told or REMARK.match(segment.text) is not None


def _is_taken_out(unless: re.Pattern[str], segment: Segment, match: re.Match[str], sheet: Sheet) -> bool:
    """Scripts do what they do whatever a comment beside it says, so only near words count there."""
    if sheet.is_script or LAUNCHES.search(sheet.path):
        return unless.search(match.group()) is not None
    near = segment.text[max(match.start() - 160, 0) : match.end() + 80]
    return unless.search(near) is not None


def _less(sheet: Sheet, segment: Segment, *, is_defence: bool) -> int:
    if segment.is_hidden:
        return 0
    return less_of(sheet, is_defence=is_defence)


def less_of(sheet: Sheet, *, is_defence: bool) -> int:
    """How much lighter a hit weighs in papers and tests, and beside the main document of a package about security."""
    if PAPERS.search(sheet.path):
        return PAPER_LESS
    is_main = sheet.is_script or sheet.path.rsplit("/", 1)[-1] == "SKILL.md"
    return DEFENCE_LESS if is_defence and not is_main else 0


def together(found: Sequence[Hit], sheet: Sheet, *, is_defence: bool) -> Iterator[Hit]:
    """The combinations that these hits of one file make."""
    by_tag: dict[str, list[Hit]] = defaultdict(list)
    for hit in found:
        for tag in hit.tags:
            by_tag[tag].append(hit)
    less = less_of(sheet, is_defence=is_defence)
    for combo in COMBOS:
        if combo.where == "code" and not sheet.is_script:
            continue
        if combo.where == "prose" and sheet.is_script:
            continue
        if any(tag not in by_tag for tag in combo.tags):
            continue
        groups = [by_tag[tag] for tag in combo.tags]
        if combo.where == "code":
            groups = [[hit for hit in group if SAID not in hit.tags] for group in groups]
        first = _near(combo, groups)
        if first is not None:
            yield Hit(combo.id, combo.code, combo.weight - less, sheet.path, first.line, first.excerpt)


def _near(combo: Combo, groups: Sequence[Iterable[Hit]]) -> Hit | None:
    """The first hit that has one of every other group within the combo's lines; a hit counts for one tag only."""
    first_group, *others = groups
    for hit in first_group:
        line = hit.line or 0
        used = {hit.rule}
        for group in others:
            close = next((o for o in group if _is_close(combo, line, o.line or 0) and o.rule not in used), None)
            if close is None:
                break
            used.add(close.rule)
        else:
            return hit
    return None


def _is_close(combo: Combo, line: int, other: int) -> bool:
    return combo.lines == 0 or abs(line - other) <= combo.lines


def is_defence_topic(text: str) -> bool:
    """Whether a package says of itself that it is about security, so that it quotes attacks."""
    return DEFENCE.search(text) is not None


def across(hits: Sequence[Hit]) -> Iterator[Hit]:
    """What several scripts do together: one reads secrets, another sends to a host without a name."""
    hits = [hit for hit in hits if not PAPERS.search(hit.path)]
    for taken in hits:
        if "secret" in taken.tags and not taken.path.endswith((".md", ".mdx")):
            senders = {hit.path for hit in hits if "sink" in hit.tags}
            shady = (hit for hit in hits if "shady" in hit.tags and hit.path in senders)
            sent = next((hit for hit in shady if not hit.path.endswith((".md", ".mdx"))), None)
            if sent is not None and sent.path != taken.path:
                yield Hit("flow.across-files", "MP3105", HOLDS, sent.path, sent.line, sent.excerpt)
            return
