"""The S3 REST interface over a Store: buckets, objects, listings, uploads in parts. Addresses are path-style."""

import json
import re
from email.utils import format_datetime
from datetime import datetime
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape

from .exchange import Exchange, S3Error
from .signature import Denied, verify
from .store import CHUNK, read_chunks

STATUS = {
    "AccessDenied": 403, "InvalidAccessKeyId": 403, "SignatureDoesNotMatch": 403, "RequestTimeTooSkewed": 403,
    "NoSuchBucket": 404, "NoSuchKey": 404, "NoSuchUpload": 404, "BucketNotEmpty": 409, "InvalidRange": 416,
    "NotImplemented": 501, "MissingContentLength": 411,
}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, store, user, secret):
        self.store, self.user, self.secret = store, user, secret
        super().__init__(address, Handler)


class Handler(Exchange):
    def do_any(self):
        self.unread = int(self.headers.get("Content-Length") or 0)
        path, _, query = self.path.partition("?")
        if path in ("/minio/health/live", "/minio/health/ready") and self.command in ("GET", "HEAD"):
            return self.reply(200)
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            verify(self.server.user, self.server.secret, self.command, path, query, headers)
            if "transfer-encoding" in headers:
                raise S3Error("MissingContentLength")
            bucket, _, key = unquote(path).lstrip("/").partition("/")
            self.query = dict(parse_qsl(query, keep_blank_values=True))
            self.route(bucket, key)
        except (Denied, S3Error) as error:
            body = f"<Error><Code>{error.code}</Code><Message>{escape(str(error))}</Message><Resource>{escape(path)}</Resource></Error>"
            self.reply_xml(body, STATUS.get(error.code, 400))

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_any

    def route(self, bucket, key):
        store, method, query = self.server.store, self.command, self.query
        if not bucket:
            if method == "GET":
                return self.list_buckets()
            raise S3Error("NotImplemented")
        if not key and method == "PUT" and not query:
            if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket):
                raise S3Error("InvalidBucketName")
            store.create_bucket(bucket)
            return self.reply(200, {"Location": f"/{bucket}"})
        if not store.has_bucket(bucket):
            raise S3Error("NoSuchBucket")
        action = self.object_action(method, query) if key else self.bucket_action(method, query)
        if action is None:
            raise S3Error("NotImplemented")
        return action(bucket, key) if key else action(bucket)

    def bucket_action(self, method, query):
        if method == "HEAD":
            return lambda bucket: self.reply(200)
        if method == "DELETE" and not query:
            return self.delete_bucket
        if method == "POST" and "delete" in query:
            return self.delete_objects
        if method == "GET" and "location" in query:
            return lambda bucket: self.reply_xml("<LocationConstraint/>")
        if method == "GET" and not query.keys() & {"versioning", "policy", "uploads", "acl", "lifecycle", "versions", "tagging"}:
            return self.list_objects
        return None

    def object_action(self, method, query):
        upload = "uploadId" in query
        if method in ("GET", "HEAD") and not query.keys() & {"acl", "tagging", "uploadId"}:
            return self.get_object
        if method == "PUT" and not query.keys() & {"acl", "tagging"}:
            if "x-amz-copy-source" in self.headers:
                return None if upload else self.copy_object
            return self.put_part if upload else self.put_object
        if method == "POST" and "uploads" in query:
            return self.start_upload
        if method == "POST" and upload:
            return self.complete_upload
        if method == "DELETE":
            return self.abort_upload if upload else self.delete_object
        return None

    # Buckets and listings

    def list_buckets(self):
        buckets = "".join(
            f"<Bucket><Name>{row['name']}</Name><CreationDate>{row['created']}</CreationDate></Bucket>" for row in self.server.store.buckets()
        )
        self.reply_xml(f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>")

    def delete_bucket(self, bucket):
        if not self.server.store.delete_bucket(bucket):
            raise S3Error("BucketNotEmpty")
        self.reply(204)

    def list_objects(self, bucket):
        query, second = self.query, self.query.get("list-type") == "2"
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        after = query.get("continuation-token") or query.get("start-after", "") if second else query.get("marker", "")
        limit = min(int(query.get("max-keys") or 1000), 1000)
        objects, prefixes, following = self.server.store.list(bucket, prefix, delimiter, after, limit)
        name = (lambda text: quote(text, safe="/")) if query.get("encoding-type") == "url" else escape
        body = [
            f"<ListBucketResult><Name>{bucket}</Name><Prefix>{name(prefix)}</Prefix><Delimiter>{name(delimiter)}</Delimiter>",
            f"<MaxKeys>{limit}</MaxKeys><KeyCount>{len(objects) + len(prefixes)}</KeyCount>",
            f"<IsTruncated>{'true' if following else 'false'}</IsTruncated>",
        ]
        if "encoding-type" in query:
            body.append("<EncodingType>url</EncodingType>")
        if following:
            tag = "NextContinuationToken" if second else "NextMarker"
            body.append(f"<{tag}>{escape(following) if second else name(following)}</{tag}>")
        for row in objects:
            body.append(
                f"<Contents><Key>{name(row['key'])}</Key><LastModified>{row['modified']}</LastModified>"
                f"<ETag>&quot;{row['etag']}&quot;</ETag><Size>{row['size']}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            )
        body += [f"<CommonPrefixes><Prefix>{name(common)}</Prefix></CommonPrefixes>" for common in prefixes]
        self.reply_xml("".join([*body, "</ListBucketResult>"]))

    def delete_objects(self, bucket):
        keys = [element.text or "" for element in self.read_xml().iter() if element.tag.endswith("Key")]
        for key in keys:
            self.server.store.delete(bucket, key)
        self.reply_xml(f"<DeleteResult>{''.join(f'<Deleted><Key>{escape(key)}</Key></Deleted>' for key in keys)}</DeleteResult>")

    # Objects

    def get_object(self, bucket, key):
        row = self.server.store.get(bucket, key)
        if row is None:
            raise S3Error("NoSuchKey")
        first, last, size = 0, row["size"] - 1, row["size"]
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if wanted and any(wanted.groups()):
            first = int(wanted[1]) if wanted[1] else max(size - int(wanted[2]), 0)
            last = min(int(wanted[2]), last) if wanted[1] and wanted[2] else last
            if first > last:
                raise S3Error("InvalidRange")
        modified = format_datetime(datetime.fromisoformat(row["modified"]), usegmt=True)
        headers = {"ETag": f'"{row["etag"]}"', "Last-Modified": modified, "Accept-Ranges": "bytes", **json.loads(row["headers"])}
        partial = (first, last) != (0, size - 1)
        if partial:
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        with self.server.store.open_blob(row["blob"]) as content:
            self.reply(206 if partial else 200, headers, length=last - first + 1)
            if self.command == "HEAD":
                return
            content.seek(first)
            left = last - first + 1
            while left > 0 and (chunk := content.read(min(CHUNK, left))):
                self.wfile.write(chunk)
                left -= len(chunk)

    def put_object(self, bucket, key):
        blob, size, etag = self.receive()
        self.server.store.put(bucket, key, blob, size, etag, self.kept_headers())
        self.reply(200, {"ETag": f'"{etag}"'})

    def copy_object(self, bucket, key):
        store = self.server.store
        source_bucket, _, source_key = unquote(self.headers["x-amz-copy-source"].partition("?")[0]).lstrip("/").partition("/")
        source = store.get(source_bucket, source_key)
        if source is None:
            raise S3Error("NoSuchKey")
        replace = self.headers.get("x-amz-metadata-directive") == "REPLACE"
        with store.open_blob(source["blob"]) as content:
            blob, size, _, _ = store.write_blob(read_chunks(content))
        store.put(bucket, key, blob, size, source["etag"], self.kept_headers() if replace else json.loads(source["headers"]))
        row = store.get(bucket, key)
        self.reply_xml(
            f"<CopyObjectResult><LastModified>{row['modified']}</LastModified><ETag>&quot;{row['etag']}&quot;</ETag></CopyObjectResult>"
        )

    def delete_object(self, bucket, key):
        self.server.store.delete(bucket, key)
        self.reply(204)

    # Uploads in parts

    def start_upload(self, bucket, key):
        upload = self.server.store.start_upload(bucket, key, self.kept_headers())
        self.reply_xml(
            f"<InitiateMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
        )

    def put_part(self, bucket, key):
        upload = self.known_upload()
        blob, size, etag = self.receive()
        self.server.store.put_part(upload, int(self.query["partNumber"]), blob, size, etag)
        self.reply(200, {"ETag": f'"{etag}"'})

    def complete_upload(self, bucket, key):
        upload = self.known_upload()
        numbers = [int(element.text) for element in self.read_xml().iter() if element.tag.endswith("PartNumber")]
        etag = self.server.store.complete_upload(upload, numbers)
        if etag is None:
            raise S3Error("InvalidPart")
        self.reply_xml(
            f"<CompleteMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key><ETag>&quot;{etag}&quot;</ETag></CompleteMultipartUploadResult>"
        )

    def abort_upload(self, bucket, key):
        self.server.store.abort_upload(self.known_upload())
        self.reply(204)

    def known_upload(self):
        if not self.server.store.has_upload(self.query["uploadId"]):
            raise S3Error("NoSuchUpload")
        return self.query["uploadId"]
