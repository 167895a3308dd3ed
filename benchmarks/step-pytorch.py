"""One training step of a NATS-Bench-TSS network in PyTorch: the yardstick of benchmarks/step.mjs.

    python step-pytorch.py CHANNELS CELLS BATCH SIZE OPERATIONS [STEPS]

OPERATIONS are six letters for the cell's edges in the order of the architecture string: 3 and 1 for convolutions,
p for average pooling, s for skip, n for none. One thread, channels_last, SGD with Nesterov momentum and weight decay,
gradients clipped: what the engine's trainStep does. Prints the seconds a step took as JSON.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


class ReluConvBn(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(F.relu(x)))


def operation(letter, channels):
    if letter == "3":
        return ReluConvBn(channels, channels, 3, 1)
    if letter == "1":
        return ReluConvBn(channels, channels, 1, 1)
    if letter == "p":
        return nn.AvgPool2d(3, 1, 1, count_include_pad=False)
    return nn.Identity() if letter == "s" else None


class Cell(nn.Module):
    def __init__(self, channels, letters):
        super().__init__()
        self.edges = nn.ModuleList()
        # The edges in the order (to, from); those that compute something, with their source.
        self.sources = [[], [], []]
        pairs = [(to, source) for to in range(3) for source in range(to + 1)]
        for (to, source), letter in zip(pairs, letters):
            module = operation(letter, channels)
            if module is not None:
                self.sources[to].append((source, len(self.edges)))
                self.edges.append(module)

    def forward(self, x):
        nodes = [x]
        for sources in self.sources:
            values = [self.edges[edge](nodes[source]) for source, edge in sources]
            nodes.append(sum(values) if values else torch.zeros_like(x))
        return nodes[3]


class Reduction(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = ReluConvBn(inputs, outputs, 3, 2)
        self.second = ReluConvBn(outputs, outputs, 3, 1)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(inputs, outputs, 1, bias=False))

    def forward(self, x):
        return self.second(self.first(x)) + self.shortcut(x)


def network(channels, cells, letters, classes=10):
    layers = [nn.Conv2d(1, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)]
    for stage in range(3):
        if stage > 0:
            layers.append(Reduction(channels, 2 * channels))
            channels *= 2
        layers += [Cell(channels, letters) for _ in range(cells)]
    layers += [nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return nn.Sequential(*layers)


def main():
    channels, cells, batch, size = (int(argument) for argument in sys.argv[1:5])
    letters = sys.argv[5]
    steps = int(sys.argv[6]) if len(sys.argv) > 6 else 5
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = network(channels, cells, letters).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, 0.9, nesterov=True, weight_decay=5e-4)
    images = torch.randn(batch, 1, size, size).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (batch,))
    seconds = []
    for _ in range(steps + 1):
        start = time.perf_counter()
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    # The first step allocates.
    print(json.dumps({"version": torch.__version__, "seconds": seconds[1:]}))


if __name__ == "__main__":
    main()
