"""The three places where the app keeps data. Each connects for every call, so that a store that restarts is found again."""

import hashlib
import http.client
import socket
from contextlib import closing
from datetime import datetime, timezone
from urllib.parse import quote

import psycopg2
from sigv4 import signature

TIMEOUT = 3  # seconds, for each answer


class Database:
    """PostgreSQL: records, and the row with which health is proven."""

    SCHEMA = """
    CREATE TABLE IF NOT EXISTS record (id bigserial PRIMARY KEY, text text NOT NULL, created timestamptz NOT NULL DEFAULT now());
    CREATE TABLE IF NOT EXISTS health (host text PRIMARY KEY, value text NOT NULL);
    """

    def __init__(self, settings):
        self._settings = settings
        self._has_schema = False

    def _run(self, statement, values=()):
        with closing(psycopg2.connect(**self._settings, connect_timeout=TIMEOUT)) as connection:
            with connection, connection.cursor() as cursor:
                if not self._has_schema:
                    # Two replicas may start at once, and CREATE ... IF NOT EXISTS is not safe against that.
                    cursor.execute("SELECT pg_advisory_xact_lock(8001)")
                    cursor.execute(self.SCHEMA)
                cursor.execute(statement, values)
                rows = cursor.fetchall()
        self._has_schema = True
        return rows

    def write_and_read(self, value):
        host = socket.gethostname()
        self._run("INSERT INTO health VALUES (%s, %s) ON CONFLICT (host) DO UPDATE SET value = excluded.value RETURNING 1", (host, value))
        return self._run("SELECT value FROM health WHERE host = %s", (host,))[0][0]

    def add_record(self, text):
        return self._record(self._run("INSERT INTO record (text) VALUES (%s) RETURNING id, text, created", (text,))[0])

    def records(self):
        return [self._record(row) for row in self._run("SELECT id, text, created FROM record ORDER BY id")]

    @staticmethod
    def _record(row):
        return {"id": row[0], "text": row[1], "created": row[2].isoformat()}


class Redis:
    """The cache, over its own protocol (RESP)."""

    def __init__(self, settings):
        self._settings = settings

    def write_and_read(self, value):
        key = f"ddalab:health:{socket.gethostname()}"
        commands = [["SELECT", str(self._settings["database"])], ["SET", key, value, "EX", "60"], ["GET", key]]
        if self._settings["password"]:
            commands.insert(0, ["AUTH", self._settings["password"]])
        with socket.create_connection((self._settings["host"], self._settings["port"]), TIMEOUT) as connection:
            with connection.makefile("rb") as answers:
                for command in commands:
                    words = [word.encode() for word in command]
                    connection.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words))
                    answer = self._answer(answers)
        return answer

    @staticmethod
    def _answer(stream):
        line = stream.readline().rstrip(b"\r\n")
        kind, text = line[:1], line[1:].decode()
        if kind == b"$":
            return stream.read(int(text) + 2)[:-2].decode() if text != "-1" else None
        if kind != b"+":
            raise OSError(text or "the connection was closed")
        return text


class Bucket:
    """Files in an S3 bucket, which is made when it is missing."""

    def __init__(self, settings):
        self._settings = settings
        self._is_made = False

    def _request(self, method, path, body=b""):
        settings, now = self._settings, datetime.now(timezone.utc)
        payload_hash = hashlib.sha256(body).hexdigest()
        headers = {"host": settings["address"], "x-amz-content-sha256": payload_hash, "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}"}
        scope, names = f"{now:%Y%m%d}/us-east-1/s3/aws4_request", sorted(headers)
        signed = signature(settings["secret"], scope, method, path, "", headers, names, payload_hash)
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={settings['user']}/{scope}, SignedHeaders={';'.join(names)}, Signature={signed}"
        )
        with closing(http.client.HTTPConnection(settings["address"], timeout=TIMEOUT)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()

    def _expect(self, status, *allowed):
        if status not in allowed:
            raise OSError(f"the S3 server answered {status}")

    def _path(self, name):
        return f"/{self._settings['bucket']}/{quote(name)}"

    def put(self, name, content):
        if not self._is_made:
            # 409: it is there, and ours.
            self._expect(self._request("PUT", f"/{self._settings['bucket']}")[0], 200, 409)
            self._is_made = True
        self._expect(self._request("PUT", self._path(name), content)[0], 200)

    def get(self, name):
        """The file's content, or None."""
        status, content = self._request("GET", self._path(name))
        self._expect(status, 200, 404)
        return content if status == 200 else None

    def write_and_read(self, value):
        name = f"health/{socket.gethostname()}"
        self.put(name, value.encode())
        return (self.get(name) or b"").decode()
