"""The app's three HTTP servers: the API, the web page, and the page of the next web generation."""

import html
import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

BODY_LIMIT = 16 << 20


class Server(ThreadingHTTPServer):
    """Counts the requests in flight, so that stopping can wait for them."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, port, handler, app):
        self.app = app
        self.in_flight = 0
        self.changed = threading.Condition()
        super().__init__(("", port), handler)

    def stop(self, seconds):
        """Takes no more connections, and gives requests in flight so many seconds to finish."""
        self.shutdown()
        self.server_close()
        with self.changed:
            self.changed.wait_for(lambda: self.in_flight == 0, seconds)

    def count(self, difference):
        with self.changed:
            self.in_flight += difference
            self.changed.notify_all()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ddalab"
    sys_version = ""
    timeout = 75
    disable_nagle_algorithm = True

    def do_any(self):
        self.server.count(1)
        try:
            self.answer(urlsplit(self.path))
        except Exception as error:
            self.json(503, {"error": " ".join(str(error).split()) or type(error).__name__})
        finally:
            self.server.count(-1)

    do_GET = do_HEAD = do_POST = do_PUT = do_any

    def answer(self, address):
        raise NotImplementedError

    def body(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_LIMIT:
            self.close_connection = True
            raise ValueError("the body is larger than 16 MiB")
        return self.rfile.read(length)

    def json(self, status, value):
        self.send(status, "application/json", json.dumps(value).encode())

    def send(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        # For tests of updates and of routes: which version, which port, which container.
        self.send_header("X-App-Version", self.server.app.settings.version)
        self.send_header("X-App-Port", str(self.server.server_port))
        self.send_header("X-App-Host", socket.gethostname())
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_request(self, code="-", size="-"):
        """Silent: health checks would fill the log."""


class Page(Handler):
    def answer(self, address):
        self.body()
        title = f"DDALAB {html.escape(self.server.app.settings.version)}"
        self.send(200, "text/html; charset=utf-8", f"<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n".encode())


class Api(Handler):
    def answer(self, address):
        app, body = self.server.app, self.body()
        route = (self.command.replace("HEAD", "GET"), address.path.rstrip("/"))
        if route in (("GET", "/health"), ("GET", "/api/health")):
            problems = app.health.check()
            self.json(503 if problems else 200, {"status": "unhealthy", "problems": problems} if problems else {"status": "healthy"})
        elif route == ("GET", "/api/version"):
            self.json(200, {"version": app.settings.version})
        elif route == ("GET", "/api/records"):
            self.json(200, {"records": app.database.records()})
        elif route == ("POST", "/api/records"):
            self.add_record(body)
        elif file := re.fullmatch(r"/api/files/([\w.-]+)", address.path):
            self.file(file[1], body)
        elif route == ("GET", "/api/wait"):
            # A request that takes its time, for tests of draining.
            seconds = min(float(parse_qs(address.query).get("seconds", ["1"])[0]), 30)
            time.sleep(seconds)
            self.json(200, {"waited": seconds})
        elif route == ("GET", "/docs"):
            self.send(200, "text/html; charset=utf-8", b"<!doctype html>\n<title>DDALAB API</title>\n")
        else:
            self.json(404, {"error": f"there is no {address.path} here"})

    def add_record(self, body):
        try:
            text = json.loads(body)["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if not isinstance(text, str):
            return self.json(400, {"error": 'the body has to be {"text": "..."}'})
        return self.json(201, self.server.app.database.add_record(text))

    def file(self, name, body):
        bucket = self.server.app.bucket
        if self.command == "PUT":
            bucket.put(f"files/{name}", body)
            return self.json(200, {"name": name, "size": len(body)})
        content = bucket.get(f"files/{name}")
        if content is None:
            return self.json(404, {"error": f"there is no file {name}"})
        return self.send(200, "application/octet-stream", content)
