"""A folder of documents, sent by a process of its own, so that sending costs the measured ones
nothing.

python -m benchmarks.files FOLDER: sends what lies in it. Prints its port.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from aiohttp import web


@contextmanager
def files(folder: Path) -> Iterator[tuple[str, int]]:
    """The folder's base URL and the sender's process id while it runs."""
    command = [sys.executable, "-m", "benchmarks.files", str(folder)]
    with Popen(command, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/", process.pid
        finally:
            process.terminate()


def _main() -> None:
    folder = Path(sys.argv[1])

    async def answer(request: web.Request) -> web.Response:
        body = (folder / request.match_info["name"]).read_bytes()
        return web.Response(body=body, content_type="application/octet-stream")

    app = web.Application()
    app.router.add_get("/{name}", answer)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        web.run_app(app, sock=listening, print=None, access_log=None)


if __name__ == "__main__":
    _main()
