"""Started as `python FOLDER` for a step that moves data."""
import sys

if __name__ == "__main__":
    from headrace_transfer import driver

    sys.exit(driver.main())
