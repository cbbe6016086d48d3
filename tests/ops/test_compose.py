"""The compose files: keys that exist, nothing open that need not be, settings that are settings."""

import re
from typing import Any, Final

import pytest
import yaml

from aggregator.settings import ServiceSettings
from tests.ops.commands import is_command
from tests.ops.dockerfile import of, stages
from tests.ops.variables import unknown, wrong
from tests.repo.tree import TOP

SINGLE: Final = "compose.yaml"
CLUSTER: Final = "compose.cluster.yaml"
USER: Final = of(stages()[-1], "USER")[0].rest.partition(":")[0]

# The keys of a service that the Compose Specification knows, as far as these files need them.
KEYS: Final = {
    "build", "cap_drop", "command", "depends_on", "deploy", "environment", "healthcheck", "image",
    "init", "logging", "mem_limit", "networks", "pids_limit", "ports", "read_only", "restart",
    "secrets", "security_opt", "shm_size", "stop_grace_period", "tmpfs", "user", "volumes",
}  # fmt: skip
TOPS: Final = {"name", "services", "networks", "volumes", "secrets"}
CHECKS: Final = {
    "disable", "interval", "retries", "start_period", "test", "timeout",
}  # fmt: skip
SPAN: Final = re.compile(r"127\.0\.0\.1:(\d+)(?:-(\d+))?:(\d+)")


def load(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((TOP / "docker" / file).read_text())
    return found


def services() -> list[Any]:
    return [
        pytest.param(file, service, id=f"{file}:{name}")
        for file in (SINGLE, CLUSTER)
        for name, service in load(file)["services"].items()
    ]


OURS = [param for param in services() if param.values[1]["image"] == "allmende"]


@pytest.mark.parametrize("file", [SINGLE, CLUSTER])
def test_a_file_uses_only_keys_that_compose_knows(file: str) -> None:
    written = load(file)
    assert {key for key in written if not key.startswith("x-")} <= TOPS
    for service in written["services"].values():
        assert set(service) <= KEYS
        assert set(service.get("healthcheck", {})) <= CHECKS


@pytest.mark.parametrize("file", [SINGLE, CLUSTER])
def test_what_a_service_names_is_declared(file: str) -> None:
    written = load(file)
    for service in written["services"].values():
        named = {m["source"] for m in service.get("volumes", []) if m["type"] == "volume"}
        assert named <= set(written["volumes"])
        assert set(service.get("secrets", [])) <= set(written.get("secrets", {}))
        assert set(service.get("networks", [])) <= set(written.get("networks", {}))
        assert set(service.get("depends_on", {})) <= set(written["services"])


@pytest.mark.parametrize(("file", "service"), services())
def test_a_service_is_confined(file: str, service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] <= 256
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service)


@pytest.mark.parametrize(("file", "service"), services())
def test_what_is_published_is_published_to_this_machine_only(
    file: str, service: dict[str, Any]
) -> None:
    assert all(SPAN.fullmatch(port) for port in service.get("ports", []))


@pytest.mark.parametrize(("file", "service"), OURS)
def test_variables_are_settings(file: str, service: dict[str, Any]) -> None:
    variables = service.get("environment", {})
    assert unknown(variables) == set()
    assert wrong(variables) == []


@pytest.mark.parametrize(("file", "service"), OURS)
def test_a_container_of_ours_is_the_image_with_its_volume_and_configuration(
    file: str, service: dict[str, Any]
) -> None:
    build = service["build"]
    assert (TOP / "docker" / build["context"]).resolve() == TOP
    assert (TOP / build["dockerfile"]).is_file()
    mounted = {mount["target"]: mount for mount in service["volumes"]}
    assert mounted.keys() == {"/data", "/allmende.toml"}
    assert mounted["/allmende.toml"]["read_only"] is True
    assert is_command(service.get("command", ["serve"]))


@pytest.mark.parametrize(("file", "service"), OURS)
def test_ports_lead_to_the_port_it_listens_on_one_for_each_container(
    file: str, service: dict[str, Any]
) -> None:
    for port in service.get("ports", []):
        first, last, inside = SPAN.fullmatch(port).groups()  # type: ignore[union-attr]
        assert int(inside) == ServiceSettings().port
        replicas = service.get("deploy", {}).get("replicas", 1)
        assert int(last or first) - int(first) + 1 == replicas


def test_the_cluster_has_two_that_serve_and_two_that_work() -> None:
    cluster = load(CLUSTER)["services"]
    assert cluster["api"]["command"] == ["serve", "--no-worker"]
    assert cluster["worker"]["command"] == ["worker"]
    assert [cluster[name]["deploy"]["replicas"] for name in ("api", "worker")] == [2, 2]
    assert cluster["worker"]["healthcheck"] == {"disable": True}


def test_the_database_cannot_be_reached_from_outside() -> None:
    cluster = load(CLUSTER)
    database = cluster["services"]["database"]
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert cluster["networks"]["inside"]["internal"] is True


def test_passwords_come_from_files() -> None:
    cluster = load(CLUSTER)["services"]
    variables = [v for one in cluster.values() for v in one.get("environment", {}).items()]
    secret = [value for name, value in variables if re.search("PASSWORD|SERVICE__DATABASE", name)]
    assert len(secret) == 3
    assert all("/run/secrets/" in value for value in secret)


def test_the_comments_name_the_user_who_reads_the_secrets() -> None:
    for file in (SINGLE, CLUSTER):
        assert f"readable by user {USER}" in (TOP / "docker" / file).read_text()
