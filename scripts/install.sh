#!/bin/sh
# Installs ddalab, or another version of it: downloads the executable for this machine, checks it, and puts it in place at once.
#   sh install.sh [--version 1.2.3] [--dir DIR]
# DDALAB_RELEASES_URL names another place of releases, DDALAB_RELEASES_KEY the minisign public key of who publishes them.
set -eu

DEFAULT_URL='https://github.com/sdraeger/ddalab-cli/releases'
DEFAULT_KEY=''

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "error: $1"
  [ $# -lt 2 ] || say "  $2"
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

main() {
  url=${DDALAB_RELEASES_URL:-$DEFAULT_URL}
  url=${url%/}
  key=${DDALAB_RELEASES_KEY:-$DEFAULT_KEY}
  version='' directory='' unsigned=no
  while [ $# -gt 0 ]; do
    case $1 in
      --version) version=${2:?--version wants a version}; shift 2 ;;
      --dir) directory=${2:?--dir wants a directory}; shift 2 ;;
      --unsigned) unsigned=yes; shift ;;
      -h | --help) usage; return ;;
      *) usage >&2; exit 2 ;;
    esac
  done
  version=${version#v}
  case $version in *[!0-9A-Za-z.+-]*) fail "\"$version\" is no version" ;; esac
  case $url in
    https://* | http://localhost:* | http://127.0.0.1:*) ;;
    *) fail "$url is not HTTPS" "Only this machine itself may be asked without." ;;
  esac

  platform=$(detect_platform)
  place=$(mktemp -d)
  staged=''
  trap 'rm -rf "$place"; [ -z "$staged" ] || rm -f "$staged"' EXIT
  trap 'exit 130' HUP INT TERM

  if [ -n "$version" ]; then from="$url/download/v$version"; else from="$url/latest/download"; fi
  fetch "$from/SHA256SUMS" "$place/SHA256SUMS" || fail "there is no release at $from" "Correct --version or DDALAB_RELEASES_URL, or try again when the network is back."
  verify_signature
  choose_archive
  fetch "$url/download/v$version/$archive" "$place/$archive" || fail "$archive cannot be downloaded" "Try again later."
  verify_sum
  unpack
  install_program
}

usage() {
  cat <<'USAGE'
Usage: install.sh [--version VERSION] [--dir DIR] [--unsigned]
  --version VERSION  another than the newest release
  --dir DIR          where to put the program (default: /usr/local/bin where that can be written, else ~/.local/bin)
  --unsigned         accept a release without a signature, such as a snapshot of your own
USAGE
}

# linux-x64, linux-arm64, macos-x64 or macos-arm64, as in the names of the archives.
detect_platform() {
  case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=macos ;;
    MINGW* | MSYS* | CYGWIN*) fail "this is Windows" "Download the zip from $url and put ddalab.exe in a folder of your PATH." ;;
    *) fail "there is no ddalab for $(uname -s)" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) fail "there is no ddalab for the processor $(uname -m)" ;;
  esac
  # A shell under Rosetta takes an ARM Mac for one with Intel.
  if [ $os = macos ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" = 1 ]; then arch=arm64; fi
  if [ $os = linux ] && have ldd && ldd --version 2>&1 | grep -qi musl; then
    fail "this system has musl in place of glibc" "Run ddalab from its sources, with the Node of this system."
  fi
  echo "$os-$arch"
}

# fetch URL FILE: all of it, or it fails.
fetch() {
  if have curl; then
    # Nor may a redirect lead away from HTTPS.
    curl -fsSL --proto "=${1%%:*}" -o "$2" "$1"
  elif have wget; then
    wget -q -O "$2" "$1"
  else
    fail "neither curl nor wget is installed"
  fi
}

verify_signature() {
  signature=$place/SHA256SUMS.minisig
  if [ -z "$key" ]; then
    say "note: no key of a publisher is known (DDALAB_RELEASES_KEY): only the sums are checked"
  elif ! fetch "$from/SHA256SUMS.minisig" "$signature" 2>/dev/null; then
    [ $unsigned = yes ] || fail "the release is not signed" "Nobody knows whose it is. For a snapshot of your own: --unsigned"
    say "note: the release is not signed"
  elif have minisign; then
    minisign -Vqm "$place/SHA256SUMS" -x "$signature" -P "$key" >/dev/null 2>&1 || bad_signature
  elif have openssl && openssl pkeyutl -help 2>&1 | grep -q rawin; then
    verify_with_openssl || bad_signature
  else
    say "note: the signature cannot be checked without minisign or OpenSSL 3: only the sums are"
  fi
}

bad_signature() {
  fail "the signature of the release is not right" "It was changed, or is of somebody else than the publisher. Nothing was installed."
}

# The format of minisign: algorithm (2 bytes), number of the key (8), then the key (32) or the signature (64), of which the first
# is over the BLAKE2b-512 of the file, and the second over the first and the trusted comment.
verify_with_openssl() {
  printf '%s' "$key" | openssl base64 -d -A >"$place/key"
  sed -n 2p "$signature" | tr -d '\r\n' | openssl base64 -d -A >"$place/signed"
  [ "$(wc -c <"$place/key")" -eq 42 ] && [ "$(wc -c <"$place/signed")" -eq 74 ] || return 1
  [ "$(head -c 2 "$place/signed")" = ED ] || return 1
  [ "$(part key 3 8 | od -An -tx1)" = "$(part signed 3 8 | od -An -tx1)" ] || return 1
  {
    echo '-----BEGIN PUBLIC KEY-----'
    { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; part key 11 32; } | openssl base64
    echo '-----END PUBLIC KEY-----'
  } >"$place/key.pem"
  part signed 11 64 >"$place/first"
  openssl dgst -blake2b512 -binary "$place/SHA256SUMS" >"$place/hash"
  ed25519 "$place/hash" "$place/first" || return 1
  sed -n 4p "$signature" | tr -d '\r\n' | openssl base64 -d -A >"$place/second"
  { cat "$place/first"; sed -n 's/^trusted comment: //p' "$signature" | tr -d '\r\n'; } >"$place/comment"
  ed25519 "$place/comment" "$place/second"
}
part() { tail -c "+$2" "$place/$1" | head -c "$3"; }
ed25519() { openssl pkeyutl -verify -pubin -inkey "$place/key.pem" -rawin -in "$1" -sigfile "$2" >/dev/null 2>&1; }

# Sets archive, version and sum. What is signed says which version it is.
choose_archive() {
  ending=tar.gz
  if have zstd; then ending=tar.zst; fi
  line=$(grep -E "^[0-9a-f]{64}  ddalab-[0-9A-Za-z.+-]+-$platform\\.tar\\.${ending#tar.}\$" "$place/SHA256SUMS" | head -n 1)
  [ -n "$line" ] || fail "the release has no ddalab for $platform"
  sum=${line%% *}
  archive=${line##* }
  found=${archive#ddalab-}
  found=${found%"-$platform.$ending"}
  [ -z "$version" ] || [ "$version" = "$found" ] || fail "version $version was asked for, and $found came"
  version=$found
}

verify_sum() {
  if have sha256sum; then
    actual=$(sha256sum "$place/$archive")
  elif have shasum; then
    actual=$(shasum -a 256 "$place/$archive")
  elif have openssl; then
    actual=$(openssl dgst -sha256 -r "$place/$archive")
  else
    fail "nothing here makes a SHA-256: sha256sum, shasum or openssl is needed"
  fi
  [ "${actual%% *}" = "$sum" ] || fail "$archive is not what its SHA-256 says" "It was cut off or changed on the way. Nothing was installed."
}

unpack() {
  folder=ddalab-$version-$platform
  case $archive in
    *.zst) zstd -dcq "$place/$archive" >"$place/archive.tar" && tar -xf "$place/archive.tar" -C "$place" "$folder/ddalab" ;;
    *) tar -xzf "$place/$archive" -C "$place" "$folder/ddalab" ;;
  esac || fail "$archive holds no program"
  program=$place/$folder/ddalab
}

install_program() {
  if [ -z "$directory" ]; then
    directory=/usr/local/bin
    [ -w "$directory" ] || directory=$HOME/.local/bin
  fi
  mkdir -p "$directory" 2>/dev/null || fail "$directory cannot be created" "Name another with --dir, or run this with sudo."
  # Beside its place first: a rename is all or nothing, and leaves alone a program that runs.
  staged=$directory/.ddalab.$$
  cp "$program" "$staged" 2>/dev/null || fail "$directory cannot be written" "Name another with --dir, or run this with sudo."
  chmod 755 "$staged"
  said=$("$staged" version 2>&1) || fail "the program does not start here" "$said"
  case $said in
    "ddalab $version "*) ;;
    *) fail "the program says that it is another one" "$said" ;;
  esac
  mv -f "$staged" "$directory/ddalab"
  staged=''
  say "ddalab $version is in $directory"
  case :$PATH: in
    *":$directory:"*) ;;
    *) say "note: $directory is not in your PATH" ;;
  esac
}

# Only a script that came to its end does anything.
main "$@"
