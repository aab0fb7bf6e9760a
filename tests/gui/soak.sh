#!/usr/bin/env bash
# The window under steady change: tests/gui/soak.sh SECONDS [GUI_STRESS [MODULE]]. 1,500 workloads, 100 changes a second
# for that long, then a minute of nothing. Fails when memory grows between the middle and the end of the churn by more
# than 16 MB, when the window's thread pauses for seconds, or when the idle window takes more than 1 % of a processor.
set -u
seconds=${1:?usage: soak.sh SECONDS [GUI_STRESS [MODULE]]}
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build/release
gui_stress=${2:-$build/tests/gui/gui_stress}
module=${3:-$build/app/plugins/univrs-gui.so}
command -v Xvfb >/dev/null || { echo "SKIP: Xvfb is not installed"; exit 77; }
. "$here/x11_input.sh"
work=$(mktemp -d)
trap 'stop_display; rm -rf "$work"' EXIT
export XDG_CONFIG_HOME="$work/config" QT_QUICK_BACKEND=software QT_SCALE_FACTOR=1 UNIVRS_NO_KEYRING=1
start_display 1440 900
"$gui_stress" "$module" --workloads 1500 --rate 100 --churn "$seconds" --log 100000 --idle 60 --check \
  --max-growth 16 --max-idle 1
