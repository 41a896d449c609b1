"""Exchanges DOT files with AALpy and compares minimal machines, on random machines both ways.

Run from the top of the package, with the Python that has AALpy installed:

    python Benchmarks/peers/aalpy_dot.py            # exchange; ends with 0 if all agree
    python Benchmarks/peers/aalpy_dot.py --measure  # also times AALpy's minimization

1. AALpy writes 200 random DFAs and Moore machines, ours reads them and writes them minimized.
2. Ours writes 200 random machines and their minimal machines.
3. AALpy reads all of it, minimizes its own copies, and compares sizes and behaviour: by its
   own `bisimilar`, and by running both on all short words.
"""

import argparse
import itertools
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aalpy.utils import (
    bisimilar,
    generate_random_dfa,
    generate_random_moore_machine,
    load_automaton_from_file,
    save_automaton_to_file,
)


def kind(path):
    return "dfa" if "dfa" in path.name else "moore"


def load(path):
    return load_automaton_from_file(path, kind(path))


def write_machines(folder, count):
    random.seed(2025)
    for number in range(count):
        states, symbols = random.randint(1, 30), random.randint(1, 4)
        alphabet = list(range(symbols))
        if number % 2 == 0:
            machine = generate_random_dfa(
                states, alphabet, num_accepting_states=random.randint(1, states), ensure_minimality=False
            )
        else:
            machine = generate_random_moore_machine(
                states, alphabet, [0, 1, 2], ensure_minimality=False
            )
        name = "dfa" if number % 2 == 0 else "moore"
        path = folder / f"theirs-{name}-{number}.dot"
        path.write_text(save_automaton_to_file(machine, path, file_type="string"))


def output(machine, word):
    machine.reset_to_initial()
    state = machine.initial_state
    for symbol in word:
        state = state.transitions[symbol]
    return int(state.is_accepting) if hasattr(state, "is_accepting") else state.output


def drop_unreachable(machine):
    reached, stack = {machine.initial_state}, [machine.initial_state]
    while stack:
        for state in stack.pop().transitions.values():
            if state not in reached:
                reached.add(state)
                stack.append(state)
    machine.states = [state for state in machine.states if state in reached]


def compare(original_path, minimal_path):
    """A complaint, or None."""
    original, minimal, own = load(original_path), load(minimal_path), load(original_path)
    drop_unreachable(own)  # AALpy's minimize keeps states that no word reaches
    own.minimize()
    if own.size != minimal.size:
        return f"AALpy finds {own.size} minimal states, ours {minimal.size}"
    if not bisimilar(original, minimal):
        return "not bisimilar"
    alphabet = original.get_input_alphabet()
    for length in range(5):
        for word in itertools.product(alphabet, repeat=length):
            if output(original, word) != output(minimal, word):
                return f"different outputs after {word}"
    return None


def measure():
    """Times AALpy on machines like those of our own table (swift run -c release Machines
    measure, in Benchmarks/), as far as it can follow: its time grows with about the cube of the states."""
    print("states,symbols,minimal_states,aalpy_minimize_s")
    random.seed(1)
    for states, symbols in ((100, 2), (300, 2), (1_000, 2), (100, 26), (300, 26)):
        machine = doubled(states, symbols)
        drop_unreachable(machine)
        start = time.perf_counter()
        machine.minimize()
        print(f"{states},{symbols},{machine.size},{time.perf_counter() - start:.4f}", flush=True)


def doubled(states, symbols):
    """A random DFA with two copies of each state, like the machines that our own table is about."""
    from aalpy.automata import Dfa, DfaState

    half = states // 2
    accepting = [random.random() < 0.5 for _ in range(half)]
    table = [[random.randrange(half) for _ in range(symbols)] for _ in range(half)]
    nodes = [DfaState(f"s{i}", accepting[i % half]) for i in range(2 * half)]
    for i, node in enumerate(nodes):
        for symbol in range(symbols):
            node.transitions[symbol] = nodes[table[i % half][symbol] + random.choice((0, half))]
    return Dfa(nodes[0], nodes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_machines(folder, arguments.count)
        subprocess.run(
            ["swift", "run", "-c", "release", "Machines", "exchange", str(folder)],
            cwd=Path(__file__).resolve().parents[1],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        complaints, counts = 0, {"theirs": 0, "ours": 0}
        for path in sorted(folder.glob("*.dot")):
            origin = path.name.split("-")[0]
            if origin == "minimal":
                continue
            counts[origin] += 1
            complaint = compare(path, folder / f"minimal-{path.name}")
            if complaint:
                complaints += 1
                print(f"{path.name}: {complaint}", file=sys.stderr)
        print(f"{counts['theirs']} of AALpy's machines, {counts['ours']} of ours: "
              f"{complaints} disagreements")
    if arguments.measure:
        measure()
    sys.exit(1 if complaints or min(counts.values()) == 0 else 0)


if __name__ == "__main__":
    main()
