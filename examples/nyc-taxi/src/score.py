"""Step 5: compares the predicted fares with the real ones."""

import argparse
import json
from pathlib import Path

import mlflow
import pandas as pd
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--predictions", type=Path, required=True, help="their folder")
    parser.add_argument("--report", type=Path, required=True, help="file for the scores, as JSON")
    args = parser.parse_args()

    trips = pd.read_csv(args.predictions / "predictions.csv")
    real, predicted = trips["fare"], trips["predicted_fare"]
    scores = {
        "trips": len(trips),
        "mean_absolute_error": round(float(mean_absolute_error(real, predicted)), 4),
        "root_mean_squared_error": round(float(root_mean_squared_error(real, predicted)), 4),
        "r2": round(float(r2_score(real, predicted)), 4),
    }
    args.report.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")

    mlflow.log_metrics(scores)
    print(json.dumps(scores))


if __name__ == "__main__":
    main()
