"""Started as `python FOLDER` for a step that is a Spark application."""
import sys

if __name__ == "__main__":
    from headrace_spark import driver

    sys.exit(driver.main())
