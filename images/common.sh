# Shared by bootstrap.sh, images/build.sh and test/lab/lab.sh. Source it; it does nothing by itself.
# shellcheck shell=bash
# shellcheck disable=SC2016 # formats of apt and dpkg look like shell expansions and are not

# Where unpacked packages, the root file system and the lab's engines live. One place, safe to delete after `lab.sh down`.
lab_directory() { printf '%s\n' "${DDALAB_LAB:-${XDG_CACHE_HOME:-$HOME/.cache}/ddalab-lab}"; }

say() { printf '==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  local hint
  for hint in "$@"; do printf '       %s\n' "$hint" >&2; done
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
sha256() { if have sha256sum; then sha256sum; else shasum -a 256; fi; }
is_root() { [ "$(id -u)" -eq 0 ]; }

# as_root COMMAND...: runs it as root, through sudo where that asks for nothing or a person is there to answer.
as_root() {
  if is_root; then
    "$@"
  elif have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    fail "this needs root: $*" "Run it as root, or install sudo."
  fi
}

# quietly WHAT COMMAND...: runs a talkative command; its output is shown only when it fails.
quietly() {
  local what=$1 output
  shift
  if ! output=$("$@" 2>&1); then
    printf '%s\n' "$output" | tail -n 40 >&2
    fail "$what failed"
  fi
}

# apt_install PACKAGE...: installs what is missing from the machine's own distribution.
apt_install() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  have apt-get || fail "these packages are missing: ${missing[*]}" "Install them with this system's package manager."
  note "installing ${missing[*]}"
  local install=(env DEBIAN_FRONTEND=noninteractive
    apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 install "${missing[@]}")
  # Lists that are missing or out of date are the usual reason for a failure: refresh them once.
  as_root "${install[@]}" >/dev/null 2>&1 && return 0
  quietly "apt-get update" as_root apt-get -q update
  quietly "installing ${missing[*]}" as_root "${install[@]}"
}

# debian_mirror: the address of the Debian archive that this machine already uses. No host is written down here.
debian_mirror() {
  if [ -n "${DDALAB_DEBIAN_MIRROR:-}" ]; then
    printf '%s\n' "$DDALAB_DEBIAN_MIRROR"
    return
  fi
  [ -n "$(apt-cache madison bash 2>/dev/null)" ] || quietly "apt-get update" as_root apt-get -q update
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "Debian" { print $2; found = 1; exit } END { exit !found }' ||
    fail "this machine's apt has no Debian archive" "Set DDALAB_DEBIAN_MIRROR to the address of one."
}

# fetch_packages SUITE PREFIX PACKAGE...: unpacks packages of any Debian suite into PREFIX, installing nothing.
# A second call for the same PREFIX returns at once. PREFIX/.packages lists the versions.
fetch_packages() {
  local suite=$1 prefix=$2 state mirror partial
  shift 2
  [ ! -e "$prefix/.packages" ] || return 0
  state="$(lab_directory)/apt-$suite"
  partial="$prefix.partial"
  mirror=$(debian_mirror)
  rm -rf "$partial"
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/sources.d" "$partial/.debs"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$suite" >"$state/sources.d/suite.list"
  cat >"$state/apt.conf" <<CONF
Dir::State::Lists "$state/lists";
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$state/sources.d";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::Cache "$state/cache";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "";
CONF
  # The list of `unstable` moves on every few hours, and names files that are then gone: always a fresh one.
  quietly "reading the package list of Debian $suite" env APT_CONFIG="$state/apt.conf" apt-get -q update
  (cd "$partial/.debs" && quietly "downloading $* from Debian $suite" env APT_CONFIG="$state/apt.conf" apt-get -q download "$@")
  local archive
  for archive in "$partial"/.debs/*.deb; do
    dpkg -x "$archive" "$partial"
    dpkg-deb -W --showformat '${Package} ${Version}\n' "$archive" >>"$partial/.list"
  done
  rm -rf "$partial/.debs" "$prefix"
  mv "$partial/.list" "$partial/.packages"
  mv "$partial" "$prefix"
}
