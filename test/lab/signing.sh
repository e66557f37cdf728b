# The tools that make signatures of releases: cosign and minisign of Debian unstable, unpacked and not installed.
# Sourced by lab.sh, which sets $lab.
# shellcheck shell=bash disable=SC2154

signing_tools() {
  local prefix="$lab/tools/signing"
  [ ! -e "$prefix/minisign" ] || return 0
  say "Fetching cosign and minisign (Debian unstable)"
  fetch_packages unstable "$prefix" cosign minisign libsodium26
  # minisign looks for its library beside itself.
  cat >"$prefix/minisign" <<'SHIM'
#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH=$(dirname "$(find "$here/usr/lib" -name 'libsodium.so.*' | head -n 1)") exec "$here/usr/bin/minisign" "$@"
SHIM
  chmod +x "$prefix/minisign"
}

# signing_environment: the lab's own tools, or on a borrowed engine those of the machine. Empty where there are none.
signing_environment() {
  local cosign="$lab/tools/signing/usr/bin/cosign" minisign="$lab/tools/signing/minisign"
  [ -x "$cosign" ] || cosign=$(command -v cosign || true)
  [ -x "$minisign" ] || minisign=$(command -v minisign || true)
  printf 'DDALAB_LAB_COSIGN=%s\nDDALAB_LAB_MINISIGN=%s\n' "$cosign" "$minisign"
}
