# Two registries on loopback ports, `open` and `private` (a user and a password), so that engines reach them without TLS.
# Sourced by lab.sh, which sets $lab. Each is a directory under $lab/registries: config.yml, port, pid, log, data.
# shellcheck shell=bash disable=SC2154

registry_address() { printf '127.0.0.1:%s\n' "$(cat "$lab/registries/$1/port")"; }
registry_answers() {
  local port
  port=$(cat "$lab/registries/$1/port" 2>/dev/null) || return 1
  curl -s -o /dev/null -m 2 "http://127.0.0.1:$port/v2/"
}

registry_start() {
  local name=$1 directory="$lab/registries/$1" port=$2
  ! registry_answers "$name" || return 0
  mkdir -p "$directory/data"
  # The port stays the same over restarts, because references to images carry it.
  port=$(cat "$directory/port" 2>/dev/null) || port=$(free_port "$2")
  printf '%s\n' "$port" >"$directory/port"
  cat >"$directory/config.yml" <<CONFIG
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: $directory/data }
  delete: { enabled: true }
http: { addr: 127.0.0.1:$port }
CONFIG
  if [ "$name" = private ]; then
    registry_credentials
    printf 'auth:\n  htpasswd: { realm: ddalab-lab, path: %s }\n' "$directory/htpasswd" >>"$directory/config.yml"
  fi
  # shellcheck disable=SC2016 # expanded by the inner shell
  setsid -f sh -c 'echo $$ >"$1/pid"; exec "$2" serve "$1/config.yml"' sh "$directory" "$lab/tools/old/usr/bin/docker-registry" \
    </dev/null >>"$directory/log" 2>&1 9>&-
  local tenths=0
  until registry_answers "$name"; do
    tenths=$((tenths + 1))
    [ "$tenths" -le 100 ] || fail "registry $name does not answer after 10 s" "Its log: $directory/log"
    sleep 0.1
  done
}

# A user and a password of this lab's own, and their bcrypt hash, the only one that the registry takes.
registry_credentials() {
  local directory="$lab/registries/private" password
  [ ! -e "$directory/htpasswd" ] || return 0
  password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
  (umask 077 && printf '%s\n' "$password" >"$directory/password")
  # shellcheck disable=SC2016 # Perl's variables
  perl -e 'my ($password, $salt) = map { s/\s+\z//r } <STDIN>; print "ddalab:", crypt($password, "\$2y\$05\$$salt"), "\n"' \
    >"$directory/htpasswd" <<<"$password"$'\n'"$(head -c 64 /dev/urandom | base64 | tr -dc a-zA-Z0-9 | head -c 22)"
}

# What updates and pulls are tested with: the app in all its versions as ddalab/app, and busybox. Pushed again when it has changed.
registry_publish() {
  local repository="$1/ddalab" stamp published image target
  mkdir -p "$lab/registries"
  stamp="$lab/registries/published-$(tr ':' '-' <<<"$1")"
  # shellcheck disable=SC2046 # a list of words
  published=$(docker_new image inspect --format '{{ index .RepoTags 0 }} {{ .Id }}' $("$images/build.sh" --list --tests | grep -E '/(app|busybox):'))
  [ "$published" != "$(cat "$stamp" 2>/dev/null)" ] || return 0
  say "Publishing images to the registry"
  while read -r image _; do
    target="$repository/${image#ddalab-local/}"
    docker_new tag "$image" "$target"
    quietly "pushing $target" docker_new push -q "$target"
    docker_new rmi "$target" >/dev/null
  done <<<"$published"
  registry_foreign_index "$repository/app" wrong-platform
  printf '%s\n' "$published" >"$stamp"
}
# Docker on the newest engine, or on the borrowed one.
docker_new() { if borrowed; then docker "$@"; else "$(lab_docker)" --host "$(engine_host new)" "$@"; fi; }

# Puts an index in the place of a single manifest: a pull then finds "no matching manifest" for its platform.
registry_foreign_index() {
  local address="${1%%/*}" name="${1#*/}" tag=$2 type='application/vnd.docker.distribution.manifest.v2+json' manifest digest
  manifest=$(mktemp)
  curl -fsS -H "Accept: $type" -o "$manifest" "http://$address/v2/$name/manifests/$tag"
  digest=$(sha256 <"$manifest" | cut -d' ' -f1)
  curl -fsS -X PUT -H 'Content-Type: application/vnd.docker.distribution.manifest.list.v2+json' --data @- \
    "http://$address/v2/$name/manifests/$tag" <<INDEX
{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json", "manifests": [
  {"mediaType": "$type", "size": $(wc -c <"$manifest" | tr -d " "), "digest": "sha256:$digest", "platform": {"os": "linux", "architecture": "arm64"}}]}
INDEX
  rm "$manifest"
}

registry_stop() {
  local directory="$lab/registries/$1" id
  id=$(cat "$directory/pid" 2>/dev/null) && grep -qsa "$directory/config.yml" "/proc/$id/cmdline" || return 0
  kill "$id"
  wait_for_end "$id"
}

# free_port FIRST: the first port from FIRST on that nobody listens on.
free_port() {
  local port=$1
  while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  printf '%s\n' "$port"
}
