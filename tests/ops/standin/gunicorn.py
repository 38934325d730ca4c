"""A stand-in for gunicorn: answers /healthz, or fails to start when NO_WEB is set."""

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from tests.ops.standin.children import leave_children


class Handler(BaseHTTPRequestHandler):
    """Answers every path with 200, quietly."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


def main() -> None:
    """Do what the command line says."""
    if os.environ.get("NO_WEB"):
        sys.exit("the stand-in web server will not start")
    host, port = sys.argv[sys.argv.index("--bind") + 1].split(":")
    leave_children()
    HTTPServer((host, int(port)), Handler).serve_forever()
