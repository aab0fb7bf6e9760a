#!/usr/bin/env bash
# `univrs exec -it` in a real terminal: raw mode, sizes, Ctrl+C, full-screen programs, exit codes, much output.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null && command -v busybox >/dev/null || { echo "SKIP: needs python3 and busybox"; exit 77; }
e2e_begin process
start_node
cat >"$WORK/box.yaml" <<Y
name: box
stop_grace_seconds: 1
containers:
  - name: main
    image: "host:"
    command: ["sleep", "100000"]
Y
u deploy "$WORK/box.yaml" || fail "deploy"
wait_until 60 "not healthy" healthy box 1
in_ns timeout 500 python3 "$here/exec_terminal.py" "$UNIVRS" "$DATA" box || fail "exec -it"
u rm box -y || fail "rm"
wait_until 60 "still there" gone box
stop_node TERM || fail "exit code"
echo "exec in a terminal: ok"
