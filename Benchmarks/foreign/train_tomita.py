"""Networks as people train them: PyTorch, Adam, cross-entropy, words of many lengths; Tomita's languages.

    pip install torch
    python3 Benchmarks/foreign/train_tomita.py FOLDER [--cells rnn,gru,lstm] [--languages 1,2,3,4,5,6,7]

For each cell and language, a layer of 64 units with PyTorch's own initial weights learns random words
of length 1 to 12 (language 7: 20), 50 batches of 64 in what is called an epoch here, until it says the
right thing on all of 2,000 other words of length 1 to 40, and for as long again; with another seed if it
has not within 600. 20 of its states on the way are saved with `torch.save(model.state_dict(), …)` as
FOLDER/tomita-4/gru/epoch-0012.pt. Half of the words are in the language, as far as there are such
words of a length; of the others, half differ from a word in it by one symbol.
"""

import argparse
import os
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

# State by state, where 0 and 1 lead; then the accepting states. State 0 is the start.
LANGUAGES = {
    1: ([(1, 0), (1, 1)], {0}),  # 1*
    2: ([(2, 1), (0, 2), (2, 2)], {0}),  # (10)*
    3: ([(0, 1), (2, 0), (3, 4), (2, 3), (4, 4)], {0, 1, 3}),  # after an odd run of 1s no odd run of 0s
    4: ([(1, 0), (2, 0), (3, 0), (3, 3)], {0, 1, 2}),  # no 000
    5: ([(1, 2), (0, 3), (3, 0), (2, 1)], {0}),  # even 0s and even 1s
    6: ([(1, 2), (2, 0), (0, 1)], {0}),  # #0 − #1 divisible by 3
    7: ([(0, 1), (2, 1), (2, 3), (4, 3), (4, 4)], {0, 1, 2, 3}),  # 0*1*0*1*
}


# The longest words of training and the learning rate; of the last language, short words show too little.
RECIPE = dict.fromkeys(LANGUAGES, (12, 3e-3)) | {7: (20, 1e-3)}


class Language:
    def __init__(self, number, longest):
        self.table, self.accepting = LANGUAGES[number]
        states = range(len(self.table))
        # How many words of a length lead from a state to acceptance.
        self.counts = [[int(state in self.accepting) for state in states]]
        for _ in range(longest):
            below = self.counts[-1]
            self.counts.append([sum(below[after] for after in self.table[state]) for state in states])

    def holds(self, word):
        state = 0
        for symbol in word:
            state = self.table[state][symbol]
        return int(state in self.accepting)

    def draw_member(self, length, source):
        """A word of the language, each of this length as likely as any other; None without any."""
        if self.counts[length][0] == 0:
            return None
        word, state = [], 0
        for left in range(length, 0, -1):
            ways = [self.counts[left - 1][after] for after in self.table[state]]
            symbol = int(source.randrange(sum(ways)) >= ways[0])
            word.append(symbol)
            state = self.table[state][symbol]
        return word

    def draw(self, count, longest, source):
        words = []
        while len(words) < count:
            length = source.randint(1, longest)
            kind = len(words) % 4
            word = self.draw_member(length, source) if kind < 3 else None
            if kind == 2 and word is not None:
                place = source.randrange(length)
                word[place] = 1 - word[place]
            words.append(word or [source.randrange(2) for _ in range(length)])
        return words


class Classifier(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.rnn = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](2, 64, batch_first=True)
        self.fc = nn.Linear(64, 2)

    def forward(self, words):
        lengths = torch.tensor([len(word) for word in words])
        padded = pad_sequence([torch.tensor(word) for word in words], batch_first=True)
        inputs = nn.functional.one_hot(padded, 2).float()
        packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
        _, last = self.rnn(packed)
        if isinstance(last, tuple):
            last = last[0]
        return self.fc(last[-1])


@torch.no_grad()
def accuracy(model, words, labels):
    right = 0
    for begin in range(0, len(words), 500):
        said = model(words[begin : begin + 500]).argmax(1)
        right += (said == labels[begin : begin + 500]).sum().item()
    return right / len(words)


def train(cell, number, folder, seed):
    torch.manual_seed(seed)
    source = random.Random(1000 * number + seed)
    language = Language(number, 40)
    longest, rate = RECIPE[number]
    test = language.draw(2000, 40, source)
    test_labels = torch.tensor([language.holds(word) for word in test])
    model = Classifier(cell)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    states = [{name: tensor.clone() for name, tensor in model.state_dict().items()}]
    learnt, last = None, 0
    for epoch in range(1, 601):
        for _ in range(50):
            batch = language.draw(64, longest, source)
            labels = torch.tensor([language.holds(word) for word in batch])
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(batch), labels)
            loss.backward()
            optimizer.step()
        states.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
        if accuracy(model, test, test_labels) == 1:
            learnt, last = learnt or epoch, epoch
            if epoch >= max(2 * learnt, 19):
                break
    if learnt is None:
        print(f"tomita-{number} {cell}: not learnt with seed {seed}", flush=True)
        return False
    # Training that lost it again ends where it last had it.
    del states[last + 1 :]
    os.makedirs(folder, exist_ok=True)
    for place in range(20):
        epoch = round(place * (len(states) - 1) / 19)
        torch.save(states[epoch], os.path.join(folder, f"epoch-{epoch:04}.pt"))
    print(
        f"tomita-{number} {cell}: right on all {len(test)} words from epoch {learnt}; "
        f"{len(states) - 1} epochs, seed {seed}",
        flush=True,
    )
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--cells", default="rnn,gru,lstm")
    parser.add_argument("--languages", default="1,2,3,4,5,6,7")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for number in map(int, options.languages.split(",")):
        for cell in options.cells.split(","):
            folder = os.path.join(options.folder, f"tomita-{number}", cell)
            # Not every start ends in the language.
            if not any(train(cell, number, folder, seed) for seed in range(1, 6)):
                raise SystemExit(f"tomita-{number} {cell}: not learnt with seeds 1 to 5")


if __name__ == "__main__":
    main()
