# Docker engines side by side on one host, each with its own socket, data, networks and firewall chains.
# Sourced by lab.sh, which sets $lab. An engine is a directory under $lab/engines: definition, docker.sock, pid, log, data, exec, bin.
# shellcheck shell=bash disable=SC2154

engine_socket() { printf '%s\n' "$lab/engines/$1/docker.sock"; }
engine_host() { printf 'unix://%s\n' "$(engine_socket "$1")"; }
engine_names() { find "$lab/engines" -mindepth 2 -maxdepth 2 -name definition -printf '%P\n' 2>/dev/null | sed 's,/definition$,,' | sort; }
engine_answers() { [ "$(curl -s -m 2 --unix-socket "$(engine_socket "$1")" http://engine/_ping 2>/dev/null)" = OK ]; }
engine_version() {
  curl -s -m 5 --unix-socket "$(engine_socket "$1")" http://engine/version | sed -n 's/.*"Version":"\([^"+]*\).*"ApiVersion":"\([^"]*\)".*/\1 \2/p'
}

# tools: the programs of both engines, unpacked and not installed. The new one keeps the old one's runc: the newer runc wants a newer libc.
engine_tools() {
  [ -e "$lab/tools/new/.packages" ] && [ -e "$lab/tools/old/.packages" ] && return
  say "Fetching Docker Engine 20.10 (Debian bookworm) and the newest (Debian unstable)"
  apt_install iptables iproute2 curl ca-certificates libnftables1 libdevmapper1.02.1 libseccomp2 libsystemd0
  fetch_packages bookworm "$lab/tools/old" docker.io containerd runc tini docker-registry
  fetch_packages unstable "$lab/tools/new" docker.io docker-cli containerd tini-static docker-compose
  local prefix
  for prefix in "$lab"/tools/{old,new}; do ln -sf tini-static "$prefix/usr/bin/docker-init"; done
  ln -sf ../../../old/usr/sbin/runc "$lab/tools/new/usr/sbin/runc"
}

# engine_define NAME TOOLS [DISK]: TOOLS is new or old; DISK (such as 64m) puts its data on a file system of that size.
engine_define() {
  local directory="$lab/engines/$1" number=1
  [ ! -e "$directory/definition" ] || return 0
  # A number that no engine has, neither of this lab nor of another one on this machine.
  while grep -qsx "number=$number" "$lab"/engines/*/definition || ip link show "dlab$number" >/dev/null 2>&1; do number=$((number + 1)); done
  [ "$number" -le 30 ] || fail "thirty engines are defined in $lab/engines" "Remove some: test/lab/lab.sh engine-remove NAME"
  mkdir -p "$directory/data" "$directory/bin"
  printf 'tools=%s\nnumber=%s\ndisk=%s\n' "$2" "$number" "${3:-}" >"$directory/definition"
  firewall_shim iptables "$number" "$directory/bin"
  firewall_shim ip6tables "$number" "$directory/bin"
}

# dockerd empties the chains called DOCKER* when it starts. So that no engine takes the rules of another, or of the engine that the
# machine had before, each one's chains carry its number. (28 characters are the limit of a chain's name.)
firewall_shim() {
  cat >"$3/$1" <<SHIM
#!/bin/sh
for word do
  shift
  case \$word in DOCKER | DOCKER-*) word=L$2-\$word ;; esac
  set -- "\$@" "\$word"
done
exec $(command -v "$1" || echo "/usr/sbin/$1") "\$@"
SHIM
  chmod +x "$3/$1"
}

engine_start() {
  local name=$1 directory="$lab/engines/$1" tools number disk network
  [ -e "$directory/definition" ] || fail "no engine is called $name" "There are: $(engine_names | xargs)"
  ! engine_answers "$name" || return 0
  # shellcheck disable=SC1091
  . "$directory/definition"
  network="10.$((224 + number))"
  engine_clear "$name"
  guards_clear "$network"
  # With forwarding already on, dockerd leaves the policy of the FORWARD chain alone.
  sysctl -q -w net.ipv4.ip_forward=1
  ip link show "dlab$number" >/dev/null 2>&1 || ip link add "dlab$number" type bridge
  ip addr replace "$network.0.1/24" dev "dlab$number"
  ip link set "dlab$number" up
  if [ -n "$disk" ] && ! mountpoint -q "$directory/data"; then
    mount -t tmpfs -o "size=$disk" "ddalab-lab-$name" "$directory/data"
  fi
  # On its second start with address pools of its own, dockerd deletes the interface docker0, which is another engine's here, unless
  # live-restore is on. So that is on while it starts, where there is a docker0, and off again before anyone uses it.
  local prefix="$lab/tools/$tools" foreign_bridge=false
  ! ip link show docker0 >/dev/null 2>&1 || foreign_bridge=true
  printf '{ "live-restore": %s }\n' "$foreign_bridge" >"$directory/daemon.json"
  # In a directory that stays: its programs need one, and that of whoever starts the lab may go away.
  PATH="$directory/bin:$prefix/usr/sbin:$prefix/usr/bin:$PATH" setsid -f env -C / dockerd \
    --config-file "$directory/daemon.json" --host "$(engine_host "$name")" --group "$(id -gn)" \
    --data-root "$directory/data" --exec-root "$directory/exec" --pidfile "$directory/pid" \
    --bridge "dlab$number" --default-address-pool "base=$network.128.0/17,size=24" \
    --log-level warn </dev/null >>"$directory/log" 2>&1 9>&-
  local tenths=0
  until engine_answers "$name"; do
    tenths=$((tenths + 1))
    if [ "$tenths" -gt 300 ]; then
      tail -n 20 "$directory/log" >&2
      fail "engine $name does not answer after 30 s" "Its log: $directory/log"
    fi
    sleep 0.1
  done
  if [ "$foreign_bridge" = true ]; then
    printf '{ "live-restore": false }\n' >"$directory/daemon.json"
    kill -HUP "$(engine_process "$name")"
  fi
}

engine_process() {
  local id
  id=$(cat "$lab/engines/$1/pid" 2>/dev/null) && grep -qsa dockerd "/proc/$id/cmdline" && printf '%s\n' "$id"
}

# engine_stop NAME [SIGNAL]: TERM stops its containers first; KILL is for faults.
engine_stop() {
  local id
  id=$(engine_process "$1") || return 0
  kill "-${2:-TERM}" "$id"
  wait_for_end "$id" || fail "engine $1 (process $id) does not stop"
}

# wait_for_end PROCESS: up to a minute. One that has ended but was not collected yet has no command line any more.
wait_for_end() {
  local twentieths=0
  while grep -qs . "/proc/$1/cmdline"; do
    twentieths=$((twentieths + 1))
    [ "$twentieths" -le 1200 ] || return 1
    sleep 0.05
  done
}

# What a killed engine leaves behind: its containerd and pid file, and a socket that refuses.
engine_clear() {
  local directory="$lab/engines/$1" id
  if id=$(cat "$directory/exec/containerd/containerd.pid" 2>/dev/null) && grep -qsa "$directory/exec" "/proc/$id/cmdline"; then
    kill "$id" 2>/dev/null || true
    wait_for_end "$id"
  fi
  # Also its pid file: until its parent collects it, a process that has ended passes for one that runs.
  rm -f "$directory/pid" "$directory/docker.sock" "$directory"/exec/containerd/containerd.{pid,sock}
}

# guards_clear NETWORK: a killed engine leaves the rules that keep other bridges from its containers' addresses. Where their bridge is
# gone, they drop what is meant for the next container of that address.
guards_clear() {
  local rule bridge
  iptables -w -t raw -S PREROUTING 2>/dev/null | sed -n "s/^-A \(PREROUTING -d ${1/./\\.}\..*\)/\1/p" | while read -r rule; do
    bridge=$(sed -n 's/.*! -i \([^ ]*\).*/\1/p' <<<"$rule")
    [ -n "$bridge" ] && ! ip link show "$bridge" >/dev/null 2>&1 || continue
    # shellcheck disable=SC2086
    iptables -w -t raw -D $rule
  done
}

engine_remove() {
  local directory="$lab/engines/$1" number
  [ -e "$directory/definition" ] || return 0
  # The containers of a killed engine go on running. Only an engine ends them: start it once more.
  (engine_start "$1") || note "engine $1 did not start again; its containers may be left"
  engine_stop "$1"
  # shellcheck disable=SC1091
  . "$directory/definition"
  network_clear "$number"
  awk -v directory="$directory/" 'index($2, directory) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount --lazy
  rm -rf --one-file-system "$directory"
}

# The bridges and the firewall rules of an engine that will not come back.
network_clear() {
  local number=$1 network="10.$((224 + $1))" links link traces command table rule
  links=$(ip -o -4 address show to "$network.0.0/16" | awk '{ print $2 }')
  traces=" L$number-| ${network/./\\.}\\."
  for link in $links; do
    ip link delete "$link"
    traces="$traces| $link( |\$)"
  done
  for command in iptables ip6tables; do
    for table in filter nat raw; do
      # Rules first, then the chains, which have to be empty by then. A rule is a list of words.
      "$command" -w -t "$table" -S 2>/dev/null | sed -nE "/$traces/ { s/^-A /-D /p; s/^-N /-X /p; }" | sort |
        while read -r rule; do
          # shellcheck disable=SC2086
          "$command" -w -t "$table" $rule
        done
    done
  done
}
