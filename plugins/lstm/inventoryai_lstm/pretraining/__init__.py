"""How the shipped weights are made; nothing of it is needed to forecast."""
