"""Marks warm hours: run() gets rows as a DataFrame, and returns one with as many."""
import argparse


def init():
    global limit
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=float)
    limit = parser.parse_known_args()[0].limit


def run(mini_batch):
    mini_batch["warm"] = mini_batch["degrees"] > limit
    return mini_batch
