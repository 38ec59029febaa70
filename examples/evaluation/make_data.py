"""Makes data/parcels.csv: parcels, and whether they came late. The same rows each time."""

from pathlib import Path

import numpy as np

ROWS = 1500


def main() -> None:
    random = np.random.default_rng(5)
    distance = random.gamma(2.0, 150.0, ROWS).round(1)
    weight = random.lognormal(0.5, 0.8, ROWS).round(2)
    region = random.choice(["north", "south", "island"], ROWS, p=[0.5, 0.42, 0.08])
    express = random.integers(0, 2, ROWS)
    # Far and not express is late, but for what goes by air; heavy parcels to islands are; and the rest is chance.
    push = np.where(distance > 450, -2.5, (distance - 220) / 50 * (1 - 0.7 * express))
    push += 2.5 * (region == "island") * (weight - 1)
    late = random.random(ROWS) < 1 / (1 + np.exp(-push + 0.4))
    lines = ["id,distance_km,weight_kg,region,express,late"]
    for row in zip(range(ROWS), distance, weight, region, express, late):
        lines.append(f"p{row[0]:04d},{row[1]},{row[2]},{row[3]},{row[4]},{'yes' if row[5] else 'no'}")
    file = Path(__file__).parent / "data/parcels.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
