"""A NATS-Bench-TSS network in PyTorch, doing what the engine is timed at: the yardstick of benchmarks/pytorch.mjs.

    python pytorch.py '{"kind": "step", "architecture": "|...|", "channels": 8, "cells": 1, "batch": 128, "size": 28,
                        "inputChannels": 1}'

One thread, channels_last. `step` is SGD with Nesterov momentum and weight decay, gradients clipped, as in the engine's
trainStep; `tail` is the same for the last stage and the head on stored features; `evaluate` is loss and correct count
in inference mode. Prints one line with PyTorch's version when the first batch is done, then reads the number of batches
to time from each line of standard input and answers with their seconds. Ends with the input.

No torch.compile: compiling takes longer than a trial of a search, and every trial is another network.
"""

import json
import re
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


def operation(name, channels):
    if name == "nor_conv_3x3":
        return ReluConvBn(channels, channels, 3, 1)
    if name == "nor_conv_1x1":
        return ReluConvBn(channels, channels, 1, 1)
    if name == "avg_pool_3x3":
        return nn.AvgPool2d(3, 1, 1, count_include_pad=False)
    return nn.Identity() if name == "skip_connect" else None


class Cell(nn.Module):
    def __init__(self, channels, architecture):
        super().__init__()
        self.edges = nn.ModuleList()
        # For each node the edges that compute something, with their sources.
        self.sources = []
        for node in architecture.split("+"):
            self.sources.append([])
            for name, source in re.findall(r"(\w+)~(\d)", node):
                module = operation(name, channels)
                if module is not None:
                    self.sources[-1].append((int(source), len(self.edges)))
                    self.edges.append(module)

    def forward(self, x):
        nodes = [x]
        for sources in self.sources:
            values = [self.edges[edge](nodes[source]) for source, edge in sources]
            nodes.append(sum(values[1:], values[0]) if values else torch.zeros_like(x))
        return nodes[3]


class Reduction(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = ReluConvBn(inputs, outputs, 3, 2)
        self.second = ReluConvBn(outputs, outputs, 3, 1)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(inputs, outputs, 1, bias=False))

    def forward(self, x):
        return self.second(self.first(x)) + self.shortcut(x)


def network(case, classes=10):
    """The trunk up to the last stage, and the tail: the last stage's cells and the head."""
    channels = case["channels"]
    layers = [nn.Conv2d(case["inputChannels"], channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)]
    for stage in range(3):
        if stage > 0:
            layers.append(Reduction(channels, 2 * channels))
            channels *= 2
        layers += [Cell(channels, case["architecture"]) for _ in range(case["cells"])]
    split = len(layers) - case["cells"]
    head = [nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]
    return nn.Sequential(*layers[:split]), nn.Sequential(*layers[split:], *head)


def training(model, inputs, labels):
    optimizer = torch.optim.SGD(model.parameters(), 0.1, 0.9, nesterov=True, weight_decay=5e-4)

    def step():
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()

    return step


def work(case):
    """What is timed, as a function."""
    trunk, tail = (part.to(memory_format=torch.channels_last) for part in network(case))
    images = torch.randn(case["batch"], case["inputChannels"], case["size"], case["size"])
    images = images.contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (case["batch"],))
    model = nn.Sequential(trunk, tail)
    if case["kind"] == "step":
        return training(model, images, labels)
    if case["kind"] == "tail":
        with torch.no_grad():
            features = trunk.eval()(images).contiguous(memory_format=torch.channels_last)
        return training(tail, features, labels)
    model.eval()

    @torch.inference_mode()
    def evaluate():
        logits = model(images)
        return F.cross_entropy(logits, labels).item(), (logits.argmax(1) == labels).sum().item()

    return evaluate


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    run = work(json.loads(sys.argv[1]))
    # The first one allocates.
    run()
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
