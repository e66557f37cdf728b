"""AWS Signature Version 4, as in "Authenticating Requests: Using the Authorization Header"."""

import hashlib
import hmac
from urllib.parse import parse_qsl, quote, unquote


def signature(secret, scope, method, path, query, headers, signed_headers, payload_hash):
    """The hexadecimal signature. `headers` maps lower-case names to values, `path` and `query` are as they were sent."""
    pairs = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in parse_qsl(query, keep_blank_values=True))
    canonical_request = "\n".join([
        method,
        quote(unquote(path), safe="/~"),
        "&".join(f"{key}={value}" for key, value in pairs),
        *(f"{name}:{' '.join(headers.get(name, '').split())}" for name in signed_headers),
        "",
        ";".join(signed_headers),
        payload_hash,
    ])
    digest = hashlib.sha256(canonical_request.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, digest])
    key = f"AWS4{secret}".encode()
    for word in (*scope.split("/"), text):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return key.hex()
