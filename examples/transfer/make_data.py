"""Makes the example's database: rides and the zones they began in. Python's own sqlite3 is enough."""
import os
import random
import sqlite3
import sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def main():
    path = os.path.join(FOLDER, "rides.db")
    if os.path.exists(path):
        os.remove(path)
    chance = random.Random(4)
    database = sqlite3.connect(path)
    database.execute("create table rides (id integer primary key, zone text, fare real, paid date)")
    database.execute("create table zone_fares (zone text, rides integer, fares real)")
    database.executemany(
        "insert into rides (zone, fare, paid) values (?, ?, ?)",
        [
            (
                chance.choice(["Harbour", "Hill", "Lake", None]),
                round(3 + 20 * chance.random(), 2),
                "2026-01-%02d" % (1 + number % 28),
            )
            for number in range(200)
        ],
    )
    database.commit()
    database.close()


if __name__ == "__main__":
    main()
