"""Follows the slope of (x - 3)^2 from 0, and logs how far it is from the bottom."""

import argparse
import json
from pathlib import Path

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
parser.add_argument("--optimiser", choices=["plain", "momentum"])
parser.add_argument("--steps", type=int)
parser.add_argument("--model", type=Path)
args = parser.parse_args()

x, speed = 0.0, 0.0
for step in range(args.steps):
    speed = (0.5 * speed if args.optimiser == "momentum" else 0.0) - args.rate * 2 * (x - 3)
    x += speed
    mlflow.log_metric("loss", (x - 3) ** 2, step=step)
(args.model / "model.json").write_text(json.dumps({"x": x}))
print(f"x = {x}")
