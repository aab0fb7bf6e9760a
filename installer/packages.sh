# Sourced by installer/run and tests/run: installs Debian packages, or says which are missing and how to get them.

# packages_for PURPOSE…: the package names of these purposes, one a line.
packages_for() {
  local list
  list="$(dirname "${BASH_SOURCE[0]}")/packages.txt"
  for purpose in "$@"; do
    awk -v p="$purpose" '$1 == p { for (i = 2; i <= NF; i++) print $i }' "$list"
  done | sort -u
}

# packages_missing NAME…: those that are not installed.
packages_missing() {
  local name
  for name in "$@"; do
    [ "$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null)" = "install ok installed" ] || echo "$name"
  done
}

# packages_install PURPOSE…: makes them present. Without root and without a way to become it, says what to run and fails.
packages_install() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    echo "This script knows Debian and Ubuntu. On another system install these and run it again with --no-install:" >&2
    packages_for "$@" | tr '\n' ' ' >&2
    echo >&2
    return 1
  fi
  # shellcheck disable=SC2046
  missing=$(packages_missing $(packages_for "$@"))
  [ -n "$missing" ] || return 0
  local as_root=""
  if [ "$(id -u)" != 0 ]; then
    if [ -t 0 ] && command -v sudo >/dev/null; then
      echo "These packages are needed:"
      echo "$missing" | tr '\n' ' '
      echo
      read -r -p "Install them with sudo apt-get? [Y/n] " answer
      case "$answer" in [nN]*) return 1 ;; esac
      as_root=sudo
    else
      echo "These packages are needed and this is not root. Run, then start again:" >&2
      echo "  apt-get update && apt-get install -y --no-install-recommends" $missing >&2
      return 1
    fi
  fi
  echo "== installing packages: $(echo "$missing" | tr '\n' ' ')"
  $as_root apt-get update -q
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing
}
