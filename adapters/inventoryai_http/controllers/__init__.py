"""Handlers: one file a capability."""
