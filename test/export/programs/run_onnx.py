"""Runs exported ONNX files with ONNX Runtime, after onnx.checker.

python3 run_onnx.py FOLDER...: each folder holds model.onnx and images.bin (bytes). Writes logits.bin and
probabilities.bin (float32) beside them.
"""

import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime

for folder in map(Path, sys.argv[1:]):
    onnx.checker.check_model(onnx.load(folder / "model.onnx"), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options)
    shape = session.get_inputs()[0].shape[1:]
    images = numpy.fromfile(folder / "images.bin", numpy.uint8).reshape(-1, *shape)
    names = ["logits", "probabilities"]
    batches = [session.run(names, {"images": images[i : i + 256]}) for i in range(0, len(images), 256)]
    for name, values in zip(names, zip(*batches)):
        numpy.concatenate(values).tofile(folder / f"{name}.bin")
