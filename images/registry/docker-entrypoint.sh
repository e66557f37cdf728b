#!/bin/sh
set -eu

printf 'version: 0.1\nhttp: { addr: ":5000" }\nstorage: { filesystem: {} }\nlog: { accesslog: { disabled: true } }\n' >/tmp/config.yml
if [ -n "${REGISTRY_PASSWORD:-}" ]; then
  perl -e '
    my $salt = join "", map { ("a" .. "z", 0 .. 9)[rand 36] } 1 .. 22;
    print "$ENV{REGISTRY_USER}:", crypt($ENV{REGISTRY_PASSWORD}, "\$2y\$05\$$salt"), "\n"' >/tmp/htpasswd
  printf 'auth: { htpasswd: { realm: ddalab-lab, path: /tmp/htpasswd } }\n' >>/tmp/config.yml
fi
unset REGISTRY_USER REGISTRY_PASSWORD
exec docker-registry serve /tmp/config.yml
