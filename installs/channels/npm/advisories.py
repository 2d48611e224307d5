"""What is known against packages: npm, pnpm and yarn ask after every install, so it is one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installs.channels.npm.answers import BadRequest, answer, page_of
from installs.channels.npm.body import read_object
from installs.domain.npm_audit import NAMES_MOST, installed_in
from installs.selectors.npm_advisories import advisories_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from installs.channels.npm.call import Call
    from installs.selectors.npm_advisories import Known


def advisories(call: Call) -> HttpResponse:
    """POST `{name: [versions]}`: the advisories about these packages, by name; clients compare the versions."""
    wanted = read_object(call.request)
    if len(wanted) > NAMES_MOST:
        raise BadRequest("MP9010", {"form": "npm audit"})
    found = advisories_of(call.viewer, wanted)
    return answer({name: [_told(row) for row in rows] for name, rows in found.items()})


def quick_audit(call: Call) -> HttpResponse:
    """POST of a whole lock file: the older form of the same, which npm 10 asks for when it gets no answer else."""
    installed = installed_in(read_object(call.request))
    found = advisories_of(call.viewer, installed)
    told: dict[str, Any] = {}
    counts = dict.fromkeys(("info", "low", "moderate", "high", "critical"), 0)
    for name, rows in found.items():
        for row in rows:
            if hit := sorted(number for number in installed[name] if row.concerns(number)):
                counts[row.advisory.severity] += 1
                paths = [{"version": number, "paths": [name]} for number in hit]
                told[str(row.number)] = {**_told(row), "module_name": name, "findings": paths}
    metadata = {"vulnerabilities": counts, "dependencies": len(installed), "totalDependencies": len(installed)}
    return answer({"actions": [], "advisories": told, "muted": [], "metadata": metadata})


def _told(row: Known) -> dict[str, Any]:
    advisory = row.advisory
    return {
        "id": row.number,
        "url": page_of(advisory.package.full_name),
        "title": advisory.title,
        "severity": advisory.severity,
        "vulnerable_versions": advisory.vulnerable,
        "cwe": [],
        "cvss": {"score": 0, "vectorString": None},
    }
