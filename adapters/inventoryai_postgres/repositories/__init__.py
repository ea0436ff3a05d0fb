"""Repositories: each a frozen dataclass on one session."""
