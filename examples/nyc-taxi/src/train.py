"""Step 3: sets some trips aside for the test and fits a model on the rest."""

import argparse
import os
import pickle
from pathlib import Path

import mlflow
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import train_test_split

FEATURES = ["distance_km", "minutes", "hour", "weekday", "passengers", "airport"]
TARGET = "fare"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=Path, required=True, help="folder with features.csv")
    parser.add_argument("--test-fraction", type=float, default=0.25, help="above 0, below 1")
    parser.add_argument("--trees", type=int, default=200, help="how many trees to grow")
    parser.add_argument("--model", type=Path, required=True, help="folder to write model.pkl to")
    parser.add_argument("--test", type=Path, required=True, help="folder to write test.csv to")
    args = parser.parse_args()

    # The same seed gives the same split and the same model, byte for byte.
    seed = int(os.environ.get("HEADRACE_SEED", "0"))
    trips = pd.read_csv(args.features / "features.csv")
    train, test = train_test_split(trips, test_size=args.test_fraction, random_state=seed)
    model = GradientBoostingRegressor(n_estimators=args.trees, random_state=seed)
    model.fit(train[FEATURES], train[TARGET])
    train_r2 = model.score(train[FEATURES], train[TARGET])

    (args.model / "model.pkl").write_bytes(pickle.dumps(model, protocol=5))
    test.sort_values("trip_id").to_csv(
        args.test / "test.csv", index=False, float_format="%.4f", lineterminator="\n"
    )

    mlflow.log_params({"test_fraction": args.test_fraction, "trees": args.trees, "seed": seed})
    mlflow.log_metrics({"train_rows": len(train), "train_r2": train_r2})
    mlflow.sklearn.log_model(
        model,
        name="model",
        serialization_format="cloudpickle",
        # Named, so that MLflow need not find it out, which takes long.
        pip_requirements=["scikit-learn", "pandas"],
    )
    print(f"trained on {len(train)} trips, R2 {train_r2:.4f}")


if __name__ == "__main__":
    main()
