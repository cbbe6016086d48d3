"""Ask the service in this container whether it lives: exit code 0 if so, 1 if not.

It runs every half minute, so it imports as little as can be and asks `/healthz` only, which needs
no database: a database that is away is no reason to start the service anew.
"""

import os
import socket
import sys

SECONDS = 4.0
ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def is_alive(port: int) -> bool:
    """Whether `/healthz` on this port of the loopback address answers with 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), SECONDS) as asking:
            asking.sendall(ASK)
            return asking.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not is_alive(int(os.environ.get("ALLMENDE_SERVICE__PORT", "8080"))))
