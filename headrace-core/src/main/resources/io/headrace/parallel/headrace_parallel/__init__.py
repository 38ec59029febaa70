"""Runs a parallel step. Begin with driver.py; worker.py is the other side."""
