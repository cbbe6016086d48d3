"""A real nginx with the example's configuration: only ports, certificate and upstream are ours."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trustme
from aiohttp.test_utils import unused_port

from tests.repo.tree import TOP

SITE: Final = TOP / "docker" / "nginx.conf"
HOST: Final = "stadt.example"
SECONDS: Final = 10.0
MAIN: Final = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 128; }}
http {{
    access_log off;
    gzip on;  # as Debian has it, and more of it: the example must keep it away
    gzip_types *;
    gzip_proxied any;
    gzip_min_length 1;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running nginx: its ports, and whose certificates to trust."""

    plain: int
    secure: int
    trusted: trustme.CA

    @property
    def public_url(self) -> str:
        """Where the service is found through it."""
        return f"https://{HOST}:{self.secure}/klima/"


def nginx() -> str:
    """The program. Raises `FileNotFoundError` where it is not installed."""
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        raise FileNotFoundError("nginx is not installed (Debian: nginx-light)")
    return found


@contextmanager
def proxying(folder: Path, upstream: int) -> Iterator[Proxy]:
    """nginx in front of what listens on the loopback port `upstream`."""
    proxy = Proxy(unused_port(), unused_port(), trustme.CA())
    write(folder, proxy, upstream)
    process = subprocess.Popen(
        [nginx(), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(folder / "nginx.pid")
        yield proxy
    finally:
        process.terminate()
        process.wait()


def write(folder: Path, proxy: Proxy, upstream: int) -> None:
    """The example and what it needs around it, for these ports."""
    certificate = proxy.trusted.issue_cert(HOST)
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(folder / "cert.pem", append=True)
    replaced = {
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{proxy.plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{proxy.secure} ssl http2;",
        "/etc/ssl/certs/stadt.example.pem": f"{folder}/cert.pem",
        "/etc/ssl/private/stadt.example.key": f"{folder}/key.pem",
        "server 127.0.0.1:8080 ": f"server 127.0.0.1:{upstream} ",
    }
    site = SITE.read_text()
    for before, after in replaced.items():
        assert site.count(before) == 1, before
        site = site.replace(before, after)
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))


def _wait_for(file: Path) -> None:
    ends = time.monotonic() + SECONDS
    while not (file.exists() and file.read_text()):
        if time.monotonic() > ends:
            raise TimeoutError(file.name)
        time.sleep(0.01)
