"""A web server for the built site, seen from this machine alone. It compresses, as those of the net do."""

import gzip
import sys
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOOPBACK = "127.0.0.1"
SMALLER = (".css", ".html", ".ipynb", ".js", ".json", ".map", ".mjs", ".svg", ".wasm")  # when compressed


@cache
def compressed(path: Path, changed: float) -> bytes:
    return gzip.compress(path.read_bytes(), 5)


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # which keeps connections
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",  # Windows may say otherwise
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".ipynb": "application/json",
    }

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in SMALLER or not path.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
            super().do_GET()
            return
        content = compressed(path, path.stat().st_mtime)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")  # what is new is seen; the page itself keeps what it needs
        super().end_headers()

    def log_message(self, *words):
        """Nothing."""


def server(site: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server for a site; port 0 takes one that is free."""
    return ThreadingHTTPServer((LOOPBACK, port), partial(Handler, directory=str(site)))


def serve(site: Path, port: int) -> int:
    """Serve a site until Ctrl+C."""
    with server(site, port) as serving:
        print(f"http://{LOOPBACK}:{serving.server_port}/ shows the site. Ctrl+C ends it.", flush=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0
