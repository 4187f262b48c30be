"""Time and long work: the worker with its timers, jobs, deliveries, and where files are kept."""
