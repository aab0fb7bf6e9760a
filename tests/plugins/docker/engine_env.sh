#!/bin/bash
# A real container engine of its own for tests: own network namespace, own data folder, own registry.
#
#   engine_env.sh start podman|docker DIR [OWNER_PID]   sets it up, prints `export NAME=value` lines on stdout
#   engine_env.sh restart-engine DIR                    kills the engine (SIGKILL) if it lives and starts it again
#   engine_env.sh kill-engine DIR                       kills the engine (SIGKILL); containers go on where it lets them
#   engine_env.sh stop DIR                              ends it all and removes DIR
#
# With OWNER_PID, `stop` runs by itself when that process is gone: a killed test leaves nothing behind.
# Needs root and podman + runc (+ netavark) or dockerd + containerd, and iproute2, iptables, skopeo, docker-registry,
# busybox-static, curl. Exit code 77: something of that is missing (said on stderr), so the caller may skip.
#
# Exported: UNIVRS_TEST_ENGINE, UNIVRS_TEST_NETNS (a name under /run/netns), UNIVRS_TEST_SOCKET,
# UNIVRS_TEST_REGISTRY (127.0.0.1:5000, reachable inside the namespace only; it serves team/bb:1 and team/bb:2),
# UNIVRS_TEST_LOCAL_IMAGE (in the engine, in no registry), UNIVRS_TEST_DIR, and for podman CONTAINERS_CONF,
# CONTAINERS_STORAGE_CONF, CONTAINERS_REGISTRIES_CONF. Keep DIR short: it holds unix sockets (108 bytes).
set -eu

fail() { echo "engine_env: $*" >&2; exit 1; }
skip() { echo "engine_env: $*" >&2; exit 77; }

load_state() {
  [ -f "$DIR/state" ] || fail "$DIR was not made by 'start'"
  # shellcheck disable=SC1091
  . "$DIR/state"
}

in_ns() { nsenter --net="/run/netns/$NETNS" "$@"; }

# Ends the process whose id is in FILE: politely, then for good. $2 = first signal, $3 = tenths of a second to wait.
end_process() {
  local file=$1 signal=${2:-TERM} tenths=${3:-100} pid
  [ -f "$file" ] || return 0
  pid=$(cat "$file")
  rm -f "$file"
  [ -n "$pid" ] || return 0
  kill -s "$signal" "$pid" 2>/dev/null || return 0
  for _ in $(seq "$tenths"); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
}

wait_for_socket() {
  for _ in $(seq 300); do
    if curl -sf --max-time 5 --unix-socket "$SOCKET" http://d/_ping >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  tail -20 "$DIR/engine.log" >&2
  fail "$ENGINE did not answer on $SOCKET"
}

write_podman_conf() {
  mkdir -p "$DIR/conf"
  local nofile=4096 hard
  hard=$(ulimit -Hn)
  if [ "$hard" != unlimited ] && [ "$hard" -lt $nofile ]; then nofile=$hard; fi
  local manager=systemd
  [ -d /run/systemd/system ] || manager=cgroupfs
  cat > "$DIR/conf/containers.conf" <<C
[containers]
default_ulimits = ["nofile=$nofile:$nofile", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "$manager"
events_logger = "file"
tmp_dir = "$DIR/libpod"
[network]
network_backend = "netavark"
network_config_dir = "$DIR/networks"
C
  cat > "$DIR/conf/storage.conf" <<C
[storage]
driver = "overlay"
graphroot = "$DIR/graph"
runroot = "$DIR/run"
C
  cat > "$DIR/conf/registries.conf" <<C
unqualified-search-registries = []
[[registry]]
location = "127.0.0.1:5000"
insecure = true
[[registry]]
location = "127.0.0.1:5001"
insecure = true
C
}

write_docker_conf() {
  mkdir -p "$DIR/conf"
  local nofile=4096 hard
  hard=$(ulimit -Hn)
  if [ "$hard" != unlimited ] && [ "$hard" -lt $nofile ]; then nofile=$hard; fi
  cat > "$DIR/conf/daemon.json" <<C
{"data-root": "$DIR/data", "exec-root": "$DIR/exec", "pidfile": "$DIR/dockerd.pidfile", "hosts": ["unix://$SOCKET"],
 "storage-driver": "overlay2", "insecure-registries": ["127.0.0.1:5000", "127.0.0.1:5001"], "oom-score-adjust": 0,
 "live-restore": true,
 "default-ulimits": {"nofile": {"Name": "nofile", "Soft": $nofile, "Hard": $nofile}}}
C
}

start_engine() {
  rm -f "$SOCKET" "$DIR/dockerd.pidfile"
  if [ "$ENGINE" = podman ]; then
    CONTAINERS_CONF=$DIR/conf/containers.conf CONTAINERS_STORAGE_CONF=$DIR/conf/storage.conf \
      CONTAINERS_REGISTRIES_CONF=$DIR/conf/registries.conf \
      nsenter --net="/run/netns/$NETNS" setsid podman system service --time 0 "unix://$SOCKET" \
      >>"$DIR/engine.log" 2>&1 </dev/null &
  else
    nsenter --net="/run/netns/$NETNS" setsid dockerd --config-file "$DIR/conf/daemon.json" \
      >>"$DIR/engine.log" 2>&1 </dev/null &
  fi
  echo $! > "$DIR/engine.pid"
  wait_for_socket
}

# The docker archive of a busybox with all its applets, made by hand: no engine is needed to build it. $1 = tag,
# $2 = a word that goes into the image so that versions differ.
make_image() {
  local tag=$1 word=$2 work=$DIR/image-$2
  mkdir -p "$work/rootfs/bin" "$work/rootfs/tmp" "$work/rootfs/etc" "$work/rootfs/www" "$work/archive"
  cp "$BUSYBOX" "$work/rootfs/bin/busybox"
  local applet
  for applet in $("$BUSYBOX" --list); do
    [ "$applet" = busybox ] || ln -sf busybox "$work/rootfs/bin/$applet"
  done
  chmod 1777 "$work/rootfs/tmp"
  echo "$word" > "$work/rootfs/www/index.html"
  printf 'root:x:0:0:root:/:/bin/sh\napp:x:1000:1000:app:/:/bin/sh\n' > "$work/rootfs/etc/passwd"
  printf 'root:x:0:\napp:x:1000:\n' > "$work/rootfs/etc/group"
  tar -C "$work/rootfs" --owner=0 --group=0 --numeric-owner --mtime=@1700000000 --sort=name -cf "$work/archive/layer.tar" .
  local diff config
  diff=$(sha256sum "$work/archive/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"%s","os":"linux","created":"2023-11-14T22:13:20Z","config":{"Env":["PATH=/bin"],"Cmd":["/bin/sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"2023-11-14T22:13:20Z","created_by":"univrs tests %s"}]}' \
    "$ARCH" "$diff" "$word" > "$work/config.json"
  config=$(sha256sum "$work/config.json" | cut -d' ' -f1)
  mv "$work/config.json" "$work/archive/$config.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$config" "$tag" > "$work/archive/manifest.json"
  tar -C "$work/archive" -cf "$DIR/$word.tar" manifest.json "$config.json" layer.tar
  rm -rf "$work"
}

cmd_start() {
  ENGINE=$1 DIR=$2 OWNER=${3:-}
  [ "$(id -u)" = 0 ] || skip "not root"
  case $ENGINE in
    podman) needed="podman runc" ;;
    docker) needed="dockerd containerd runc" ;;
    *) fail "unknown engine $ENGINE" ;;
  esac
  export PATH="$PATH:/usr/sbin:/sbin"
  for program in $needed ip iptables nsenter skopeo docker-registry busybox curl tar sha256sum; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
  BUSYBOX=$(command -v busybox)
  case $(uname -m) in x86_64) ARCH=amd64 ;; aarch64) ARCH=arm64 ;; *) ARCH=$(uname -m) ;; esac
  mkdir -p "$DIR"
  DIR=$(cd "$DIR" && pwd)
  NETNS=univrs-$(basename "$DIR" | tr -cd 'A-Za-z0-9')-$$
  SOCKET=$DIR/engine.sock
  printf 'ENGINE=%s\nDIR=%s\nNETNS=%s\nSOCKET=%s\n' "$ENGINE" "$DIR" "$NETNS" "$SOCKET" > "$DIR/state"
  trap 'rc=$?; [ $rc = 0 ] || cmd_stop "$DIR" >&2' EXIT

  ip netns add "$NETNS" || skip "this machine allows no network namespaces"
  ip -n "$NETNS" link set lo up
  cat > "$DIR/registry.yml" <<C
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $DIR/registry}, delete: {enabled: true}}
http: {addr: "127.0.0.1:5000"}
C
  nsenter --net="/run/netns/$NETNS" setsid docker-registry serve "$DIR/registry.yml" >"$DIR/registry.log" 2>&1 </dev/null &
  echo $! > "$DIR/registry.pid"
  make_image localhost/univrs-test/busybox:1 one
  make_image localhost/univrs-test/busybox:2 two
  for _ in $(seq 100); do
    if in_ns curl -sf http://127.0.0.1:5000/v2/ >/dev/null; then break; fi
    sleep 0.1
  done
  for n in one:1 two:2; do
    in_ns skopeo --insecure-policy --tmpdir "$DIR" copy -q --dest-tls-verify=false "docker-archive:$DIR/${n%%:*}.tar" \
      "docker://127.0.0.1:5000/team/bb:${n##*:}" >&2
  done
  if [ "$ENGINE" = podman ]; then write_podman_conf; else write_docker_conf; fi
  start_engine
  curl -sSf --unix-socket "$SOCKET" -X POST -H 'Content-Type: application/x-tar' --data-binary "@$DIR/one.tar" \
    http://d/v1.40/images/load >&2

  if [ -n "$OWNER" ]; then
    # Its own session and no inherited output: whoever reads our stdout must see its end.
    setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; [ -f "$3/state" ] && exec bash "$2" stop "$3"' \
      watch "$OWNER" "$(readlink -f "$0")" "$DIR" >/dev/null 2>&1 </dev/null &
  fi
  echo "export UNIVRS_TEST_ENGINE=$ENGINE"
  echo "export UNIVRS_TEST_DIR=$DIR"
  echo "export UNIVRS_TEST_NETNS=$NETNS"
  echo "export UNIVRS_TEST_SOCKET=$SOCKET"
  echo "export UNIVRS_TEST_REGISTRY=127.0.0.1:5000"
  echo "export UNIVRS_TEST_LOCAL_IMAGE=localhost/univrs-test/busybox:1"
  if [ "$ENGINE" = podman ]; then
    echo "export CONTAINERS_CONF=$DIR/conf/containers.conf"
    echo "export CONTAINERS_STORAGE_CONF=$DIR/conf/storage.conf"
    echo "export CONTAINERS_REGISTRIES_CONF=$DIR/conf/registries.conf"
  fi
}

remove_containers() {
  # Through the engine, so that its own mounts, cgroups and helper processes go in order.
  local ids id
  ids=$(curl -s --max-time 20 --unix-socket "$SOCKET" 'http://d/v1.40/containers/json?all=true' |
    grep -o '"Id":"[0-9a-f]\{64\}"' | cut -d'"' -f4 | sort -u) || true
  for id in $ids; do
    curl -s --max-time 30 --unix-socket "$SOCKET" -X DELETE "http://d/v1.40/containers/$id?force=true&v=true" >/dev/null || true
  done
}

cmd_stop() {
  DIR=$1
  [ -f "$DIR/state" ] || return 0
  trap - EXIT
  load_state
  mv "$DIR/state" "$DIR/state.stopping"
  if [ -S "$SOCKET" ]; then
    if ! curl -s --max-time 5 --unix-socket "$SOCKET" http://d/_ping >/dev/null; then
      start_engine >/dev/null 2>&1 || true # it was killed by a test, containers may be left
    fi
    remove_containers
  fi
  end_process "$DIR/engine.pid" TERM 150
  end_process "$DIR/registry.pid"
  # Whatever still works inside DIR: conmon, shims, containerd of a killed dockerd. Found by their command line.
  local p
  for p in /proc/[0-9]*; do
    [ "${p#/proc/}" != $$ ] || continue
    if { tr '\0' ' ' <"$p/cmdline"; } 2>/dev/null | grep -qE "(conmon|containerd|docker-proxy|podman|dockerd).*$DIR/"; then
      kill -KILL "${p#/proc/}" 2>/dev/null || true
    fi
  done
  # Deepest mounts first.
  awk -v d="$DIR/" 'index($5, d) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r m; do
    umount -l "$m" 2>/dev/null || true
  done
  ip netns del "$NETNS" 2>/dev/null || true
  rm -rf "$DIR"
}

case ${1:-} in
  start) [ $# -ge 3 ] || fail "usage: start podman|docker DIR [OWNER_PID]"; cmd_start "$2" "$3" "${4:-}" ;;
  stop) [ $# -eq 2 ] || fail "usage: stop DIR"; cmd_stop "$2" ;;
  kill-engine) DIR=$2; load_state; end_process "$DIR/engine.pid" KILL ;;
  restart-engine) DIR=$2; load_state; end_process "$DIR/engine.pid" KILL; start_engine ;;
  *) fail "usage: engine_env.sh start podman|docker DIR [OWNER_PID] | kill-engine DIR | restart-engine DIR | stop DIR" ;;
esac
