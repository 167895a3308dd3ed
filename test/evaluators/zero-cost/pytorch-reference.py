"""Writes pytorch-reference.json: zero-cost measures by PyTorch, in double precision, with second derivatives by automatic
differentiation, as zero-cost-nas (arXiv 2101.08134) defines them.

    python test/evaluators/zero-cost/pytorch-reference.py

Weights and images come from a formula, so that the test makes the same ones.
"""

import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here / "../../../benchmarks"))
from pytorch import network  # noqa: E402

CASES = [
    {"architecture": architecture, "channels": 4, "cells": cells, "size": 8, "inputChannels": 3, "batch": 12}
    for cells, architecture in [
        (1, "|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"),
        (2, "|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|none~0|skip_connect~1|nor_conv_3x3~2|"),
        (1, "|avg_pool_3x3~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|none~1|avg_pool_3x3~2|"),
    ]
]
# As deep and as wide as the paper's networks.
CASES.append({**CASES[0], "channels": 16, "cells": 5, "size": 16, "batch": 8})


def scattered(count, seed):
    """As good as uniform in -1..1."""
    wild = 43758.5453 * np.sin(12.9898 * np.arange(1, count + 1) + seed)
    return (2 * (wild - np.floor(wild)) - 1).astype(np.float32).astype(np.float64)


def weighted(model):
    return [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]


def load(case, absolute=False):
    trunk, tail = network(case)
    model = nn.Sequential(trunk, tail).double().train()
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                fan_in = layer.weight[0].numel()
                values = (scattered(layer.weight.numel(), fan_in) / np.sqrt(fan_in)).astype(np.float32)
                layer.weight.copy_(torch.from_numpy(values).view_as(layer.weight))
            if isinstance(layer, nn.Linear):
                layer.bias.zero_()
        if absolute:
            for parameter in model.parameters():
                parameter.abs_()
    return model


def loss_measures(case, images, labels):
    model = load(case)
    weights = [layer.weight for layer in weighted(model)]
    loss = F.cross_entropy(model(images), labels)
    gradients = torch.autograd.grad(loss, weights, create_graph=True)
    product = sum((g.detach() * g).sum() for g in gradients)
    hessian = torch.autograd.grad(product, weights, allow_unused=True)
    pairs = list(zip(weights, gradients))
    return {
        "grad_norm": sum(g.norm().item() for g in gradients),
        "plain": sum((w * g).sum().item() for w, g in pairs),
        "snip": sum((w * g).abs().sum().item() for w, g in pairs),
        "grasp": -sum((w * h).sum().item() for w, h in zip(weights, hessian) if h is not None),
    }


def fisher(case, images, labels):
    model = load(case)
    outputs = []

    def keep(layer, _, output):
        output.retain_grad()
        outputs.append((layer, output))

    for layer in weighted(model):
        layer.register_forward_hook(keep)
    F.cross_entropy(model(images), labels).backward()
    total = 0
    for layer, output in outputs:
        product = (output * output.grad).flatten(2).sum(2) if output.dim() == 4 else output * output.grad
        per_channel = 0.5 * product.pow(2).mean(0)
        total += (per_channel.sum() * layer.weight[0].numel()).item()
    return total


def jacob_cov(case, images):
    images = images.clone().requires_grad_(True)
    logits = load(case)(images)
    logits.backward(torch.ones_like(logits))
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(images.grad.flatten(1).numpy()))
    return float(-np.sum(np.log(eigenvalues + 1e-5) + 1 / (eigenvalues + 1e-5)))


def synflow(case, batch_norm):
    model = load(case, absolute=True)
    if not batch_norm:
        for layer in model.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.forward = lambda x: x
    model(torch.ones(1, case["inputChannels"], case["size"], case["size"]).double()).sum().backward()
    return sum((layer.weight * layer.weight.grad).abs().sum().item() for layer in weighted(model))


def measure(case):
    shape = (case["batch"], case["inputChannels"], case["size"], case["size"])
    images = torch.from_numpy(scattered(int(np.prod(shape)), 0)).view(shape)
    labels = torch.arange(case["batch"]) % 10
    jacobian = jacob_cov(case, images)
    return {
        **loss_measures(case, images, labels),
        "fisher": fisher(case, images, labels),
        "jacob_cov": jacobian,
        "synflow": synflow(case, False),
        "synflow_bn": synflow(case, True),
        "naswot": jacobian,
    }


torch.set_num_threads(1)
reference = [{**case, "measures": measure(case)} for case in CASES]
(here / "pytorch-reference.json").write_text(json.dumps(reference, indent=2) + "\n")
