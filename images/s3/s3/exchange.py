"""One HTTP request and its answer, as S3 has them: bodies that are stored as they arrive, chunked encodings, XML."""

import re
import xml.etree.ElementTree as ElementTree
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from .store import CHUNK

KEPT_HEADERS = ("content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires")
XML_LIMIT = 1 << 20


class S3Error(Exception):
    def __init__(self, code, message=""):
        super().__init__(message or code)
        self.code = code


class Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ddalab-s3"
    sys_version = ""
    timeout = 60
    unread = 0  # bytes of the body that have not been read yet

    # The request

    def kept_headers(self):
        return {
            name: value for name, value in ((name.lower(), value) for name, value in self.headers.items())
            if (name in KEPT_HEADERS or name.startswith("x-amz-meta-")) and value != "aws-chunked"
        }

    def receive(self):
        """Stores the body without a name; gives its file, size and MD5. A body other than the signed one is refused."""
        declared = self.headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        chunked = declared.startswith("STREAMING-")
        blob, size, md5, sha256 = self.server.store.write_blob(self.body_in_chunks() if chunked else self.body())
        length = self.headers.get("x-amz-decoded-content-length") if chunked else self.headers.get("Content-Length")
        if self.unread or (length is not None and int(length) != size):
            self.server.store.discard_blob(blob)
            self.close_connection = True
            raise S3Error("IncompleteBody")
        if re.fullmatch(r"[0-9a-f]{64}", declared) and declared != sha256:
            self.server.store.discard_blob(blob)
            raise S3Error("XAmzContentSHA256Mismatch")
        return blob, size, md5

    def body(self):
        while self.unread and (chunk := self.rfile.read(min(CHUNK, self.unread))):
            self.unread -= len(chunk)
            yield chunk

    def body_in_chunks(self):
        """The aws-chunked encoding: `SIZE;chunk-signature=...`, data, and so on; then trailers up to the end of the body."""
        while size := int(self.line().split(b";")[0] or b"0", 16):
            while size and (chunk := self.rfile.read(min(CHUNK, size))):
                self.unread -= len(chunk)
                size -= len(chunk)
                yield chunk
            if size:
                return
            self.line()
        for _ in self.body():
            pass

    def line(self):
        line = self.rfile.readline(4096)
        self.unread -= len(line)
        return line.strip()

    def read_xml(self):
        if self.unread > XML_LIMIT:
            raise S3Error("MalformedXML")
        try:
            return ElementTree.fromstring(b"".join(self.body()))
        except ElementTree.ParseError:
            raise S3Error("MalformedXML") from None

    # Answers

    def reply_xml(self, body, status=200):
        content = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()
        self.reply(status, {"Content-Type": "application/xml"}, length=len(content))
        if self.command != "HEAD":
            self.wfile.write(content)

    def reply(self, status, headers=None, length=0):
        # What was not read of the body would be taken for the next request.
        if self.unread > XML_LIMIT:
            self.close_connection = True
        else:
            for _ in self.body():
                pass
        self.send_response(HTTPStatus(status))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_request(self, code="-", size="-"):
        """Silent: one line for each request is the ingress's business."""
