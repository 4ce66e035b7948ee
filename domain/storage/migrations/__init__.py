"""The history of the tables, for both engines: versions/NNNN_what.py, forward only.

`make revision m="what changes"` writes the next one from the models. Tables and data never change in one revision: MySQL
commits before and after each DDL statement, and a revision that was cut off is run again from its beginning.
"""
