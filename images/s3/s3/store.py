"""Buckets and objects in a directory: contents are files, names and metadata are in an SQLite index beside them.

An object appears when its row is committed, after its content has reached the disk. What a crash leaves is a file without
a row, which the next start removes.
"""

import hashlib
import json
import os
import sqlite3
import threading
import uuid
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, created TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS object (
  bucket TEXT NOT NULL REFERENCES bucket (name), key TEXT NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL,
  etag TEXT NOT NULL, modified TEXT NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, key));
CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS part (
  upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE, number INTEGER NOT NULL, blob TEXT NOT NULL,
  size INTEGER NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (upload, number));
"""
CHUNK = 1 << 20


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_chunks(stream):
    return iter(lambda: stream.read(CHUNK), b"")


class Store:
    def __init__(self, directory):
        self.blobs = Path(directory) / ".ddalab-s3" / "blobs"
        self.blobs.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(self.blobs.parent / "index.sqlite", check_same_thread=False)
        self._database.row_factory = sqlite3.Row
        self._database.executescript("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;" + SCHEMA)
        self._remove_blobs_without_a_row()

    def close(self):
        with self._lock:
            self._database.close()

    @contextmanager
    def _transaction(self):
        with self._lock, self._database:
            yield self._database

    def _row(self, statement, *values):
        with self._transaction() as database:
            return database.execute(statement, values).fetchone()

    def _rows(self, statement, *values):
        with self._transaction() as database:
            return database.execute(statement, values).fetchall()

    def _remove_blobs_without_a_row(self):
        known = {row["blob"] for row in self._rows("SELECT blob FROM object UNION SELECT blob FROM part")}
        self._remove(path.name for path in self.blobs.iterdir() if path.name not in known)

    def _remove(self, blobs):
        for blob in blobs:
            (self.blobs / blob).unlink(missing_ok=True)

    # Buckets

    def buckets(self):
        return self._rows("SELECT * FROM bucket ORDER BY name")

    def has_bucket(self, name):
        return self._row("SELECT 1 FROM bucket WHERE name = ?", name) is not None

    def create_bucket(self, name):
        self._row("INSERT OR IGNORE INTO bucket VALUES (?, ?)", name, now())

    def delete_bucket(self, name):
        """False when objects are left in it."""
        with self._transaction() as database:
            if database.execute("SELECT 1 FROM object WHERE bucket = ? LIMIT 1", (name,)).fetchone():
                return False
            database.execute("DELETE FROM bucket WHERE name = ?", (name,))
            return True

    # Objects

    def write_blob(self, chunks):
        """Writes content that no name points to yet. Gives its file's name, size, MD5 and SHA-256."""
        blob, size, md5, sha256 = uuid.uuid4().hex, 0, hashlib.md5(usedforsecurity=False), hashlib.sha256()
        try:
            with open(self.blobs / blob, "xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    md5.update(chunk)
                    sha256.update(chunk)
                    size += len(chunk)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            self._remove([blob])
            raise
        return blob, size, md5.hexdigest(), sha256.hexdigest()

    def discard_blob(self, blob):
        self._remove([blob])

    def open_blob(self, blob):
        return open(self.blobs / blob, "rb")

    def put(self, bucket, key, blob, size, etag, headers):
        with self._transaction() as database:
            old = database.execute("SELECT blob FROM object WHERE bucket = ? AND key = ?", (bucket, key)).fetchone()
            database.execute(
                "INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)",
                (bucket, key, blob, size, etag, now(), json.dumps(headers)),
            )
        self._remove([old["blob"]] if old else [])

    def get(self, bucket, key):
        return self._row("SELECT * FROM object WHERE bucket = ? AND key = ?", bucket, key)

    def delete(self, bucket, key):
        with self._transaction() as database:
            old = database.execute("SELECT blob FROM object WHERE bucket = ? AND key = ?", (bucket, key)).fetchone()
            database.execute("DELETE FROM object WHERE bucket = ? AND key = ?", (bucket, key))
        self._remove([old["blob"]] if old else [])

    def list(self, bucket, prefix, delimiter, after, limit):
        """Objects and common prefixes after a name, at most `limit` of both, in order of name; and the name to go on after."""
        objects, prefixes, last = [], [], after
        for row in self._rows(
            "SELECT * FROM object WHERE bucket = ? AND key > ? AND substr(key, 1, ?) = ? ORDER BY key",
            bucket, after, len(prefix), prefix,
        ):
            head, found, _ = row["key"][len(prefix):].partition(delimiter) if delimiter else ("", "", "")
            common = prefix + head + found if found else None
            if common is not None and (common == (prefixes[-1] if prefixes else None) or after.startswith(common)):
                last = row["key"]
                continue
            if len(objects) + len(prefixes) == limit:
                return objects, prefixes, last
            last = row["key"]
            if common is None:
                objects.append(row)
            else:
                prefixes.append(common)
        return objects, prefixes, None

    # Uploads in parts

    def start_upload(self, bucket, key, headers):
        upload = uuid.uuid4().hex
        self._row("INSERT INTO upload VALUES (?, ?, ?, ?)", upload, bucket, key, json.dumps(headers))
        return upload

    def has_upload(self, upload):
        return self._row("SELECT 1 FROM upload WHERE id = ?", upload) is not None

    def put_part(self, upload, number, blob, size, etag):
        with self._transaction() as database:
            old = database.execute("SELECT blob FROM part WHERE upload = ? AND number = ?", (upload, number)).fetchone()
            database.execute("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?)", (upload, number, blob, size, etag))
        self._remove([old["blob"]] if old else [])

    def complete_upload(self, upload, numbers):
        """Joins the parts into the object; gives its etag, or None when a part is missing."""
        parts = {row["number"]: row for row in self._rows("SELECT * FROM part WHERE upload = ?", upload)}
        if not numbers or any(number not in parts for number in numbers):
            return None
        target = self._row("SELECT * FROM upload WHERE id = ?", upload)

        def content():
            for number in numbers:
                with self.open_blob(parts[number]["blob"]) as part:
                    yield from read_chunks(part)

        blob, size, _, _ = self.write_blob(content())
        digests = b"".join(bytes.fromhex(parts[number]["etag"]) for number in numbers)
        etag = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(numbers)}"
        self.put(target["bucket"], target["key"], blob, size, etag, json.loads(target["headers"]))
        self.abort_upload(upload)
        return etag

    def abort_upload(self, upload):
        blobs = [row["blob"] for row in self._rows("SELECT blob FROM part WHERE upload = ?", upload)]
        self._row("DELETE FROM upload WHERE id = ?", upload)
        self._remove(blobs)
