"""Rides and fares by zone, of zones with enough rides."""
import argparse

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--rides")
parser.add_argument("--least", type=int)
parser.add_argument("--zones")
arguments = parser.parse_args()

spark = SparkSession.builder.getOrCreate()
rides = spark.read.csv(arguments.rides, header=True, schema="zone INT, fare DECIMAL(8, 2)")
zones = (
    rides.groupBy("zone")
    .agg(F.count("*").alias("rides"), F.sum("fare").alias("fares"))
    .where(F.col("rides") >= arguments.least)
    .orderBy("zone")
    .coalesce(1)
)
zones.write.parquet(arguments.zones)
print("zones:", zones.count())
