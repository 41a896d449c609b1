"""Our training beside PyTorch's on one thread each, taking turns, and how many times faster it is.

    make build && (cd Benchmarks && swift build -c release)
    pip install torch
    python3 Benchmarks/compare.py [--runs 5] [--epochs 1000] [--only whole]

PYTHON names the interpreter that has PyTorch (python3 by default), EXTRACT the program to measure
(.build/release/extract by default). Two comparisons:

  whole     `extract train`, evaluation after every epoch and checkpoints included, against the
            same recipe in PyTorch with its evaluation after every epoch
  training  the epochs alone, against PyTorch's epochs alone

Wall-clock seconds; where others share the machine, look at the processor's seconds too. PyTorch's
times leave out its start, ours of `whole` include it. OpenBLAS picks its kernels by processor;
OPENBLAS_CORETYPE=Haswell holds it to AVX2.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)

parser = argparse.ArgumentParser()
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--epochs", type=int, default=1000)
parser.add_argument("--only", choices=("whole", "training"))
options = parser.parse_args()

python = os.environ.get("PYTHON", "python3")
extract = os.environ.get("EXTRACT", os.path.join(ROOT, ".build/release/extract"))
alone = os.path.join(HERE, ".build/release/TrainAlone")
peer = [python, os.path.join(HERE, "peers/pytorch_parity.py"), "--epochs", str(options.epochs)]
one_thread = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def run(command):
    """The command's output, its wall-clock and its processor's seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    finished = subprocess.run(command, env=os.environ | one_thread, stdout=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)} failed with exit code {finished.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return finished.stdout, seconds, used


def our_whole():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run")
        _, seconds, used = run([extract, "train", "--epochs", str(options.epochs), "--out", out])
    return seconds, used


def our_training():
    output, _, used = run([alone, str(options.epochs)])
    return json.loads(output)["training_seconds"], used


def their_whole():
    result = json.loads(run(peer)[0])
    return result["seconds"], result["cpu_seconds"]


def their_training():
    result = json.loads(run(peer + ["--no-evaluation"])[0])
    return result["training_seconds"], result["cpu_seconds"]


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


for program in (extract, alone):
    if not os.path.exists(program):
        sys.exit(f"{program} is not there; build it first: see the head of this file.")
kernels = json.loads(run([alone, "0"])[0])["kernels"]
torch = json.loads(run(peer[:-1] + ["0"])[0])["torch"]
print(f"{processor()}, OpenBLAS kernels {kernels}, PyTorch {torch}, one thread each")
print(f"{options.epochs} epochs, medians of {options.runs} runs taking turns (least to greatest), s")
print(f"{'':10} {'':10} {'extract':>22} {'PyTorch':>22} {'ratio':>7}")
for name, ours, theirs in (
    ("whole", our_whole, their_whole),
    ("training", our_training, their_training),
):
    if options.only not in (None, name):
        continue
    pairs = [(ours(), theirs()) for _ in range(options.runs)]
    for clock, measure in enumerate(("wall clock", "processor")):
        texts, medians = [], []
        for side in (0, 1):
            times = sorted(pair[side][clock] for pair in pairs)
            medians.append(statistics.median(times))
            texts.append(f"{medians[-1]:.2f} ({times[0]:.2f}–{times[-1]:.2f})")
        ratio = medians[1] / medians[0]
        print(f"{name:10} {measure:10} {texts[0]:>22} {texts[1]:>22} {ratio:6.1f}×", flush=True)
