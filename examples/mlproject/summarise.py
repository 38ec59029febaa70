"""Adds a tip to each fare, and prints a table."""

import argparse
import csv

from tabulate import tabulate

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
parser.add_argument("--tip", type=float, required=True)
parser.add_argument("--title", required=True)
parser.add_argument("--source", required=True)
given = parser.parse_args()

with open(given.data) as file:
    rows = [(row["ride"], float(row["fare"]) * (1 + given.tip)) for row in csv.DictReader(file)]

print(given.title)
print(given.source)
print(tabulate(rows, floatfmt=".2f", tablefmt="plain"))
