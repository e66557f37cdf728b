#!/usr/bin/env bash
# Builds the stack's images from Debian packages, for hosts that reach no image registry, and for the tests.
# usage: images/build.sh [--tests | IMAGE...]
#        images/build.sh --missing [--tests | IMAGE...]    only says which of them the engine lacks or has from an older recipe
# Without a name: the images of the stack; --tests: those and the ones that only tests use. The engine is the docker command's
# current one (DOCKER_HOST), DDALAB_DOCKER names another docker command. An image whose recipe has not changed is left as it is.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=images/common.sh
. "$here/common.sh"
cache=$(lab_directory)
docker=${DDALAB_DOCKER:-docker}
suite=bookworm
base=ddalab-local/debian:$suite

stack_images=()
test_images=(ddalab-local/busybox:latest)

# The folder of an image's recipe, and its build arguments: the tag of an app image is its version or its fault.
recipe_folder() { local name=${1#ddalab-local/}; printf '%s\n' "$here/${name%%:*}"; }
recipe_arguments() {
  case $1 in
    ddalab-local/app:[0-9]*) printf 'VERSION=%s\n' "${1##*:}" ;;
    ddalab-local/app:*) printf 'VERSION=1.2.0\nBEHAVIOUR=%s\n' "${1##*:}" ;;
  esac
}
recipe_digest() {
  { cat "$here/build.sh"; recipe_arguments "$1"; find "$(recipe_folder "$1")" -type f | LC_ALL=C sort | xargs cat; } |
    sha256sum | cut -c1-16
}

# What the engine has: a line for each image, its names and the digest of the recipe it was built from.
built_images() {
  "$docker" image inspect --format '{{ join .RepoTags " " }} {{ index .Config.Labels "ddalab.recipe" }}' "$@" 2>/dev/null || true
}

# The root file system that all recipes start from: pulled where that works, else made with debootstrap, once per machine.
base_image() {
  ! "$docker" image inspect "$base" >/dev/null 2>&1 || return 0
  local file="$cache/debian-$suite.tar"
  if [ ! -e "$file" ] && [ -z "${DDALAB_NO_PULL:-}" ] && "$docker" pull -q "debian:$suite-slim" >/dev/null 2>&1; then
    printf 'FROM debian:%s-slim\n' "$suite" | "$docker" build -q -t "$base" - >/dev/null
    return
  fi
  if [ ! -e "$file" ]; then
    note "making the root file system of Debian $suite (no registry answers)"
    is_root || fail "a root file system can only be made by root" "Run this as root, or let the engine reach an image registry."
    apt_install mmdebstrap debian-archive-keyring
    mkdir -p "$cache"
    quietly "debootstrap" mmdebstrap --variant=minbase --format=tar \
      --dpkgopt=force-unsafe-io \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
      --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' --aptopt='Acquire::Languages "none"' \
      "$suite" "$file.partial" "$(debian_sources)"
    mv "$file.partial" "$file"
  fi
  "$docker" import "$file" "$base" >/dev/null
}

# The suite itself from this machine's mirror, and its updates and security fixes where this machine has them too.
debian_sources() {
  local mirror
  mirror=$(debian_mirror)
  printf 'deb %s %s main\n' "$mirror" "$suite"
  # shellcheck disable=SC2016 # apt's format, not the shell's
  apt-get indextargets --format '$(CODENAME) deb $(REPO_URI) $(CODENAME) main' 'Created-By: Packages' 'Component: main' |
    sed -n "s/^$suite-[a-z]* deb/deb/p" | sort -u
}

build() {
  local image=$1 digest argument arguments=()
  digest=$(recipe_digest "$image")
  note "building $image"
  for argument in $(recipe_arguments "$image"); do arguments+=(--build-arg "$argument"); done
  # The host's network, so that packages are reached the way the host reaches them.
  quietly "building $image" "$docker" build --network host --label "ddalab.recipe=$digest" \
    ${arguments[@]+"${arguments[@]}"} -t "$image" "$(recipe_folder "$image")"
}

only_say=no
if [ "${1:-}" = --missing ]; then only_say=yes; shift; fi
case ${1:-} in
  '') images=("${stack_images[@]}") ;;
  --tests) images=("${stack_images[@]}" "${test_images[@]}") ;;
  -*) fail "unknown option $1" ;;
  *) images=("$@") ;;
esac

"$docker" version >/dev/null 2>&1 || fail "no Docker engine answers the command $docker" "Start it, or set DOCKER_HOST."
built=$(built_images "${images[@]}")
missing=()
for image in "${images[@]}"; do
  grep -qE "(^| )$image( .*)? $(recipe_digest "$image")\$" <<<"$built" || missing+=("$image")
done
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$only_say" = yes ]; then
  printf '%s\n' "${missing[@]}"
  exit
fi

"$docker" buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
base_image
for image in "${missing[@]}"; do build "$image"; done
# What the first stages of the recipes leave behind.
"$docker" image prune -f --filter label=ddalab.stage >/dev/null
