"""How well automata are read off networks that were trained in PyTorch.

    python3 Benchmarks/foreign/train_tomita.py FOLDER
    swift build -c release
    python3 Benchmarks/foreign/measure.py FOLDER networks|clusterings

`networks` runs `extract --checkpoints` on all 20 checkpoints of each network of FOLDER, at the default
merge distance and with `--merge-distance auto`, and prints a row for each. `clusterings` looks at each
network's last checkpoint in every way there is to divide hidden states, its number chosen by fidelity,
as it is and refined, and prints a row for each way: medians and counts over the networks. Both print
Markdown. EXTRACT names the program.
"""

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
EXTRACT = os.environ.get("EXTRACT", os.path.join(HERE, "../../.build/release/extract"))
METHODS = ("leaders", "components", "average", "complete", "k-means", "quantization")

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("what", choices=("networks", "clusterings"))
options = parser.parse_args()


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def look(checkpoints, task, arguments):
    """The last checkpoint's row of states.csv, fidelity by length, what was chosen, and the time."""
    with tempfile.TemporaryDirectory() as out:
        command = [EXTRACT, "--checkpoints", checkpoints, "--task", task, "--out", out]
        command += ["--nonlinearity", "tanh", "--start", "0"]
        command += ["--validate-lengths", "50,1000", "--validate-words", "1000", *arguments]
        begin = time.time()
        finished = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if finished.returncode != 0:
            sys.exit(f"{' '.join(command)} failed with exit code {finished.returncode}")
        seconds = time.time() - begin
        last = rows(f"{out}/states.csv")[-1]
        fidelity = {int(row["length"]): float(row["fidelity"]) for row in rows(f"{out}/long-words.csv")}
        chosen = ""
        if os.path.exists(f"{out}/choice.csv"):
            [row] = [row for row in rows(f"{out}/choice.csv") if row["chosen"] == "true"]
            chosen = next(iter(row.values()))
        return last, fidelity, chosen, seconds


def networks():
    for task in sorted(os.listdir(options.folder)):
        for cell in ("rnn", "gru", "lstm"):
            path = os.path.join(options.folder, task, cell)
            if os.path.isdir(path):
                yield task, cell, path


def verdict(last):
    if last["equivalent_to_task"] == "true":
        return "yes"
    return f"no: {last['separating_word']}"


if options.what == "networks":
    print("| language | cell | merge distance | states | complete | equivalent | consistency | 50 | 1000 |")
    print("| --- | --- | ---: | ---: | --- | --- | ---: | ---: | ---: |")
    for task, cell, path in networks():
        for arguments in ([], ["--merge-distance", "auto"]):
            last, fidelity, chosen, _ = look(path, task, arguments)
            minimal = f" ({last['minimal_states']})" if last["minimal_states"] else ""
            distance = f"auto: {float(chosen):.3f}" if chosen else "0.01"
            print(
                f"| {task} | {cell} | {distance} | {last['states']}{minimal} | "
                f"{'yes' if last['complete'] == 'true' else 'no'} | {verdict(last)} | "
                f"{float(last['consistency']):.2f} | {fidelity[50]:.3f} | {fidelity[1000]:.3f} |",
                flush=True,
            )
else:
    print(
        "| way | refined | states | complete | equivalent | consistency | fidelity at 50 | at 1000 | seconds |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for method in METHODS:
        for refine in ([], ["--refine"]):
            found = []
            for task, cell, path in networks():
                with tempfile.TemporaryDirectory() as alone:
                    name = sorted(os.listdir(path))[-1]
                    os.symlink(os.path.abspath(os.path.join(path, name)), os.path.join(alone, name))
                    automatic = ["--merge-distance", "auto"]
                    if method in ("k-means", "quantization"):
                        automatic = []
                    found.append(look(alone, task, ["--cluster", method, *automatic, *refine]))
            count = len(found)
            states = [int(last["states"]) for last, *_ in found]
            print(
                f"| {method} | {'yes' if refine else 'no'} | {statistics.median(states):.0f} "
                f"({min(states)}–{max(states)}) | "
                f"{sum(last['complete'] == 'true' for last, *_ in found)} of {count} | "
                f"{sum(last['equivalent_to_task'] == 'true' for last, *_ in found)} of {count} | "
                f"{statistics.mean(float(last['consistency']) for last, *_ in found):.3f} | "
                f"{statistics.mean(fidelity[50] for _, fidelity, *_ in found):.3f} | "
                f"{statistics.mean(fidelity[1000] for _, fidelity, *_ in found):.3f} | "
                f"{statistics.median(seconds for *_, seconds in found):.1f} |",
                flush=True,
            )
