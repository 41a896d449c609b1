"""An epoch of each cell beside PyTorch's, and how its time grows.

    (cd Benchmarks && swift build -c release)
    pip install torch
    python3 Benchmarks/cells.py [--runs 5] [--seconds 1] [--only cells|units|length|symbols]

Epochs alone, without evaluation, on one thread each, on every word of length 1 to 10: `TrainAlone`
and the ordinary way in PyTorch (peers/pytorch_parity.py), taking turns. PYTHON names the interpreter
that has PyTorch. Each run lasts about so many seconds. Times are milliseconds per epoch, medians over
runs; the ratio is that of the medians, by the wall clock and by the processor's own time, which is
the one to look at where others share the machine.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

parser = argparse.ArgumentParser()
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--seconds", type=float, default=1)
parser.add_argument("--only", choices=("cells", "units", "length", "symbols"))
options = parser.parse_args()

python = os.environ.get("PYTHON", "python3")
alone = os.path.join(HERE, ".build/release/TrainAlone")
peer = os.path.join(HERE, "peers/pytorch_parity.py")
one_thread = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def run(command):
    finished = subprocess.run(command, env=os.environ | one_thread, stdout=subprocess.PIPE, text=True)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)} failed with exit code {finished.returncode}")
    result = json.loads(finished.stdout)
    return result["training_seconds"], result["training_cpu_seconds"]


def ours(epochs, cell, hidden, longest, symbols):
    return run([alone] + [str(x) for x in (epochs, cell, hidden, longest, symbols)])


def theirs(epochs, cell, hidden, longest, symbols):
    return run(
        [python, peer, "--no-evaluation", "--epochs", str(epochs), "--cell", cell]
        + ["--hidden", str(hidden), "--longest", str(longest), "--symbols", str(symbols)]
    )


def epochs_for(program, *recipe):
    """How many epochs last about as long as asked for, found on two of them."""
    return max(1, min(2000, round(options.seconds / (program(2, *recipe)[0] / 2))))


def race(*recipe, programs=(ours, theirs)):
    """Milliseconds per epoch, wall clock and processor, of each program."""
    counts = [epochs_for(program, *recipe) for program in programs]
    times = [[] for _ in programs]
    for _ in range(options.runs):
        for program, count, found in zip(programs, counts, times):
            found.append([seconds / count * 1000 for seconds in program(count, *recipe)])
    return [[statistics.median(run[clock] for run in found) for clock in (0, 1)] for found in times]


CELLS = ("elman", "gru", "lstm")
if options.only in (None, "cells"):
    print("| cell | units | extract | PyTorch | ratio | extract | PyTorch | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for cell in CELLS:
        for hidden in (32, 100, 256):
            us, them = race(cell, hidden, 10, 2)
            columns = [
                f"{us[clock]:.3g} | {them[clock]:.3g} | {them[clock] / us[clock]:.1f}"
                for clock in (0, 1)
            ]
            print(f"| {cell} | {hidden} | {' | '.join(columns)} |", flush=True)
for name, values, recipe in (
    ("units", (16, 32, 64, 128, 256, 512, 1024), lambda x: (x, 10, 2)),
    ("length", (6, 8, 10, 12, 14), lambda x: (100, x, 2)),
    ("symbols", (2, 3, 4, 6, 8), lambda x: (100, 5, x)),
):
    if options.only not in (None, name):
        continue
    print(f"\n| {name} | " + " | ".join(CELLS) + " |\n| ---: |" + " ---: |" * len(CELLS))
    for value in values:
        found = [race(cell, *recipe(value), programs=(ours,))[0][1] for cell in CELLS]
        print(f"| {value} | " + " | ".join(f"{x:.3g}" for x in found) + " |", flush=True)
