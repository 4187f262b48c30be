"""Time and long work: the worker with its timers, jobs, deliveries, the demo date, and where files are kept."""
