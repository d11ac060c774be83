#!/bin/sh
# What training takes on a GPU, in ten minutes, from `make setup`: tokens a second and peak memory of an 8B
# shape beside plain TRL (nf4 and bfloat16, 4 x 4 and 16 x 1 rows an update), a killed and resumed run, and a
# whole cycle of smollm2. Each part has its time and prints its own table; one that fails costs itself.
#
#     benchmarks/gpu.sh GATED/kept.jsonl            on a GPU
#     DRY=1 benchmarks/gpu.sh GATED/kept.jsonl      the same steps with sprout on a CPU: does the script run?
set -u
kept=${1:?"usage: benchmarks/gpu.sh KEPT.jsonl (the gate's)"}
python=${PYTHON:-.venv/bin/python}
if [ "${DRY:-}" ]; then
    model="--base sprout --updates 2 --rounds 1 --mean 120"; seconds=600
else
    model="--size 8b --updates 6 --rounds 1"; seconds=100
fi

part() {
    echo "== $1"; shift
    timeout "$seconds" "$@" || echo "failed or out of time: exit $?"
}

for split in 4 16; do
    for precision in none nf4; do
        # shellcheck disable=SC2086
        part "training, $precision, $split rows a pass" \
            "$python" -m benchmarks.training "$kept" $model --quantization $precision --batch $split
    done
done
part "killed and resumed" "$python" -m benchmarks.survival "$kept" --kills 2 --steps 12
[ "${DRY:-}" ] || part "a cycle of smollm2" \
    make cycle BASE=smollm2
