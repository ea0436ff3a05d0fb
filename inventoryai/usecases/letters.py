"""What the product writes to people, in their language."""

from dataclasses import dataclass

from inventoryai.domain.companies import Company
from inventoryai.domain.errors import Locale
from inventoryai.domain.identity import Email, User
from inventoryai.ports.mail import Message


@dataclass(frozen=True, slots=True)
class Letters:
    """Plain texts; the token stands on a line of its own, for a frontend or a person to hand back.

    Attributes:
        public_url: Where the product is reached.
    """

    public_url: str

    def verification(self, user: User, token: str) -> Message:
        """Asks the owner of an address to prove it."""
        if user.locale == "fr":
            subject = "Vérifiez votre adresse e-mail"
            text = (
                f"Bonjour {user.full_name},\n\n"
                f"Pour confirmer votre adresse, envoyez ce jeton à {self.public_url}/api/v1/email/verify\n"
                f"dans les trois jours :\n\n{token}\n"
            )
        else:
            subject = "Verify your e-mail address"
            text = (
                f"Hello {user.full_name},\n\n"
                f"to confirm your address, send this token to {self.public_url}/api/v1/email/verify\n"
                f"within three days:\n\n{token}\n"
            )
        return Message(user.email, subject, text, user.locale)

    def registered_twice(self, user: User) -> Message:
        """Tells the owner of an account that somebody tried to register its address again."""
        if user.locale == "fr":
            subject = "Vous avez déjà un compte"
            text = (
                "Quelqu’un a voulu créer un compte avec votre adresse, qui en a déjà un.\n"
                "Si c’était vous, connectez-vous ; sinon, il n’y a rien à faire.\n"
            )
        else:
            subject = "You already have an account"
            text = (
                "Somebody tried to create an account with your address, which already has one.\n"
                "If it was you, log in; if not, there is nothing to do.\n"
            )
        return Message(user.email, subject, text, user.locale)

    def invitation(self, to: Email, company: Company, token: str) -> Message:
        """Invites somebody into a company, in the company's language: theirs is not known."""
        locale: Locale = company.locale
        if locale == "fr":
            subject = f"Invitation à rejoindre {company.name}"
            text = (
                f"{company.name} vous invite sur InventoryAI. Créez un compte avec cette adresse, puis\n"
                f"envoyez ce jeton à {self.public_url}/api/v1/invitations/accept\n"
                f"dans les sept jours :\n\n{token}\n"
            )
        else:
            subject = f"Invitation to join {company.name}"
            text = (
                f"{company.name} invites you to InventoryAI. Create an account with this address, then\n"
                f"send this token to {self.public_url}/api/v1/invitations/accept\n"
                f"within seven days:\n\n{token}\n"
            )
        return Message(to, subject, text, locale)
