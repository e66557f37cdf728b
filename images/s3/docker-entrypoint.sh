#!/bin/sh
# Becomes the server, as a user who owns nothing but the data.
set -eu

[ "${1:-}" != minio ] || shift
[ "${1:-}" = server ] || exec "$@"

set -- python3 -m s3 "$@"
if [ "$(id -u)" -eq 0 ]; then
  find /data \! -user s3 -exec chown s3:s3 {} +
  exec setpriv --reuid=s3 --regid=s3 --init-groups "$@"
fi
exec "$@"
