"""Entities, values and rules: what is true of a business whatever the technology."""
