"""The zones that earn most, with their names."""
import argparse
import csv

from money import dollars  # named under py_files
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--zones")
parser.add_argument("--title")
parser.add_argument("--out")
arguments = parser.parse_args()

with open("names.csv") as file:  # named under files: it lies in the working folder
    names = {int(zone): name for zone, name in csv.reader(file)}

spark = SparkSession.builder.getOrCreate()
named = F.udf(lambda zone, fares: "%s: %s" % (names.get(zone, "?"), dollars(fares)))
best = (
    spark.read.parquet(arguments.zones)
    .orderBy(F.desc("fares"), "zone")
    .limit(2)
    .coalesce(1)
    .select(named("zone", "fares").alias("line"))
)
best.write.text(arguments.out)
print(arguments.title)
