#!/bin/sh
# What the tests need from the system: a browser with Chinese type, and Java 17 for Spark.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || missing="$missing fontconfig fonts-noto-cjk"
command -v java >/dev/null 2>&1 || missing="$missing openjdk-17-jre-headless"

[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086
  apt-get install -qq -y --no-install-recommends $missing >/dev/null
else
  echo "The tests need these system packages:$missing" >&2
  echo "Please have them installed (on Debian: sudo apt-get install$missing) and run the command again." >&2
  exit 1
fi
