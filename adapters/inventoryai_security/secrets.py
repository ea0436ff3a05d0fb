"""Random tokens and their hashes."""

import hashlib
import secrets

from inventoryai.ports.tokens import Secret


class RandomSecrets:
    """256 random bits, as 43 characters that survive an e-mail and a URL.

    A hash without salt or work factor is enough: there is nothing to guess.
    """

    def new(self) -> Secret:
        """A token that cannot be guessed, and its hash."""
        token = secrets.token_urlsafe(32)
        return Secret(token, self.hash(token))

    def hash(self, token: str) -> bytes:
        """SHA-256 of a token that came back; of any text whatever, lone surrogates included."""
        return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
