"""Trains a model of a kind, and predicts the rows that it was not trained on: the same rows for every kind."""

import argparse
import pickle
from pathlib import Path

import mlflow
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

KINDS = {
    "linear": lambda: make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": lambda: RandomForestClassifier(60, min_samples_leaf=15, random_state=0),
}


def features(parcels: pd.DataFrame) -> pd.DataFrame:
    return parcels[["distance_km", "weight_kg", "express"]].assign(island=parcels["region"] == "island")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=Path, required=True)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder for it")
    parser.add_argument("--predictions", type=Path, required=True, help="folder for them")
    args = parser.parse_args()

    train, test = train_test_split(pd.read_csv(args.parcels), test_size=0.4, random_state=0)
    model = KINDS[args.kind]().fit(features(train), train["late"])
    mlflow.log_metric("training_accuracy", model.score(features(train), train["late"]))
    (args.model / "model.pkl").write_bytes(pickle.dumps(model))

    said = pd.DataFrame({
        "id": test["id"],
        "target": test["late"],
        "prediction": model.predict(features(test)),
        "score": model.predict_proba(features(test))[:, list(model.classes_).index("yes")],
        "region": test["region"],
        "distance_km": test["distance_km"],
    })  # fmt: skip
    said.to_csv(args.predictions / "predictions.csv", index=False)


if __name__ == "__main__":
    main()
