"""Judges HTTP messages with httplint; runs in an environment of its own (`httplint.txt`).

One exchange a line on stdin, what is to be said of it a line on stdout, both JSON. Bytes are in
base64, headers are pairs in the order they came in.
"""

import json
import sys
from base64 import b64decode
from time import time
from typing import Any

from httplint.message import HttpRequestLinter, HttpResponseLinter

SAID = {"bad", "warning"}


def pairs(headers: list[list[str]]) -> list[tuple[bytes, bytes]]:
    """Headers as the linter takes them."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def judged(asked: dict[str, Any], told: dict[str, Any]) -> list[dict[str, str]]:
    """A request and its answer → the notes that find fault."""
    bodiless = asked["method"] == "HEAD" or told["status"] == 304
    request = HttpRequestLinter()
    response = HttpResponseLinter(start_time=time(), no_content=bodiless)
    request.process_request_topline(
        asked["method"].encode(), asked["address"].encode(), b"HTTP/1.1"
    )
    request.process_headers(pairs(asked["headers"]))
    request.finish_content(complete=True)
    response.request, request.response = request, response
    response.process_response_topline(
        b"HTTP/1.1", str(told["status"]).encode(), told["reason"].encode()
    )
    response.process_headers(pairs(told["headers"]))
    response.feed_content(b64decode(told["body"]))
    response.finish_content(complete=True)
    notes = [*response.notes, *(sub for note in response.notes for sub in note.subnotes)]
    return [
        {
            "name": type(note).__name__,
            "subject": str(note.subject),
            "summary": str(note.summary),
            "level": note.level.value,
        }
        for note in notes
        if note.level.value in SAID
    ]


if __name__ == "__main__":
    for line in sys.stdin:
        exchange = json.loads(line)
        sys.stdout.write(json.dumps(judged(exchange["asked"], exchange["told"])) + "\n")
        sys.stdout.flush()
