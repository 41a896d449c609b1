"""Are the states that we export those that PyTorch computes, and are PyTorch's own files read?

Loads what `extract states` wrote with safetensors.numpy and numpy, and holds words, hidden states and
outputs against PyTorch's, within 1e-5. Then saves every network of the run the way people do with
torch.save: as a state dict, in a dictionary with an optimizer, from within DataParallel; `extract` finds
the same automata in these folders as in the run.

    pip install torch safetensors numpy
    python exchange_tensors.py RUN STATES FOLDER

RUN is what `extract train` wrote; STATES.safetensors and STATES.npz are `extract states` of its last
checkpoint; into FOLDER/plain, FOLDER/training and FOLDER/parallel go PyTorch's files.
Exits with 1 and a sentence where something disagrees.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import load_file as load_arrays
from safetensors.torch import load_file
from torch import nn


class Network(nn.Module):
    def __init__(self, inputs, hidden, outputs, nonlinearity):
        super().__init__()
        self.rnn = nn.RNN(inputs, hidden, nonlinearity=nonlinearity, batch_first=True)
        self.fc = nn.Linear(hidden, outputs)


def read(path):
    tensors = load_file(path)
    with safe_open(path, "pt") as file:
        notes = file.metadata()
    hidden, inputs = tensors["rnn.weight_ih_l0"].shape
    network = Network(inputs, hidden, len(tensors["fc.bias"]), notes["nonlinearity"])
    network.load_state_dict(tensors)
    return network, float(notes["start"]), int(notes["epoch"])


def check_states(stem, network, start):
    arrays = load_arrays(f"{stem}.safetensors")
    npz = np.load(f"{stem}.npz")
    for name, array in arrays.items():
        if not np.array_equal(array, npz[name]):
            sys.exit(f"'{name}' differs between {stem}.safetensors and {stem}.npz.")
    with safe_open(f"{stem}.safetensors", "np") as file:
        names = json.loads(file.metadata()["names"])
    if list(npz["names"]) != names:
        sys.exit("the names differ between the formats.")
    one_hot = torch.eye(network.rnn.input_size)
    for row, (word, length) in enumerate(zip(arrays["words"], arrays["lengths"])):
        state = torch.full((1, 1, network.rnn.hidden_size), start)
        if length > 0:
            _, state = network.rnn(one_hot[torch.tensor(word[:length])][None], state)
        vector = state[0, 0]
        output = network.fc(vector)
        name = "".join(npz["alphabet"][symbol] for symbol in word[:length]) or "ε"
        if name != names[row]:
            sys.exit(f"row {row} is '{names[row]}', but its symbols are '{name}'.")
        # Written so that NaN fails.
        if not np.abs(vector.numpy() - arrays["vectors"][row]).max() <= 1e-5:
            sys.exit(f"after '{name}' PyTorch has another hidden state.")
        if not np.abs(output.numpy() - arrays["outputs"][row]).max() <= 1e-5:
            sys.exit(f"after '{name}' PyTorch has another output.")
    return len(names)


def main():
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    run, stem, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    paths = sorted(pathlib.Path(run, "checkpoints").glob("epoch-*.safetensors"))
    for kind in ["plain", "training", "parallel"]:
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for path in paths:
        network, start, epoch = read(path)
        optimizer = torch.optim.Adam(network.parameters())
        for parameter in network.parameters():
            parameter.grad = torch.zeros_like(parameter)
        optimizer.step()
        network.load_state_dict(load_file(path))
        torch.save(network.state_dict(), folder / "plain" / f"epoch_{epoch}.pt")
        torch.save(
            {"epoch": epoch, "model_state_dict": network.state_dict(), "loss": 0.5,
             "optimizer_state_dict": optimizer.state_dict()},
            folder / "training" / f"model-step-{epoch}.pth")
        torch.save(
            nn.DataParallel(network).state_dict(), folder / "parallel" / f"checkpoint.{epoch}.pt")
    count = check_states(stem, network, start)
    print(f"{count} words agree; {len(paths)} networks saved three ways")


main()
