"""Is a request signed by the one user there is?"""

import hmac
import re
from datetime import datetime, timedelta, timezone

from sigv4 import signature

CLOCK_SKEW = timedelta(minutes=15)
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<user>[^/]+)/(?P<scope>\d{8}/[^/]+/s3/aws4_request),\s*"
    r"SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


class Denied(Exception):
    """The request is not signed as it has to be. `code` is the S3 error code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def verify(user, secret, method, path, query, headers, now=None):
    """Raises Denied unless the request is signed by `user` with `secret`, and recently."""
    authorization = AUTHORIZATION.fullmatch(headers.get("authorization", "").strip())
    if authorization is None:
        raise Denied("AccessDenied")
    signed_headers = authorization["headers"].split(";")
    try:
        sent = datetime.strptime(headers.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Denied("AccessDenied") from None
    if abs((now or datetime.now(timezone.utc)) - sent) > CLOCK_SKEW:
        raise Denied("RequestTimeTooSkewed")
    if not hmac.compare_digest(authorization["user"].encode(), user.encode()):
        raise Denied("InvalidAccessKeyId")
    payload_hash = headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    expected = signature(secret, authorization["scope"], method, path, query, headers, signed_headers, payload_hash)
    if "host" not in signed_headers or not hmac.compare_digest(expected, authorization["signature"]):
        raise Denied("SignatureDoesNotMatch")
