"""Do the README's Python snippets work?

    pip install torch safetensors
    python readme.py README.md FOLDER

Runs the snippets word for word in FOLDER, which holds a run `run7` of 1,000 epochs by `extract train`,
with a `model` of PyTorch's of that run's sizes and `step` 100. Then `mine/step-100.pt` is the model as it
was, and `model` is the run's last network. Exits with 1 and a sentence where it is not.
"""

import os
import pathlib
import re
import sys

import torch
from safetensors.torch import load_file
from torch import nn


def main():
    snippets = re.findall(r"^```python\n(.*?)^```$", pathlib.Path(sys.argv[1]).read_text(), re.M | re.S)
    if len(snippets) != 2:
        sys.exit(f"the README has {len(snippets)} Python snippets; this script knows 2.")
    os.chdir(sys.argv[2])
    os.makedirs("mine", exist_ok=True)
    last = load_file("run7/checkpoints/epoch-001000.safetensors")
    rows, inputs = last["rnn.weight_ih_l0"].shape
    hidden = last["rnn.weight_hh_l0"].shape[1]
    cell = {1: nn.RNN, 3: nn.GRU, 4: nn.LSTM}[rows // hidden]
    layers = sum(key.startswith("rnn.weight_hh_l") for key in last)
    model = nn.Module()
    model.rnn = cell(inputs, hidden, num_layers=layers)
    model.fc = nn.Linear(hidden, len(last["fc.bias"]))
    before = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    names = {"torch": torch, "model": model, "step": 100}
    for snippet in snippets:
        exec(snippet, names)
    for what, expected, found in [
        ("mine/step-100.pt", before, torch.load("mine/step-100.pt", weights_only=True)),
        ("model", last, model.state_dict()),
    ]:
        if expected.keys() != found.keys() or not all(
            torch.equal(tensor, found[key]) for key, tensor in expected.items()
        ):
            sys.exit(f"{what} is another network than it should be.")
    print(f"{len(snippets)} snippets work")


main()
