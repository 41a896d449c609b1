"""The paper's recipe for streaming parity, in the ordinary PyTorch way.

The peer of `extract train --task parity`: an Elman network (torch.nn.RNN, ReLU, 100 units, starting
state of ones, Xavier-normal weights of gain 0.1) and a linear readout, trained on every word of
length 1..10, one data set per length, batches of 128, mean squared error on the last output, plain
SGD with learning rate 0.02; after every epoch the loss on all training words and on 100 random words
of length 50.

    pip install torch
    python pytorch_parity.py [--epochs N] [--threads N] [--seed N] [--no-evaluation]

Prints one line of JSON: seconds (with those of training alone, and the processor's own), threads,
and the last losses.
"""

import argparse
import json
import time

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=1000)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--no-evaluation", action="store_true")
options = parser.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
HIDDEN, LONGEST, BATCH, RATE = 100, 10, 128, 0.02


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(2, HIDDEN, nonlinearity="relu", batch_first=True)
        self.fc = nn.Linear(HIDDEN, 2)
        for weights in (self.rnn.weight_ih_l0, self.rnn.weight_hh_l0, self.fc.weight):
            nn.init.xavier_normal_(weights, gain=0.1)
        for bias in (self.rnn.bias_ih_l0, self.rnn.bias_hh_l0, self.fc.bias):
            nn.init.zeros_(bias)

    def forward(self, x):
        start = torch.ones(1, x.shape[0], HIDDEN)
        hidden, _ = self.rnn(x, start)
        return self.fc(hidden[:, -1])


def data(words):
    x = nn.functional.one_hot(words, 2).float()
    y = nn.functional.one_hot(words.sum(1) % 2, 2).float()
    return x, y


sets = []
for length in range(1, LONGEST + 1):
    numbers = torch.arange(2**length)
    sets.append(data((numbers[:, None] >> torch.arange(length - 1, -1, -1)) & 1))
validation = data(torch.randint(0, 2, (100, 50)))

network = Network()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(network.parameters(), lr=RATE)

start, processor = time.perf_counter(), time.process_time()
training, train_loss, validation_loss = 0.0, None, None
for epoch in range(options.epochs):
    begun = time.perf_counter()
    for x, y in sets:
        order = torch.randperm(len(x))
        for first in range(0, len(x), BATCH):
            chosen = order[first : first + BATCH]
            optimizer.zero_grad()
            loss = criterion(network(x[chosen]), y[chosen])
            loss.backward()
            optimizer.step()
    training += time.perf_counter() - begun
    if not options.no_evaluation:
        with torch.no_grad():
            total = sum(criterion(network(x), y).item() * len(x) for x, y in sets)
            train_loss = total / sum(len(x) for x, _ in sets)
            validation_loss = criterion(network(validation[0]), validation[1]).item()

result = {
    "epochs": options.epochs,
    "threads": torch.get_num_threads(),
    "seconds": round(time.perf_counter() - start, 3),
    "cpu_seconds": round(time.process_time() - processor, 3),
    "training_seconds": round(training, 3),
    "torch": torch.__version__,
}
if not options.no_evaluation:
    result |= {"train_loss": train_loss, "validation_loss": validation_loss}
print(json.dumps(result))
