"""Makes the trips in data/: invented ones, the same on every machine.

    python make_data.py

The fare of a trip follows from its distance, its duration, the time of day and
the zones, plus a little noise, so that a model has something to find. Some rows
are spoiled on purpose: step `prepare` has to find them.
"""

import csv
import math
import random
from datetime import datetime, timedelta
from pathlib import Path

SEED = 20260101
TRIPS_PER_FILE = 1500
AIRPORT = 12
ZONES = range(1, AIRPORT + 1)
COLUMNS = [
    "trip_id",
    "pickup_time",
    "dropoff_time",
    "pickup_zone",
    "dropoff_zone",
    "passengers",
    "distance_km",
    "fare",
]


def fare(distance_km: float, minutes: float, pickup: datetime, to_airport: bool) -> float:
    """What the meter shows, without noise."""
    amount = 3.0 + 1.6 * distance_km + 0.4 * minutes
    if pickup.hour >= 20 or pickup.hour < 6:
        amount += 1.0
    elif pickup.weekday() < 5 and 16 <= pickup.hour < 20:
        amount += 2.5
    return amount + (5.0 if to_airport else 0.0)


def trip(trip_id: str, first_day: datetime, chance: random.Random) -> list[str]:
    """One row, mostly sound."""
    pickup_time = first_day + timedelta(seconds=chance.randrange(28 * 24 * 3600))
    pickup_zone, dropoff_zone = chance.choice(ZONES), chance.choice(ZONES)
    distance = 0.8 + 1.3 * abs(pickup_zone - dropoff_zone) + chance.expovariate(0.7)
    rush = pickup_time.weekday() < 5 and pickup_time.hour in (7, 8, 9, 16, 17, 18, 19)
    speed = max(8.0, chance.gauss(16 if rush else 26, 3))
    minutes = 60 * distance / speed
    amount = fare(distance, minutes, pickup_time, AIRPORT in (pickup_zone, dropoff_zone))
    dropoff_time = pickup_time + timedelta(seconds=math.floor(60 * minutes))
    row = {
        "trip_id": trip_id,
        "pickup_time": pickup_time.isoformat(sep=" "),
        "dropoff_time": dropoff_time.isoformat(sep=" "),
        "pickup_zone": str(pickup_zone),
        "dropoff_zone": str(dropoff_zone),
        "passengers": str(chance.choice([1, 1, 1, 1, 2, 2, 3, 4])),
        "distance_km": f"{distance:.2f}",
        "fare": f"{amount + chance.gauss(0, 0.8):.2f}",
    }
    fault = chance.random()
    if fault < 0.01:
        row["distance_km"] = ""
    elif fault < 0.02:
        row["fare"] = f"-{row['fare']}"
    elif fault < 0.03:
        row["dropoff_time"] = row["pickup_time"]
    return [row[column] for column in COLUMNS]


def main() -> None:
    chance = random.Random(SEED)
    folder = Path(__file__).parent / "data"
    folder.mkdir(exist_ok=True)
    for company, first_day in (("green", datetime(2026, 1, 5)), ("yellow", datetime(2026, 2, 2))):
        with (folder / f"{company}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for number in range(TRIPS_PER_FILE):
                row = trip(f"{company[0]}{number:05d}", first_day, chance)
                writer.writerow(row)
                if chance.random() < 0.01:
                    writer.writerow(row)  # sent twice


if __name__ == "__main__":
    main()
