#!/usr/bin/env bash
# Builds the stack's images from Debian packages, for hosts that reach no image registry, and for the tests.
# usage: images/build.sh [--tests [registry] | IMAGE...]
#        images/build.sh --missing ...    only says which of them the engine lacks, or has from an older recipe
#        images/build.sh --list ...       only says their names
# Without a name: the images of the stack; --tests: those and the ones that only tests use (and a registry). The engine is the docker command's
# current one (DOCKER_HOST), DDALAB_DOCKER names another docker command. An image whose recipe has not changed is left as it is.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=images/common.sh
. "$here/common.sh"
cache=$(lab_directory)
docker=${DDALAB_DOCKER:-docker}
suite=bookworm
base=ddalab-local/debian:$suite

stack_images=(
  ddalab-local/postgres:15 ddalab-local/redis:7 ddalab-local/s3:latest ddalab-local/caddy:latest ddalab-local/nginx:latest
  ddalab-local/app:1.0.0
)
test_images=(
  ddalab-local/busybox:latest ddalab-local/app:1.1.0
  ddalab-local/app:{never-healthy,crash-at-start,crash-after-5s,slow-start,wrong-platform}
)

# The folder of an image's recipe, and its build arguments: the tag of an app image is its version or its fault.
recipe_folder() { local name=${1#ddalab-local/}; printf '%s\n' "$here/${name%%:*}"; }
recipe_arguments() {
  case $1 in
    ddalab-local/app:[0-9]*) printf 'VERSION=%s\n' "${1##*:}" ;;
    ddalab-local/app:*) printf 'VERSION=1.2.0\nFAULT=%s\n' "${1##*:}" ;;
  esac
}
recipe_digest() {
  local folder
  folder=$(basename "$(recipe_folder "$1")")
  { recipe_arguments "$1"; cd "$here" && find debian python "$folder" -type f | LC_ALL=C sort | xargs cat; } | sha256 | cut -c1-16
}

# What the engine has: a line for each image, its names and the digest of the recipe it was built from.
built_images() {
  "$docker" image inspect --format '{{ join .RepoTags " " }} {{ index .Config.Labels "ddalab.recipe" }}' "$@" 2>/dev/null || true
}

# What the recipes start from. The root file system is pulled where that works, else made with debootstrap, once per machine.
base_images() {
  local file="$cache/debian-$suite.tar"
  local root_file_system="debian:$suite-slim"
  if [ -e "$file" ] || [ -n "${DDALAB_NO_PULL:-}" ] || ! "$docker" pull -q "$root_file_system" >/dev/null 2>&1; then
    root_file_system=ddalab-local/debootstrap:$suite
    make_root_file_system "$file"
    "$docker" image inspect "$root_file_system" >/dev/null 2>&1 || "$docker" import "$file" "$root_file_system" >/dev/null
  fi
  quietly "building $base" "$docker" build --network host --build-arg ROOT_FILE_SYSTEM="$root_file_system" -t "$base" "$here/debian"
  quietly "building the Python image" "$docker" build --network host -t "ddalab-local/python:$suite" "$here/python"
}

make_root_file_system() {
  local file=$1
  if [ ! -e "$file" ]; then
    note "making the root file system of Debian $suite (no registry answers)"
    is_root || fail "a root file system can only be made by root" "Run this as root, or let the engine reach an image registry."
    apt_install mmdebstrap debian-archive-keyring
    mkdir -p "$cache"
    # How this machine reaches its mirror holds inside the image too: a proxy, a mirror that is a snapshot.
    local option options=()
    while read -r option; do options+=("--aptopt=$option"); done < <(
      apt-config dump --format '%f "%v";%n' | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date) '
    )
    quietly "making the root file system" mmdebstrap --variant=minbase --format=tar \
      --dpkgopt=force-unsafe-io \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
      --aptopt='Dir::Cache::pkgcache ""' --aptopt='Dir::Cache::srcpkgcache ""' --aptopt='Acquire::Languages "none"' ${options[@]+"${options[@]}"} \
      "$suite" "$file.partial" "$(debian_sources)"
    mv "$file.partial" "$file"
  fi
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
  if [ "$image" = ddalab-local/app:wrong-platform ]; then
    foreign_image "$image" "$digest"
    return
  fi
  for argument in $(recipe_arguments "$image"); do arguments+=(--build-arg "$argument"); done
  # The host's network, so that packages are reached the way the host reaches them.
  quietly "building $image" "$docker" build --network host --label "ddalab.recipe=$digest" \
    ${arguments[@]+"${arguments[@]}"} -t "$image" "$(recipe_folder "$image")"
}

# An image for arm64 (for amd64 on an arm64 host) whose one program says so too: busybox with another machine in its ELF header.
foreign_image() {
  local image=$1 digest=$2 directory container architecture=arm64 machine='\xb7'
  if [ "$("$docker" version --format '{{ .Server.Arch }}')" = arm64 ]; then architecture=amd64 machine='\x3e'; fi
  directory=$(mktemp -d)
  container=$("$docker" create ddalab-local/busybox:latest)
  "$docker" cp -q "$container:/bin/busybox" "$directory/app"
  "$docker" rm "$container" >/dev/null
  # shellcheck disable=SC2059 # the format is the byte
  printf "$machine" | dd of="$directory/app" bs=1 seek=18 conv=notrunc status=none
  tar -C "$directory" -c app | "$docker" import --platform "linux/$architecture" \
    --change 'CMD ["/app"]' --change "LABEL ddalab.recipe=$digest" - "$image" >/dev/null
  rm -r "$directory"
}

only=
case ${1:-} in --missing | --list) only=$1; shift ;; esac
case ${1:-} in
  '') images=("${stack_images[@]}") ;;
  --tests)
    images=("${stack_images[@]}" "${test_images[@]}")
    [ "${2:-}" != registry ] || images+=(ddalab-local/registry:latest)
    ;;
  -*) fail "unknown option $1" ;;
  *) images=("$@") ;;
esac
if [ "$only" = --list ]; then
  printf '%s\n' "${images[@]}"
  exit
fi

"$docker" version >/dev/null 2>&1 || fail "no Docker engine answers the command $docker" "Start it, or set DOCKER_HOST."
built=$(built_images "${images[@]}")
missing=()
for image in "${images[@]}"; do
  grep -qE "(^| )$image( .*)? $(recipe_digest "$image")\$" <<<"$built" || missing+=("$image")
done
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$only" = --missing ]; then
  printf '%s\n' "${missing[@]}"
  exit
fi

"$docker" buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
base_images
for image in "${missing[@]}"; do build "$image"; done
# What first stages and replaced images leave behind: images without a name that carry a label of ours.
for label in ddalab.stage ddalab.recipe; do "$docker" image prune -f --filter "label=$label" >/dev/null; done
