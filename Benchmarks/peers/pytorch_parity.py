"""The paper's recipe for streaming parity, and its like for other cells, in the ordinary PyTorch way.

The peer of `extract train --task parity`: an Elman network (torch.nn.RNN, ReLU, 100 units, starting
state of ones, Xavier-normal weights of gain 0.1) and a linear readout, trained on every word of
length 1..10, one data set per length, batches of 128, mean squared error on the last output, plain
SGD with learning rate 0.02; after every epoch the loss on all training words and on 100 random words
of length 50. The options change the cell, the number of units and layers, and the words.

    pip install torch
    python pytorch_parity.py [--epochs N] [--threads N] [--seed N] [--no-evaluation]
      [--cell elman|gru|lstm] [--hidden N] [--layers N] [--longest N] [--symbols N]

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
parser.add_argument("--cell", choices=("elman", "gru", "lstm"), default="elman")
parser.add_argument("--hidden", type=int, default=100)
parser.add_argument("--layers", type=int, default=1)
parser.add_argument("--longest", type=int, default=10)
parser.add_argument("--symbols", type=int, default=2)
options = parser.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(options.seed)
BATCH, RATE = 128, 0.02


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        kind = {"elman": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[options.cell]
        more = {"nonlinearity": "relu"} if options.cell == "elman" else {}
        self.rnn = kind(
            options.symbols, options.hidden, options.layers, batch_first=True, **more
        )
        self.fc = nn.Linear(options.hidden, 2)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.xavier_normal_(parameter, gain=0.1)
            else:
                nn.init.zeros_(parameter)

    def forward(self, x):
        start = torch.ones(options.layers, x.shape[0], options.hidden)
        hidden, _ = self.rnn(x, (start, start) if options.cell == "lstm" else start)
        return self.fc(hidden[:, -1])


def data(words):
    x = nn.functional.one_hot(words, options.symbols).float()
    y = nn.functional.one_hot((words == options.symbols - 1).sum(1) % 2, 2).float()
    return x, y


sets = []
for length in range(1, options.longest + 1):
    numbers = torch.arange(options.symbols**length)[:, None]
    places = options.symbols ** torch.arange(length - 1, -1, -1)
    sets.append(data(numbers // places % options.symbols))
validation = data(torch.randint(0, options.symbols, (100, 50)))

network = Network()
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(network.parameters(), lr=RATE)

start, processor = time.perf_counter(), time.process_time()
training, training_processor, train_loss, validation_loss = 0.0, 0.0, None, None
for epoch in range(options.epochs):
    begun, begun_processor = time.perf_counter(), time.process_time()
    for x, y in sets:
        order = torch.randperm(len(x))
        for first in range(0, len(x), BATCH):
            chosen = order[first : first + BATCH]
            optimizer.zero_grad()
            loss = criterion(network(x[chosen]), y[chosen])
            loss.backward()
            optimizer.step()
    training += time.perf_counter() - begun
    training_processor += time.process_time() - begun_processor
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
    "training_cpu_seconds": round(training_processor, 3),
    "torch": torch.__version__,
}
if not options.no_evaluation:
    result |= {"train_loss": train_loss, "validation_loss": validation_loss}
print(json.dumps(result))
