"""Runs a Spark application by Spark's own spark-submit. Begin with driver.main()."""
