"""Step 1: gathers the trips of all companies and drops what cannot be right."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

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


def read_trips(folder: Path) -> pd.DataFrame:
    """The rows of every CSV file in the folder, files in the order of their names."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise SystemExit(f"no .csv file in {folder}")
    tables = [pd.read_csv(file, parse_dates=["pickup_time", "dropoff_time"]) for file in files]
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def clean(trips: pd.DataFrame) -> pd.DataFrame:
    """Each trip once, and only those with a length, a duration and a fare."""
    trips = trips.dropna().drop_duplicates(subset="trip_id")
    sound = (
        (trips["distance_km"] > 0)
        & (trips["fare"] > 0)
        & (trips["dropoff_time"] > trips["pickup_time"])
    )
    return trips[sound].sort_values("trip_id")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder of CSV files")
    parser.add_argument("--prepared", type=Path, required=True, help="folder to write trips.csv to")
    args = parser.parse_args()

    raw = read_trips(args.raw)
    trips = clean(raw)
    trips.to_csv(args.prepared / "trips.csv", index=False, lineterminator="\n")

    mlflow.log_metrics({"rows_read": len(raw), "rows_kept": len(trips)})
    print(f"kept {len(trips)} of {len(raw)} trips")


if __name__ == "__main__":
    main()
