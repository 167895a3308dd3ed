"""Runs exported PyTorch modules: python3 run_torch.py FOLDER...

Each folder holds model.py, model.safetensors and images.bin (bytes). Writes logits.bin and probabilities.bin (float32)
beside them, and the facts that the files carry to facts.json.
"""

import importlib.util
import json
import sys
from pathlib import Path

import torch
from safetensors import safe_open

sys.dont_write_bytecode = True
torch.set_num_threads(1)
for folder in map(Path, sys.argv[1:]):
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    network = model.load()
    assert not network.training
    with safe_open(folder / "model.safetensors", "pt") as file:
        facts = {"architecture": file.metadata()["architecture"], "classNames": list(model.CLASS_NAMES)}
    (folder / "facts.json").write_text(json.dumps(facts))
    size = [int(length) for length in (folder / "shape.txt").read_text().split()]
    images = torch.frombuffer(bytearray((folder / "images.bin").read_bytes()), dtype=torch.uint8)
    with torch.inference_mode():
        batches = [network(part) for part in images.view(-1, *size).split(256)]
    for name, values in zip(["logits", "probabilities"], zip(*batches)):
        torch.cat(values).numpy().tofile(folder / f"{name}.bin")
