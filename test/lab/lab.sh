#!/usr/bin/env bash
# The test lab: real Docker engines, a real registry and the images of the tests. See docs/test-lab.md.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
images=$here/../../images
# shellcheck source=images/common.sh
. "$images/common.sh"
# shellcheck source=test/lab/engines.sh
. "$here/engines.sh"
# shellcheck source=test/lab/registry.sh
. "$here/registry.sh"
# shellcheck source=test/lab/borrowed.sh
. "$here/borrowed.sh"
# shellcheck source=test/lab/signing.sh
. "$here/signing.sh"
lab=$(lab_directory)
PATH="$PATH:/usr/sbin:/sbin"

usage() {
  cat >&2 <<'USAGE'
usage: test/lab/lab.sh VERB
  up                                bring everything up (again: does nothing, at once)
  down                              stop everything, keep the data
  clean                             stop everything and delete the lab's directory
  status                            what runs, with versions
  env                               what tests need to know, as KEY=VALUE
  engine-start NAME [--tools new|old] [--disk 64m]
                                    start an engine; an unknown name makes a throw-away one, and prints its address
  engine-stop NAME | engine-kill NAME | engine-remove NAME
  copy-images FROM TO IMAGE...      from one engine to another
USAGE
  exit 2
}

# One lab.sh at a time changes the lab. Daemons must not inherit the lock (9>&- where they start).
locked() {
  mkdir -p "$lab/engines"
  have flock || return 0
  exec 9>"$lab/lock"
  flock 9
}

up() {
  locked
  if borrowed; then
    borrowed_up
    return
  fi
  engine_tools
  signing_tools
  local name
  for name in new old; do
    engine_define "$name" "$name"
    engine_answers "$name" || { say "Starting engine $name"; engine_start "$name"; }
  done
  registry_start open 5601
  registry_start private 5701
  images_up
  registry_publish "$(registry_address open)"
}

# The images are built in one engine and copied to the other.
images_up() {
  local missing
  [ -z "$(images_at new --missing)" ] || { say "Building the images"; images_at new; }
  missing=$(images_at old --missing)
  [ -z "$missing" ] || { say "Copying the images to engine old"; xargs "$0" copy-images new old <<<"$missing"; }
}
images_at() { DDALAB_NO_PULL=1 DDALAB_DOCKER=$(lab_docker) DOCKER_HOST=$(engine_host "$1") "$images/build.sh" "${@:2}" --tests; }
lab_docker() { printf '%s\n' "$lab/tools/new/usr/bin/docker"; }

# copy_images FROM TO IMAGE...: between engines, without a registry.
copy_images() {
  local from=$1 to=$2
  shift 2
  "$(lab_docker)" --host "$(engine_host "$from")" save "$@" | "$(lab_docker)" --host "$(engine_host "$to")" load -q >/dev/null
}

down() {
  locked
  if borrowed; then
    borrowed_down
    return
  fi
  local name
  for name in open private; do registry_stop "$name"; done
  for name in $(engine_names); do
    ! engine_process "$name" >/dev/null || say "Stopping engine $name"
    case $name in
      new | old) engine_stop "$name" ;;
      *) engine_remove "$name" ;;
    esac
  done
}

clean() {
  down
  ! borrowed || fail "the images ddalab-local/* are left in the borrowed engine" "Remove them with: docker image rm"
  local name
  for name in $(engine_names); do engine_remove "$name"; done
  rm -rf "$lab"
}

status() {
  if borrowed; then
    borrowed_environment | grep -v PASSWORD
    return
  fi
  local name
  for name in $(engine_names); do
    if engine_answers "$name"; then
      printf 'engine %-8s %-24s %s\n' "$name" "$(engine_version "$name")" "$(engine_host "$name")"
    else
      printf 'engine %-8s stopped\n' "$name"
    fi
  done
  for name in open private; do
    ! registry_answers "$name" || printf 'registry %-6s %s\n' "$name" "$(registry_address "$name")"
  done
}

environment() {
  if borrowed; then
    borrowed_environment
    return
  fi
  local name key
  for name in old new; do
    engine_answers "$name" || continue
    key=DDALAB_LAB_ENGINE_$(tr "[:lower:]" "[:upper:]" <<<"$name")
    printf '%s=%s\n%s_VERSION=%s\n' "$key" "$(engine_host "$name")" "$key" "$(engine_version "$name" | cut -d' ' -f1)"
  done
  if registry_answers open && registry_answers private; then
    printf 'DDALAB_LAB_REGISTRY=%s\n' "$(registry_address open)"
    printf 'DDALAB_LAB_REGISTRY_AUTH=%s\n' "$(registry_address private)"
    printf 'DDALAB_LAB_REGISTRY_USER=ddalab\nDDALAB_LAB_REGISTRY_PASSWORD=%s\n' "$(cat "$lab/registries/private/password")"
  fi
  printf 'DDALAB_LAB_DOCKER=%s\n' "$(lab_docker)"
  printf 'DDALAB_LAB_COMPOSE=%s\n' "$lab/tools/new/usr/libexec/docker/cli-plugins/docker-compose"
}

start_engine() {
  ! borrowed || fail "an engine of its own takes root, and no DOCKER_HOST"
  local name=$1 tools=new disk=''
  shift
  while [ $# -gt 1 ]; do
    case $1 in
      --tools) tools=$2 ;;
      --disk) disk=$2 ;;
      *) usage ;;
    esac
    shift 2
  done
  locked
  engine_define "$name" "$tools" "$disk"
  engine_start "$name"
  engine_host "$name"
}

verb=${1:-}
[ $# -eq 0 ] || shift
case $verb in
  up | down | clean | status) "$verb" ;;
  env) environment && signing_environment ;;
  engine-start) start_engine "${1:?NAME}" "${@:2}" ;;
  engine-stop) engine_stop "${1:?NAME}" ;;
  engine-kill) engine_stop "${1:?NAME}" KILL ;;
  copy-images) [ $# -ge 3 ] || usage; copy_images "$@" ;;
  engine-remove) locked; engine_remove "${1:?NAME}" ;;
  *) usage ;;
esac
