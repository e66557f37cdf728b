#!/bin/bash
# Makes the database on the first start, then becomes the server.
set -euo pipefail

[[ ${1:-} != -* ]] || set -- postgres "$@"
[ "${1:-}" = postgres ] || exec "$@"

if [ "$(id -u)" -eq 0 ]; then
  mkdir -p "$PGDATA"
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres:postgres {} +
  chmod 0700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

# from_environment NAME: the variable's value, or the content of the file that NAME_FILE names.
from_environment() {
  local file="$1_FILE"
  if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-}"; fi
}

# Made in a directory of its own and moved in when complete, PG_VERSION last: whatever interrupts a first start, the next one sees
# either a database or leftovers that are ours to delete.
initialise() {
  local user password database new="$PGDATA/.initialising"
  user=$(from_environment POSTGRES_USER)
  user=${user:-postgres}
  password=$(from_environment POSTGRES_PASSWORD)
  database=$(from_environment POSTGRES_DB)
  database=${database:-$user}
  if [ -z "$password" ]; then
    echo "error: the database is new and POSTGRES_PASSWORD is not set" >&2
    exit 1
  fi
  if [ -e "$new" ]; then find "$PGDATA" -mindepth 1 -delete; fi
  initdb --pgdata="$new" --username="$user" --pwfile=<(printf '%s\n' "$password") \
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 >/dev/null
  echo "host all all all scram-sha-256" >>"$new/pg_hba.conf"
  printf "listen_addresses = '*'\njit = off\n" >>"$new/postgresql.conf"
  # Single-user mode: no server that answers health checks before the database is there.
  if [ "$database" != postgres ]; then
    printf 'CREATE DATABASE "%s"\n' "${database//\"/\"\"}" | postgres --single -j -D "$new" postgres >/dev/null
  fi
  find "$new" -mindepth 1 -maxdepth 1 \! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  sync
  mv "$new/PG_VERSION" "$PGDATA/"
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then initialise; fi
rm -rf "$PGDATA/.initialising"
exec "$@"
