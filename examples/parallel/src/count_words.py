"""Counts a word in files: run() gets paths, and returns a row for each."""
import argparse
import os


def init():
    global word
    parser = argparse.ArgumentParser()
    parser.add_argument("--word")
    word = parser.parse_known_args()[0].word


def run(mini_batch):
    rows = []
    for path in mini_batch:
        with open(path, encoding="utf-8") as file:
            rows.append("%s: %d" % (os.path.basename(path), file.read().split().count(word)))
    return rows
