"""What the product does, one capability a file, one rule a class."""
