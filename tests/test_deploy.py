"""deploy/: what can be said of it without an engine: it is well formed, agrees with the desk, and holds no secret."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from ssl import CERT_NONE, PROTOCOL_TLS_CLIENT, SSLContext
from string import Template
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec.models import ComposeSpecification

from core.settings import Settings
from core.version import VERSION
from serving.guard import HEALTH
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
TEXTS = {path.relative_to(DEPLOY).as_posix(): path.read_text() for path in DEPLOY.rglob("*") if path.is_file()}
KUBERNETES = "1.31"
PORTS = {"app": 8501, "api": 8600}


def _read_compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return read


def _read_kubernetes() -> list[dict[str, Any]]:
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [one for file in files for one in yaml.safe_load_all(file.read_text())]


def _find(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in _read_kubernetes() if one["kind"] == kind}


def _list_pods() -> dict[str, dict[str, Any]]:
    """The pod of each Deployment, StatefulSet and CronJob, by its name."""
    pods = {
        name: one["spec"]["template"] for kind in ("Deployment", "StatefulSet") for name, one in _find(kind).items()
    }
    jobs = {name: one["spec"]["jobTemplate"]["spec"]["template"] for name, one in _find("CronJob").items()}
    return pods | jobs


def test_every_setting_named_is_one_of_the_desk() -> None:
    known = {f"POLICY_DESK_{name.upper()}" for name in Settings.model_fields}
    for name, text in TEXTS.items():
        assert set(re.findall(r"POLICY_DESK_[A-Z_]+", text)) <= known, name


def test_what_streamlit_is_told_it_knows() -> None:
    import streamlit.config

    known = {
        "STREAMLIT_" + re.sub(r"(?<=[a-z])(?=[A-Z])|\.", "_", name).upper()
        for name in streamlit.config._config_options_template
    }
    assert "STREAMLIT_SERVER_PORT" in known
    for name, text in TEXTS.items():
        assert set(re.findall(r"STREAMLIT_[A-Z_]+", text)) <= known, name


def test_images_are_pinned_and_those_of_the_versions_that_the_desk_needs() -> None:
    named = [line.split()[1] for line in TEXTS["Dockerfile"].splitlines() if line.startswith("FROM")]
    named += [service["image"] for service in _read_compose()["services"].values()]
    named += [box["image"] for pod in _list_pods().values() for box in pod["spec"]["containers"]]
    kustomization = yaml.safe_load(TEXTS["kustomization.yaml"])
    assert kustomization["images"] == [{"name": "policy-desk", "newTag": VERSION}]
    for image in named:
        name, _, tag = image.partition(":")
        if name == "policy-desk":
            assert tag in ("", VERSION)
            continue
        assert re.match(r"\d+\.\d+", tag), image
    client = re.search(r"^chromadb==(.*)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert client and f"chromadb/chroma:{client[1]}" in named


def test_no_secret_stands_in_a_file() -> None:
    for secret in _find("Secret").values():
        assert set(secret["stringData"].values()) == {""}
    assert "kubernetes/secrets.example.yaml" not in yaml.safe_load(TEXTS["kustomization.yaml"])["resources"]
    for line in TEXTS["env.example"].splitlines():
        assert line.startswith("#") or line.endswith("="), line
    for text in TEXTS.values():
        for line in re.findall(r"(?m)^\s*[A-Z_]*(?:PASSWORD|SECRET|TOKEN|_URL): (.+)$", text):
            assert "${" in line or line in ('""', "[sign_in]") or line[0] == "/" or "://" in line, line
        assert not re.search(r"://[^/\s:]+:(?!\$\{|PASSWORD)[^/\s@]+@", text), "a password in an address"


def test_compose_is_well_formed_and_names_only_what_is_there() -> None:
    compose = _read_compose()
    parsed = ComposeSpecification.model_validate({key: value for key, value in compose.items() if key[:2] != "x-"})
    assert parsed.services and set(parsed.services) == set(compose["services"])
    for service in compose["services"].values():
        assert set(service.get("depends_on", ())) <= set(compose["services"])
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", ()):
            source = volume.rsplit(":/", 1)[0]
            assert source in compose["volumes"] or "${" in source or (DEPLOY / source).is_file(), volume
    needed = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    offered = {line[:-1] for line in TEXTS["env.example"].splitlines() if line.endswith("=")}
    assert needed == offered


def test_in_compose_only_the_door_is_open_and_only_its_door_reaches_chroma() -> None:
    services = _read_compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert {name for name, service in services.items() if "vectors" in service["networks"]} == {"chroma", "chroma-door"}
    assert services["chroma"]["networks"] == ["vectors"]
    assert {name for name, service in services.items() if "cluster" in service["networks"]} == {
        "ingest", "ray-head", "ray-worker",
    }  # fmt: skip
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("read_only") or name == "chroma", name
    assert services["app"]["deploy"]["replicas"] >= 2


def test_ports_agree() -> None:
    assert "EXPOSE 8501 8600" in TEXTS["Dockerfile"]
    assert f"STREAMLIT_SERVER_PORT={PORTS['app']}" in TEXTS["Dockerfile"]
    upstream = TEXTS["nginx/desk.conf.template"]
    for name, port in PORTS.items():
        assert f"server {name}:{port}" in upstream
        box = _list_pods()[name]["spec"]["containers"][0]
        assert box["ports"] == [{"name": "http", "containerPort": port}]
    for command in (
        _read_compose()["services"]["api"]["command"],
        _list_pods()["api"]["spec"]["containers"][0]["command"],
    ):
        assert command[-2:] == ["--port", "8600"]
    for name, service in _find("Service").items():
        pod = _list_pods()[service["spec"]["selector"]["app"]]
        offered = {
            port["name"]: port["containerPort"] for box in pod["spec"]["containers"] for port in box.get("ports", ())
        }
        for port in service["spec"]["ports"]:
            assert offered[port["targetPort"]] == port["port"], name
    for ingress in _find("Ingress").values():
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = _find("Service")[path["backend"]["service"]["name"]]
                assert path["backend"]["service"]["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}
    settings = _find("ConfigMap")["settings"]["data"]
    chroma = _find("Service")["chroma"]["spec"]["ports"][0]["port"]
    assert settings["POLICY_DESK_CHROMA_URL"] == f"http://chroma:{chroma}"


def test_probes_ask_what_is_there() -> None:
    app = (ROOT / "app.py").read_text()
    assert f'Route("{HEALTH}"' in app
    assert f"http://127.0.0.1:{PORTS['app']}{HEALTH}" in TEXTS["Dockerfile"]
    assert f"http://127.0.0.1:{PORTS['api']}{HEALTH}" in str(_read_compose()["services"]["api"]["healthcheck"]["test"])
    for name in PORTS:
        box = _list_pods()[name]["spec"]["containers"][0]
        assert box["startupProbe"]["httpGet"]["path"] == box["readinessProbe"]["httpGet"]["path"] == HEALTH
    door = next(box for box in _list_pods()["chroma"]["spec"]["containers"] if box["name"] == "door")
    assert f"location = {door['readinessProbe']['httpGet']['path']} " in TEXTS["nginx/chroma.conf.template"]


def test_pods_have_no_more_than_they_need() -> None:
    pods = _list_pods()
    assert set(pods) == {"app", "api", "ingest", "database", "chroma", "ray-head", "ray-worker"}
    for name, pod in pods.items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        mounted = {volume["name"] for volume in spec["volumes"]}
        for box in spec["containers"]:
            allowed = box["securityContext"]
            assert allowed["allowPrivilegeEscalation"] is False, name
            assert allowed["capabilities"] == {"drop": ["ALL"]}, name
            assert "limits" in box["resources"] and "requests" in box["resources"], name
            if box["name"] != "chroma":
                assert allowed["readOnlyRootFilesystem"] is True, name
                assert {**spec["securityContext"], **allowed}["runAsNonRoot"] is True, name
                assert "tmp" in {mount["name"] for mount in box["volumeMounts"]}, name
            for mount in box["volumeMounts"]:
                claimed = {name} if name in _find("StatefulSet") else set()
                assert mount["name"] in mounted | claimed, name
    assert _find("Deployment")["app"]["spec"]["replicas"] >= 2


def test_a_browser_stays_with_its_page() -> None:
    annotations = _find("Ingress")["app"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    assert _find("Service")["app"]["spec"]["sessionAffinity"] == "ClientIP"


def test_nobody_reaches_what_is_not_said() -> None:
    policies = _find("NetworkPolicy")
    assert policies["nobody"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    assert [rule["ports"] for rule in policies["chroma"]["spec"]["ingress"]] == [[{"port": 8080}]]
    labels = {name: pod["metadata"]["labels"] for name, pod in _list_pods().items()}
    assert {name for name, label in labels.items() if label.get("role") == "desk"} == {"app", "api", "ingest"}


@pytest.mark.parametrize("resource", _read_kubernetes(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_every_resource_is_as_kubernetes_describes_it(resource: dict[str, Any]) -> None:
    kubernetes_validate.validate(resource, KUBERNETES, strict=True)


def test_a_resource_with_a_slip_would_be_found() -> None:
    broken = _find("Deployment")["app"]
    broken["spec"]["replica"] = 2
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, KUBERNETES, strict=True)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kustomize_builds_it() -> None:
    built = subprocess.run(["kubectl", "kustomize", str(DEPLOY)], capture_output=True, text=True, check=True).stdout
    resources = list(yaml.safe_load_all(built))
    kustomization = yaml.safe_load(TEXTS["kustomization.yaml"])
    files = {f"kubernetes/{file.name}" for file in (DEPLOY / "kubernetes").glob("*.yaml")}
    assert files - set(kustomization["resources"]) == {"kubernetes/secrets.example.yaml", "kubernetes/ray.yaml"}
    assert f"image: policy-desk:{VERSION}" in built
    assert "kind: Secret" not in built
    for resource in resources:
        assert resource["kind"] == "Namespace" or resource["metadata"]["namespace"] == "policy-desk"
        kubernetes_validate.validate(resource, KUBERNETES, strict=True)


def test_the_image_takes_in_what_runs_and_nothing_private() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    taken = {line[1:] for line in lines if line.startswith("!")}
    rooms = {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests", "evals", "scripts"}
    assert "*" in lines and "**/secrets.toml" in lines
    assert taken - {"requirements-*.txt"} == rooms | {
        "app.py", "LICENSE", "requirements.txt", ".streamlit/config.toml", "prompts",
    }  # fmt: skip
    assert re.search(r"^USER 10001", TEXTS["Dockerfile"], re.MULTILINE)


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_the_dockerfile_has_no_fault_that_hadolint_knows() -> None:
    found = subprocess.run(["hadolint", str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert found.stdout == ""


@pytest.mark.skipif(
    subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0
    if shutil.which("docker")
    else True,
    reason="docker compose is not installed",
)
def test_docker_compose_reads_it(tmp_path: Path) -> None:
    names = [line[:-1] for line in TEXTS["env.example"].splitlines() if line.endswith("=")]
    (tmp_path / "env").write_text("\n".join(f"{name}=x" for name in names))
    command = ["docker", "compose", "-f", str(COMPOSE), "--env-file", str(tmp_path / "env"), "config", "--quiet"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""


# -- the doors, by a real nginx ------------------------------------------------------------------

needs_nginx = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


class _Told(BaseHTTPRequestHandler):
    """Answers with the name of its server, and with what it was sent."""

    def do_GET(self) -> None:
        body = f"{self.connection.getsockname()[1]} {self.path} {self.headers.get('Authorization')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def _serve() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def _find_port() -> int:
    with create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def _run_nginx(folder: Path, configuration: str, port: int) -> Iterator[None]:
    """A real nginx with these servers, from the moment at which it listens."""
    folder.mkdir(exist_ok=True)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ {temporary} {configuration} }}"
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while True:
            assert process.poll() is None
            try:
                HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            except ConnectionRefusedError:
                continue
        yield
    finally:
        process.terminate()
        process.wait()


def _ask(connection: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
    """(status, body, Set-Cookie) of a request."""
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    told = answer.status, answer.read().decode(), answer.getheader("Set-Cookie") or ""
    connection.close()
    return told


@needs_nginx
def test_chromas_door_lets_in_who_has_the_token(tmp_path: Path) -> None:
    port = _find_port()
    with _serve() as server:
        filled = Template(TEXTS["nginx/chroma.conf.template"]).safe_substitute(
            {"CHROMA_TOKEN": "t0ken", "CHROMA_SERVER": f"127.0.0.1:{server}"}
        )
        with _run_nginx(tmp_path / "nginx", filled.replace("listen 8080", f"listen 127.0.0.1:{port}"), port):
            door = HTTPConnection("127.0.0.1", port, timeout=10)
            for wrong in (
                {},
                {"Authorization": "Bearer"},
                {"Authorization": "Bearer t0ken2"},
                {"Authorization": "t0ken"},
            ):
                assert _ask(door, "/api/v2/heartbeat", wrong)[0] == 401
            told = _ask(door, "/api/v2/heartbeat", {"Authorization": "Bearer t0ken"})
            assert told[:2] == (200, f"{server} /api/v2/heartbeat None"), "the token stays at the door"
            assert _ask(door, "/door")[0] == 204


@needs_nginx
def test_the_door_keeps_a_browser_with_its_page_and_shows_no_figures(tmp_path: Path) -> None:
    port, plain = _find_port(), _find_port()
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=desk.example", "-days", "2"]
    subprocess.run(
        [*openssl, "-keyout", str(tmp_path / "tls.key"), "-out", str(tmp_path / "tls.crt")],
        check=True,
        capture_output=True,
    )
    with _serve() as first, _serve() as second, _serve() as api:
        filled = TEXTS["nginx/desk.conf.template"]
        for old, new in (
            ("server app:8501 max_fails=2 fail_timeout=10s;", f"server 127.0.0.1:{first}; server 127.0.0.1:{second};"),
            ("api:8600", f"127.0.0.1:{api}"),
            ("${DESK_HOST}", "desk.example"),
            ("/etc/nginx/tls", str(tmp_path)),
            ("listen 8443", f"listen 127.0.0.1:{port}"),
            ("listen 8080", f"listen 127.0.0.1:{plain}"),
        ):
            assert old in filled
            filled = filled.replace(old, new)
        with _run_nginx(tmp_path / "nginx", filled, port):
            context = SSLContext(PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, CERT_NONE
            places = set()
            for _ in range(20):
                desk = HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
                status, told, cookie = _ask(desk, "/")
                assert status == 200 and "Secure; HttpOnly" in cookie
                place = told.split()[0]
                places.add(place)
                kept = {"Cookie": cookie.partition(";")[0]}
                assert {_ask(desk, "/_stcore/stream", kept)[1].split()[0] for _ in range(3)} == {place}
            assert places == {str(first), str(second)}, "browsers are spread over the processes"
            assert _ask(desk, "/api/notices")[1].startswith(f"{api} /notices")
            assert _ask(desk, "/metrics")[0] == _ask(desk, "/api/metrics")[0] == 404
            assert _ask(HTTPConnection("127.0.0.1", plain, timeout=10), "/x")[0] == 301
