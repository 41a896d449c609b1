"""Tables of representations from a system that is no recurrent network, for `extract`.

    pip install numpy
    python representations.py tables
    extract --representations tables --task parity --merge-distance 0.05

The system here is a stand-in for a transformer: causal attention with equal weights over the symbols so
far, and behind it a fixed map that turns a vector by half a circle for each one among them. From
table to table, what tells words apart fades and what answers the question grows, with a little noise; so
in the first table nearly every word is a state of its own, and in the last there are two, which is
parity. Put your own model in place of `layer`.

What any system has to provide for each checkpoint is a file with three arrays:

    words    text, shape [n]; "" is the word of no symbols and must be there. Or whole numbers, shape
             [n, greatest length], filled up with -1.
    vectors  floating-point numbers, shape [n, H]: what the system holds after each word.
    outputs  whole numbers, shape [n]: what it says after each word; or one score for each possible
             answer, shape [n, answers].
"""

import itertools
import pathlib
import sys

import numpy as np


def layer(word, share, generator):
    """What the model holds at the last position; `share` of it is the answer."""
    # A start token, which says 0, comes first, so that the empty word has a position too.
    symbols = np.array([0.0] + [float(symbol) for symbol in word])
    attention = np.full(len(symbols), 1 / len(symbols)) @ symbols
    ones = attention * len(symbols)
    answer = np.array([np.cos(np.pi * ones), np.sin(np.pi * ones)])
    # What tells the words apart: the position and the symbols themselves.
    memory = np.array([len(word) / 8, sum(2.0**-i * float(s) for i, s in enumerate(word, 1))])
    vector = np.concatenate([answer * share, memory * (1 - share)])
    return vector + generator.normal(scale=0.002, size=4)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tables")
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(1)
    words = ["".join(word) for length in range(7) for word in itertools.product("01", repeat=length)]
    for step in range(0, 101, 10):
        vectors = np.stack([layer(word, step / 100, generator) for word in words])
        scores = np.stack([vectors[:, 0], -vectors[:, 0]], axis=1)
        np.savez(folder / f"step-{step:03}.npz", words=np.array(words),
                 vectors=vectors.astype(np.float32), outputs=scores)
    print(f"{folder}: 11 tables of {len(words)} words")


main()
