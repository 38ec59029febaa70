"""Step 4: predicts the fares of the trips that were set aside."""

import argparse
import pickle
from pathlib import Path

import mlflow
import pandas as pd


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder with model.pkl")
    parser.add_argument("--test", type=Path, required=True, help="folder with test.csv")
    parser.add_argument("--predictions", type=Path, required=True, help="folder to write to")
    args = parser.parse_args()

    model = pickle.loads((args.model / "model.pkl").read_bytes())
    trips = pd.read_csv(args.test / "test.csv")
    trips["predicted_fare"] = model.predict(trips[list(model.feature_names_in_)])
    trips[["trip_id", "fare", "predicted_fare"]].to_csv(
        args.predictions / "predictions.csv", index=False, float_format="%.2f", lineterminator="\n"
    )

    mlflow.log_metric("rows", len(trips))
    print(f"predicted {len(trips)} fares, {trips['predicted_fare'].mean():.2f} on average")


if __name__ == "__main__":
    main()
