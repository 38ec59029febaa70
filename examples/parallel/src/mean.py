"""One mean for each station: a mini batch holds all rows of one."""
import argparse
import os


def init():
    global folder
    parser = argparse.ArgumentParser()
    parser.add_argument("--out")
    folder = parser.parse_known_args()[0].out


def run(mini_batch, context):
    station = context.partition_key_value["station"]
    with open(os.path.join(folder, station + ".txt"), "w", encoding="utf-8") as file:
        file.write("%.3f of %d\n" % (mini_batch["degrees"].mean(), len(mini_batch)))
    return list(mini_batch["hour"])
