"""What the user can mend."""


class Refused(Exception):
    """One clear message; the step ends with it and without a traceback."""
