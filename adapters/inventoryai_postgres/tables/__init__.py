"""Tables as Piccolo knows them. Migrations make them; a test holds the two together."""
