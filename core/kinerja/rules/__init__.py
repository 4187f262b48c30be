"""The keys of every TOML that the kernel reads, declared as tables, and the one reader that checks by them.

`reader` reads by any table, `shapes` holds what may stand under a key, and each further module the tables of one file.
"""
