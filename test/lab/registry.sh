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

registry_stop() {
  local directory="$lab/registries/$1" id
  id=$(cat "$directory/pid" 2>/dev/null) && grep -qsa "$directory/config.yml" "/proc/$id/cmdline" || return 0
  kill "$id"
  while kill -0 "$id" 2>/dev/null; do sleep 0.05; done
}

# free_port FIRST: the first port from FIRST on that nobody listens on.
free_port() {
  local port=$1
  while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  printf '%s\n' "$port"
}
