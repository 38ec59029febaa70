"""Step 2: turns trips into the numbers that a model learns from."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

AIRPORT = 12


def add_features(trips: pd.DataFrame) -> pd.DataFrame:
    """One row a trip: its id, its features, and the fare to predict."""
    pickup = trips["pickup_time"].dt
    at_airport = (trips["pickup_zone"] == AIRPORT) | (trips["dropoff_zone"] == AIRPORT)
    duration = trips["dropoff_time"] - trips["pickup_time"]
    return pd.DataFrame(
        {
            "trip_id": trips["trip_id"],
            "distance_km": trips["distance_km"],
            "minutes": duration.dt.total_seconds() / 60,
            "hour": pickup.hour,
            "weekday": pickup.day_of_week,
            "passengers": trips["passengers"],
            "airport": at_airport.astype(int),
            "fare": trips["fare"],
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepared", type=Path, required=True, help="folder with trips.csv")
    parser.add_argument("--features", type=Path, required=True, help="folder to write to")
    parser.add_argument("--max-distance-km", type=float, help="leave out longer trips")
    args = parser.parse_args()

    trips = pd.read_csv(args.prepared / "trips.csv", parse_dates=["pickup_time", "dropoff_time"])
    if args.max_distance_km is not None:
        trips = trips[trips["distance_km"] <= args.max_distance_km]
        mlflow.log_param("max_distance_km", args.max_distance_km)
    features = add_features(trips)
    features.to_csv(
        args.features / "features.csv", index=False, float_format="%.4f", lineterminator="\n"
    )

    mlflow.log_metric("rows", len(features))
    print(f"{len(features)} trips, {features.shape[1] - 2} features")


if __name__ == "__main__":
    main()
