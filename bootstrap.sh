#!/usr/bin/env bash
# From a clone to a running system, on a machine with nothing but Debian (or Ubuntu) and Node 20; elsewhere where Docker is there.
#   ./bootstrap.sh         fetches the toolchain and the dependencies, and builds bin/ddalab
#   ./bootstrap.sh up      the same, and brings up Docker where it is missing, and the DDALAB stack on it
#   ./bootstrap.sh test    the same as the first, then all checks and all tests, on real engines
# Every step is skipped when it is already done.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=images/common.sh
. images/common.sh
# The toolchain's Node comes before the machine's.
export PATH="$PWD/node_modules/.bin:$PATH:/usr/sbin:/sbin"

setup() {
  have npm || fail "Node.js is missing" "Install Node 20 or newer with npm; the project brings its own newer Node along."
  if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    say "Fetching the toolchain and the dependencies"
    # `npm ci` refuses a lock file that lacks optional packages of other platforms, as it does where a mirror lacks them. This takes
    # the same versions from the lock file, and leaves it as it is.
    npm install --no-save --no-audit --no-fund --loglevel=error
    touch node_modules/.package-lock.json
  fi
  if ! [ -e dist/main.js ] || [ -n "$(find src scripts templates package.json package-lock.json -newer dist/main.js -print -quit 2>/dev/null)" ]; then
    say "Building bin/ddalab"
    npm run --silent build
    touch dist/main.js
  fi
}

# --- up ---------------------------------------------------------------------------------------------------------------

up() {
  setup
  ensure_engine "$@"
  ensure_compose
  ensure_images
  deploy_stack
}

engine_answers() { docker version >/dev/null 2>&1; }

ensure_engine() {
  ! engine_answers || return 0
  [ -z "${DOCKER_HOST:-}" ] || fail "no Docker engine answers at DOCKER_HOST ($DOCKER_HOST)" "Start it, or unset DOCKER_HOST to use this machine's."
  if ! have dockerd; then
    have apt-get || fail "Docker is missing" "Install Docker Engine or Docker Desktop and run this again."
    say "Installing Docker Engine from this distribution's packages"
    apt_install docker.io iptables ca-certificates
    have docker || apt_install docker-cli
  fi
  engine_answers || start_engine
  engine_answers || join_docker_group "$@"
}

start_engine() {
  local log=/var/log/dockerd.log tenths=0
  if [ -d /run/systemd/system ]; then
    say "Starting Docker Engine (systemd)"
    as_root systemctl enable --now docker
  elif ! as_root docker version >/dev/null 2>&1; then
    say "Starting Docker Engine by hand, as there is no systemd (log: $log)"
    as_root sh -c "setsid -f dockerd </dev/null >>$log 2>&1"
  fi
  until as_root docker version >/dev/null 2>&1; do
    tenths=$((tenths + 1))
    [ "$tenths" -le 300 ] || fail "Docker Engine does not answer after 30 s" "See $log, or: journalctl -u docker"
    sleep 0.1
  done
}

# A user who is not root reaches the engine through the group `docker`, which counts from the next login on: or with `sg`, at once.
join_docker_group() {
  ! id -nG | grep -qw docker || fail "Docker Engine runs but does not answer" "Try: docker version"
  say "Adding $(id -un) to the group docker"
  as_root usermod -aG docker "$(id -un)"
  exec sg docker -c "$(printf '%q ' "$PWD/bootstrap.sh" up "$@")"
}

# ddalab does not need it; people who know `docker compose ps` and `logs` expect it to be there.
ensure_compose() {
  ! docker compose version >/dev/null 2>&1 || return 0
  say "Installing the docker compose plugin"
  local tools plugins="${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins"
  tools="$(lab_directory)/tools/compose"
  if have apt-get && (fetch_packages unstable "$tools" docker-compose); then
    mkdir -p "$plugins"
    cp "$tools/usr/libexec/docker/cli-plugins/docker-compose" "$plugins/"
  else
    note "it is not to be had here; everything else works without it"
  fi
}

# The real images where a registry answers (the deploy pulls them), else stand-ins built here. DDALAB_IMAGES forces one of the two.
ensure_images() {
  local probe=redis:7-alpine
  if [ -z "${DDALAB_IMAGES:-}" ]; then
    DDALAB_IMAGES=local
    if docker image inspect "$probe" >/dev/null 2>&1 || quick docker pull -q "$probe"; then DDALAB_IMAGES=registry; fi
  fi
  [ "$DDALAB_IMAGES" = local ] || return 0
  if [ -n "$(images/build.sh --missing)" ]; then
    say "No image registry answers: building the stack's images from Debian packages (a minute or two, once)"
    images/build.sh
  fi
}
quick() { timeout 60 "$@" >/dev/null 2>&1; }

deploy_stack() {
  local code=0
  bin/ddalab render compose >/dev/null 2>&1 || code=$?
  # 3: there is no instance yet. Whatever else is wrong with it, the deploy says.
  if [ "$code" = 3 ]; then
    local settings=(--template ddalab --environment production)
    if [ "$DDALAB_IMAGES" = local ]; then
      settings+=(
        --set docker.image=ddalab-local/app:1.0.0 --set images.postgres=ddalab-local/postgres:15
        --set images.redis=ddalab-local/redis:7 --set images.minio=ddalab-local/s3:latest
        --set ingress.type=caddy --set images.caddy=ddalab-local/caddy:latest
      )
    fi
    say "Writing the configuration"
    bin/ddalab init "${settings[@]}"
  fi
  say "Deploying the DDALAB stack"
  bin/ddalab deploy --yes
}

# --- test -------------------------------------------------------------------------------------------------------------

run_tests() {
  setup
  say "Checking types, style, import rules and the manifest"
  npm run --silent check
  ensure_peers
  say "Bringing up the test lab"
  test/lab/lab.sh up
  say "Running the tests"
  local report status=0
  report=$(mktemp)
  vitest run --reporter=default --reporter=json --outputFile.json="$report" "$@" || status=$?
  closing_line "$report" || status=1
  rm -f "$report"
  return "$status"
}

# Real programs that some tests talk to. Installing them may start services, so this is for machines that are made for tests;
# elsewhere tests whose program is missing are skipped, and counted.
ensure_peers() {
  [ -n "${CI:-}" ] && have apt-get || return 0
  say "Installing the programs that tests talk to"
  apt_install openssh-server caddy nginx-light zsh fish tmux age minisign mandoc groff-base shellcheck unzip zstd systemd
}

# closing_line REPORT: the counts on a line of their own. Fails when something failed, nothing ran, or (in CI) something was skipped.
closing_line() {
  node - "$1" <<'NODE'
const { readFileSync } = require('node:fs')
let files = []
try {
  files = JSON.parse(readFileSync(process.argv[2], 'utf8')).testResults
} catch {
  console.error('the test runner left no report')
}
const count = { passed: 0, failed: 0, skipped: 0 }
for (const { status, assertionResults } of files) {
  for (const test of assertionResults) count[test.status in count ? test.status : 'skipped'] += 1
  // A file that could not be loaded has no tests to fail.
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) count.failed += 1
}
if (files.length === 0) count.failed += 1
if (process.env.CI && count.skipped > 0) console.error('error: in CI a skipped test is a failure')
console.log(`${count.passed} passed, ${count.failed} failed` + (count.skipped > 0 ? `, ${count.skipped} skipped` : ''))
process.exitCode = count.failed > 0 || count.passed === 0 || (process.env.CI && count.skipped > 0) ? 1 : 0
NODE
}

command=${1:-setup}
[ $# -eq 0 ] || shift
case $command in
  setup) setup ;;
  up) up "$@" ;;
  test) run_tests "$@" ;;
  *) fail "unknown command $command" "There are: setup (the default), up, test." ;;
esac
