#!/bin/sh
# Asks the operators' port whether the program lives: with wget, or with bash alone, which is what
# Debian's and Ubuntu's images have. How long that may take is the engine's to say.
set -eu
port=${PLIMSOLL_ADMIN_PORT:-11436}
if command -v wget >/dev/null; then
  export http_proxy= # the question never leaves the container
  exec wget -q -O /dev/null "http://127.0.0.1:$port/health/live"
fi
exec bash -c '
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n" "$1" >&3
  read -r status <&3
  [[ $status == "HTTP/1.1 200 "* ]]
' healthcheck "$port"
