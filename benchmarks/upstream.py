"""A volunteer agency in a process of its own: sends the file it is given, so that making and
sending the list costs the measured processes nothing.

python -m benchmarks.upstream FOLDER: sends FOLDER/list.xml; with FOLDER/etag as its validator.
Prints its port.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from aiohttp import web

PATH = "/query/api/MatchingServiceEndpoint.php"


@contextmanager
def upstream(folder: Path) -> Iterator[tuple[str, int]]:
    """The agency's base URL and process id while it runs."""
    command = [sys.executable, "-m", "benchmarks.upstream", str(folder)]
    with Popen(command, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            yield f"http://127.0.0.1:{port}/query/api/", process.pid
        finally:
            process.terminate()


async def _serve(folder: Path) -> web.Application:
    async def answer(request: web.Request) -> web.StreamResponse:
        mark = folder / "etag"
        headers = {"ETag": mark.read_text()} if mark.exists() else {}
        if headers and request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        body = (folder / "list.xml").read_bytes()
        return web.Response(body=body, content_type="text/xml", headers=headers)

    app = web.Application()
    app.router.add_get(PATH, answer)
    return app


def _main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        web.run_app(_serve(Path(sys.argv[1])), sock=listening, print=None, access_log=None)


if __name__ == "__main__":
    _main()
