"""Does PyTorch read our checkpoints, and do its networks say the same?

Loads every checkpoint of a run with safetensors.torch.load_file and load_state_dict, computes the
loss and the accuracy over all training words the ordinary PyTorch way, and holds them against the
run's metrics.csv: within 1e-5, absolute plus relative. Then the way back: saves each network's state
dict with safetensors.torch.save_file into a folder of its own, in which `extract` finds the same
hidden states.

    pip install torch safetensors numpy
    python load_checkpoints.py RUN [FOLDER]

RUN is what `extract train --out RUN` wrote, for the tasks parity and mod-k with all words of each
length (--fraction 1, at most --words-per-length of them); FOLDER, if given, is where the state dicts go.
Exits with 1 and a sentence where something disagrees.
"""

import csv
import itertools
import json
import pathlib
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn


class Network(nn.Module):
    def __init__(self, cell, inputs, hidden, layers, outputs, nonlinearity):
        super().__init__()
        kind = {"elman": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell]
        options = {"nonlinearity": nonlinearity} if cell == "elman" else {}
        self.rnn = kind(inputs, hidden, layers, batch_first=True, **options)
        self.fc = nn.Linear(hidden, outputs)

    def forward(self, words, start):
        """`start` is the state before the first symbol: h of each layer, then an LSTM's c."""
        first = start[:, None].expand(-1, len(words), -1).contiguous()
        layers = self.rnn.num_layers
        if len(first) > layers:
            first = (first[:layers].contiguous(), first[layers:].contiguous())
        states, _ = self.rnn(words, first)
        return self.fc(states[:, -1])


def read(path):
    """The network of a checkpoint, its starting state and its epoch."""
    tensors = load_file(path)
    with safe_open(path, "pt") as file:
        notes = file.metadata()
    hidden = tensors["rnn.weight_hh_l0"].shape[1]
    inputs = tensors["rnn.weight_ih_l0"].shape[1]
    layers = sum(key.startswith("rnn.weight_ih_l") for key in tensors)
    network = Network(
        notes["cell"], inputs, hidden, layers, len(tensors["fc.bias"]), notes["nonlinearity"]
    )
    network.load_state_dict(tensors)
    # One number for all, or all of them.
    numbers = torch.tensor([float(number) for number in notes["start"].split(",")])
    rows = layers * (2 if notes["cell"] == "lstm" else 1)
    start = numbers.reshape(rows, hidden) if len(numbers) > 1 else numbers.expand(rows, hidden)
    return network, start, int(notes["epoch"])


def training_words(task, recipe):
    """One-hot words of each length with their targets."""
    modulus = 2 if task == "parity" else int(task.removeprefix("mod-"))
    for length in range(recipe["minLength"], recipe["maxLength"] + 1):
        words = torch.tensor(list(itertools.product(range(2), repeat=length)))
        yield nn.functional.one_hot(words, 2).float(), words.sum(1) % modulus


def measure(network, start, task, recipe):
    """Loss and accuracy over all training words together."""
    loss, right, count = 0.0, 0, 0
    for words, targets in training_words(task, recipe):
        outputs = network(words, start).double()
        if recipe["loss"] == "mse":
            wanted = nn.functional.one_hot(targets, outputs.shape[1]).double()
            loss += nn.functional.mse_loss(outputs, wanted).item() * len(words)
        else:
            loss += nn.functional.cross_entropy(outputs, targets).item() * len(words)
        right += (outputs.argmax(1) == targets).sum().item()
        count += len(words)
    return loss / count, right / count


def main():
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    run = pathlib.Path(sys.argv[1])
    configuration = json.loads((run / "config.json").read_text())
    recipe = configuration["recipe"]
    if recipe["fraction"] != 1 or recipe["supervision"] != "last" or recipe["isBalanced"]:
        sys.exit(f"{run}: only runs on all words, asked for their last output, can be checked.")
    with open(run / "metrics.csv") as file:
        metrics = {int(row["epoch"]): row for row in csv.DictReader(file)}
    paths = sorted((run / "checkpoints").glob("epoch-*.safetensors"))
    if not paths:
        sys.exit(f"{run} holds no checkpoints.")
    largest = 0.0
    for path in paths:
        network, start, epoch = read(path)
        loss, accuracy = measure(network, start, configuration["task"], recipe)
        row = metrics[epoch]
        ours = float(row["train_loss"])
        # Written so that NaN fails.
        if not abs(loss - ours) <= 1e-5 * (1 + abs(loss)):
            sys.exit(f"{path}: PyTorch's training loss is {loss}, ours is {ours}.")
        # Outputs that tie within rounding may fall either way.
        if not abs(accuracy - float(row["train_accuracy"])) <= 0.002:
            sys.exit(f"{path}: PyTorch's accuracy is {accuracy}, ours {row['train_accuracy']}.")
        largest = max(largest, abs(loss - ours) / (1 + abs(loss)))
        if len(sys.argv) > 2:
            folder = pathlib.Path(sys.argv[2])
            folder.mkdir(parents=True, exist_ok=True)
            save_file(network.state_dict(), folder / f"network-{epoch}.safetensors")
    print(f"{len(paths)} checkpoints agree; the largest difference of a loss is {largest:.1e}")


main()
