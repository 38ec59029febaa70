"""Started as `python FOLDER` for the step itself, and as `python FOLDER worker` by its crew."""
import os
import sys

if __name__ == "__main__":
    if sys.argv[1:] == ["worker"]:
        from headrace_parallel import worker as role
    else:
        from headrace_parallel import driver as role
    status = role.main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(status)  # threads that wait for others, or that a user's library left, must not keep it
