# The lab on an engine that is somebody's own: the one of DOCKER_HOST, or of a user who is not root. It only ever gets images named
# ddalab-local/* and two registries as containers. Sourced by lab.sh, which sets $lab, $images.
# shellcheck shell=bash disable=SC2154

borrowed() { [ -n "${DOCKER_HOST:-}" ] || ! is_root; }

borrowed_up() {
  docker version >/dev/null 2>&1 ||
    fail "no Docker engine answers, and bringing up engines of its own takes root" "Start Docker, or run this as root on Debian."
  [ -z "$("$images/build.sh" --missing --tests registry)" ] || { say "Building the images"; "$images/build.sh" --tests registry; }
  mkdir -p "$lab/borrowed"
  [ -s "$lab/borrowed/password" ] ||
    (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' '-_' >"$lab/borrowed/password")
  borrowed_registry open 5601
  # Through the environment of this command: not among its arguments.
  REGISTRY_USER=ddalab REGISTRY_PASSWORD=$(cat "$lab/borrowed/password") \
    borrowed_registry private 5701 --env REGISTRY_USER --env REGISTRY_PASSWORD
  registry_publish "$(borrowed_registry_address open)"
}

borrowed_registry() {
  local name="ddalab-lab-registry-$1" port=$2 state
  state=$(docker container inspect --format '{{ .State.Status }}' "$name" 2>/dev/null || true)
  case $state in
    running) return ;;
    '') docker run -d --name "$name" --publish "127.0.0.1:$(free_port "$port"):5000" "${@:3}" ddalab-local/registry:latest >/dev/null ;;
    *) docker start "$name" >/dev/null ;;
  esac
  local tenths=0
  until curl -s -o /dev/null -m 2 "http://$(borrowed_registry_address "$1")/v2/"; do
    tenths=$((tenths + 1))
    [ "$tenths" -le 100 ] || fail "the container $name does not answer after 10 s" "docker logs $name"
    sleep 0.1
  done
}
borrowed_registry_address() { docker port "ddalab-lab-registry-$1" 5000/tcp 2>/dev/null | head -n 1; }

borrowed_down() { docker rm --force --volumes ddalab-lab-registry-open ddalab-lab-registry-private >/dev/null 2>&1 || true; }

borrowed_environment() {
  local version
  if ! version=$(docker version --format '{{ .Server.Version }}' 2>/dev/null); then
    printf 'DDALAB_LAB_UNAVAILABLE=%s\n' "neither root, to bring up engines, nor a Docker engine that answers"
    return
  fi
  printf 'DDALAB_LAB_ENGINE_NEW=%s\n' "${DOCKER_HOST:-$(docker context inspect --format '{{ .Endpoints.docker.Host }}')}"
  printf 'DDALAB_LAB_ENGINE_NEW_VERSION=%s\n' "${version%%+*}"
  printf 'DDALAB_LAB_REGISTRY=%s\n' "$(borrowed_registry_address open)"
  printf 'DDALAB_LAB_REGISTRY_AUTH=%s\n' "$(borrowed_registry_address private)"
  printf 'DDALAB_LAB_REGISTRY_USER=ddalab\nDDALAB_LAB_REGISTRY_PASSWORD=%s\n' "$(cat "$lab/borrowed/password" 2>/dev/null)"
  printf 'DDALAB_LAB_DOCKER=%s\n' "$(command -v docker)"
  printf 'DDALAB_LAB_COMPOSE=%s\n' \
    "$(docker info --format '{{ range .ClientInfo.Plugins }}{{ if eq .Name "compose" }}{{ .Path }}{{ end }}{{ end }}' 2>/dev/null)"
}
