#!/bin/sh
# Becomes redis-server as the user redis.
set -eu

case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac
[ "${1:-}" = redis-server ] || exec "$@"

# Reachable from the container's network, which is what keeps it apart; a password comes with --requirepass.
set -- "$@" --protected-mode no
if [ "$(id -u)" -eq 0 ]; then
  find /data \! -user redis -exec chown redis:redis {} +
  exec setpriv --reuid=redis --regid=redis --init-groups "$@"
fi
exec "$@"
