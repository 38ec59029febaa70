"""Copies files, and rows of databases, in and out. Begin with driver.main()."""
