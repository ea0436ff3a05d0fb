"""The one place that knows all the others: settings, wiring, the command, and its processes."""
