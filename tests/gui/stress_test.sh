#!/usr/bin/env bash
# The window with far more to show than usual, on a real X server: stress_test.sh SCALE_FACTOR GUI_STRESS MODULE
set -u
command -v Xvfb >/dev/null || { echo "SKIP: Xvfb is not installed"; exit 77; }
. "$(dirname "$0")/x11_input.sh"
work=$(mktemp -d)
trap 'stop_display; rm -rf "$work"' EXIT
export XDG_CONFIG_HOME="$work/config" QT_QUICK_BACKEND=software QT_SCALE_FACTOR=$1 UNIVRS_NO_KEYRING=1
mkdir -p "$work/config/univrs"
printf '[window]\nview=workloads\n' >"$work/config/univrs/univrs.conf"
start_display $((1440 * $1)) $((900 * $1))
"$2" "$3" --workloads 10000 --rate 1000 --churn 5 --log 1000000 --idle 5 --check
