#!/bin/sh
# The command "plimsoll" inside the image. All arguments go to the program; PLIMSOLL_JAVA_OPTS adds
# options of the JVM.
set -eu

# The options give 70 % of the memory, right inside a limit and wrong on a whole machine, whose memory
# the model needs. A -Xmx wins over the percentage, and the last one wins.
limit=max
for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
  if [ -r "$file" ]; then
    read -r limit <"$file"
    break
  fi
done
case $limit in
  max | ???????????????*) heap=-Xmx512m ;; # no limit; older kernels say it with a number of petabytes
  *) heap= ;;
esac

# Absent only while the image is built. A cache that does not fit any more (another collector, a heap of
# 32 GB) is no news for anybody, and must not get into the output.
cache=
if [ -f /app/plimsoll.aot ]; then cache='-XX:AOTCache=/app/plimsoll.aot -Xlog:aot=off -Xlog:cds=off'; fi

# The libraries' native parts are in the image, so that no folder has to be both written and executed.
native=/app/native/$(uname -m)
# shellcheck disable=SC2086 # lists of options
exec java @/app/jvm.opts $heap -Djava.library.path="$native" -Dorg.sqlite.lib.path="$native" \
  $cache ${PLIMSOLL_JAVA_OPTS:-} -jar /app/plimsoll.jar "$@"
