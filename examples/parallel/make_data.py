"""Makes the example's data: readings of three stations, the same each time."""
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
STATIONS = {"harbour": 11.0, "hill": 7.0, "lake": 9.0}


def main():
    chance = random.Random(4)
    notes = os.path.join(HERE, "data", "notes")
    readings = os.path.join(HERE, "data", "readings")
    for number in range(25):
        write(notes, "note%02d.txt" % number, "the water is %s\n" % chance.choice(["high", "low"]))
    for station in sorted(STATIONS):
        rows = ["station,hour,degrees"]
        for hour in range(48):
            degrees = STATIONS[station] + chance.gauss(0, 2)
            rows.append("%s,%d,%.2f" % (station, hour, degrees))
        write(os.path.join(readings, "station=" + station), "readings.csv", "\n".join(rows) + "\n")


def write(folder, name, text):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
