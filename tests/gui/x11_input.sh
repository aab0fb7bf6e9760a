# Real X11 input for tests: source it. Needs Xvfb and xdotool; DND_SOURCE names the dnd_source program.
#   start_display WIDTH HEIGHT   starts Xvfb on a free display, sets DISPLAY and XVFB_PID
#   wait_window NAME             waits up to 30 s for a window whose title contains NAME, prints its id
#   drop_files NAME FILE…        drags files onto the middle of that window, as a person would
#   drop_text NAME TEXT
#   press NAME KEY…              focuses that window (there is no window manager) and presses keys, as `ctrl+Return`
#   stop_display

start_display() {
  local fifo
  fifo=$(mktemp -u)
  mkfifo "$fifo"
  # -noreset: else the server starts anew when its last client leaves, and who connects just then is refused.
  Xvfb -noreset -displayfd 3 -screen 0 "${1:-1440}x${2:-900}x24" -nolisten tcp 3>"$fifo" 2>/dev/null &
  XVFB_PID=$!
  local number
  read -r number <"$fifo"
  rm -f "$fifo"
  export DISPLAY=":$number"
  export QT_QPA_PLATFORM=xcb
}

stop_display() {
  if [ -n "${XVFB_PID:-}" ]; then
    kill "$XVFB_PID" 2>/dev/null
    wait "$XVFB_PID" 2>/dev/null
    XVFB_PID=
  fi
}

wait_window() {
  local id i
  for i in $(seq 150); do
    id=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -1)
    if [ -n "$id" ]; then
      echo "$id"
      return 0
    fi
    sleep 0.2
  done
  echo "no window named $1" >&2
  return 1
}

press() {
  local target
  target=$(wait_window "$1") || return 1
  shift
  xdotool windowfocus --sync "$target" key "$@"
}

_drag() { # NAME, then what dnd_source takes after X Y
  local target geometry X Y WIDTH HEIGHT WINDOW SCREEN source_pid sx sy tx ty i
  target=$(wait_window "$1") || return 1
  shift
  geometry=$(xdotool getwindowgeometry --shell "$target") || return 1
  eval "$geometry"
  # The source sits on the target's upper left corner: without a window manager nothing else is sure to be on screen.
  sx=$((X + 4)) sy=$((Y + 4)) tx=$((X + WIDTH / 2)) ty=$((Y + HEIGHT / 2))
  "$DND_SOURCE" "$sx" "$sy" "$@" >/dev/null &
  source_pid=$!
  wait_window dnd_source >/dev/null || { kill "$source_pid"; return 1; }
  sleep 0.3
  xdotool mousemove $((sx + 30)) $((sy + 30)) mousedown 1
  sleep 0.3
  for i in 1 2 3 4 5 6 7 8; do
    xdotool mousemove $((sx + 30 + (tx - sx - 30) * i / 8)) $((sy + 30 + (ty - sy - 30) * i / 8))
    sleep 0.06
  done
  sleep 0.2
  xdotool mouseup 1
  for i in $(seq 100); do
    if ! kill -0 "$source_pid" 2>/dev/null; then
      wait "$source_pid" # 0 = the target took it
      return
    fi
    sleep 0.1
  done
  echo "the drag did not end" >&2
  kill "$source_pid"
  return 1
}

drop_files() {
  local name=$1
  shift
  _drag "$name" file "$@"
}

drop_text() { _drag "$1" text "$2"; }
