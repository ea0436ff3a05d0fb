"""Passwords, tokens and secrets, by Argon2, PyJWT and the operating system's randomness."""

from inventoryai_security.passwords import Argon2Passwords
from inventoryai_security.secrets import RandomSecrets
from inventoryai_security.tokens import JwtAccessTokens

__all__ = ["Argon2Passwords", "JwtAccessTokens", "RandomSecrets"]
