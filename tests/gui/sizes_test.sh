#!/usr/bin/env bash
# The window at many sizes and scale factors on a real X server, with ordinary and with odd names: it fits the screen, what
# matters is whole within it, no text spills out or lies on another, and nothing complains: sizes_test.sh GUI_PREVIEW MODULE
# With SHOTS=FOLDER it leaves pictures there.
set -u
here=$(cd "$(dirname "$0")" && pwd)
preview=$1 module=$2
for tool in Xvfb xdotool; do
  command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
. "$here/x11_input.sh"
work=$(mktemp -d)
app=
faults=0
finish() {
  [ -n "$app" ] && kill "$app" 2>/dev/null && wait "$app" 2>/dev/null
  exec 4>&-
  stop_display
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "FAILED: $1"; cat "$work/err"; exit 1; }
export QT_QUICK_BACKEND=software UNIVRS_NO_KEYRING=1
frame=(rail clusterButton searchField healthChip bellButton settingsButton deployButton)

look() { # NAME OBJECT…: asks for the layout, twice, for what comes up by and by
  local name=$1 i answer before=
  shift
  for i in $(seq 40); do
    : >"$work/out"
    echo "layout $*" >&4
    until answer=$(grep '^layout' "$work/out"); do
      kill -0 "$app" 2>/dev/null || fail "$name: the window is gone"
      sleep 0.05
    done
    # Good and the same twice: it has settled.
    [ "${answer##* }" = 0 ] && [ "$answer" = "$before" ] && break
    before=$answer
    sleep 0.1
  done
  [ -z "${SHOTS:-}" ] || import -window root "$SHOTS/$name.png"
  if [ "${answer##* }" != 0 ]; then
    echo "$name: $answer"
    grep '^fault' "$work/out"
    faults=$((faults + ${answer##* }))
  fi
}
rectangle() { # sets X Y WIDTH HEIGHT of the window
  eval "$(xdotool getwindowgeometry --shell "$window")"
}
scene() { # SCENE WIDTH HEIGHT SCALE, the first two of the screen in real pixels
  local name=$1 sw=$2 sh=$3 scale=$4 label=$1-$2x$3@$4 i
  rm -f "$work/in"
  mkfifo "$work/in"
  : >"$work/out"
  QT_SCALE_FACTOR=$scale XDG_CONFIG_HOME=$work/config-$label "$preview" "$module" "$name" <"$work/in" >>"$work/out" 2>"$work/err" &
  app=$!
  exec 4>"$work/in"
  window=$(wait_window Univrs) || fail "$label: no window"
  rectangle
  [ "$X" -ge 0 ] && [ "$Y" -ge 0 ] && [ $((X + WIDTH)) -le "$sw" ] && [ $((Y + HEIGHT)) -le "$sh" ] ||
    fail "$label: the window does not fit: ${WIDTH}x$HEIGHT at $X,$Y"
  xdotool windowmove "$window" 0 0 windowsize "$window" "$sw" "$sh" windowfocus --sync "$window"
  for i in $(seq 50); do
    rectangle
    [ "$WIDTH" = "$sw" ] && [ "$HEIGHT" = "$sh" ] && break
    sleep 0.1
  done
  [ "$WIDTH" = "$sw" ] || fail "$label: the window is ${WIDTH}x$HEIGHT"
  xdotool key ctrl+1
  look "$label-overview" "${frame[@]}" overviewPage
  xdotool key ctrl+2
  look "$label-peers" "${frame[@]}"
  xdotool key ctrl+3
  look "$label-gossip" "${frame[@]}"
  xdotool key ctrl+4
  look "$label-workloads" "${frame[@]}" workloadList
  xdotool key Home Return
  look "$label-workload" "${frame[@]}" inspector inspectorName removeButton
  if [ "$name" = odd ]; then
    for i in 1 2 3 4; do
      xdotool key Down Return
      look "$label-workload$i" "${frame[@]}" inspector inspectorName removeButton
    done
  fi
  xdotool key ctrl+5 Home Return
  look "$label-node" "${frame[@]}" inspector
  xdotool key ctrl+6 Home Return
  look "$label-decision" "${frame[@]}" inspector
  xdotool key ctrl+k
  look "$label-palette" paletteField paletteList
  xdotool key Escape ctrl+comma
  look "$label-settings" settingsList
  xdotool key Escape ctrl+n
  look "$label-sheet" sheetTitle sheetDeploy manifestText
  kill "$app" && wait "$app" 2>/dev/null
  app=
  exec 4>&-
  grep -iE 'qrc:|TypeError|ReferenceError|binding loop' "$work/err" && fail "$label: QML complained"
  return 0
}
screen() { # WIDTH HEIGHT SCALE
  start_display "$1" "$2"
  scene data "$@"
  scene odd "$@"
  stop_display
  echo "$1x$2, scale $3"
}
if [ $# -gt 2 ]; then # by hand: … WIDTH HEIGHT SCALE
  screen "$3" "$4" "$5"
else
  # Sizes of the window as the person sees it; the screen has as many more pixels as the scale says.
  for scale in 1 1.5 2; do
    for size in "800 500" "1024 640" "1440 900"; do
      screen $(awk -v s="$scale" '{ printf "%d %d", $1 * s, $2 * s }' <<<"$size") "$scale"
    done
    screen 3840 2160 "$scale"
  done
fi
[ "$faults" = 0 ] || { echo "FAILED: $faults faults"; exit 1; }
echo "sizes: ok"
