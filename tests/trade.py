"""Sales of made-up shops."""


def two_months(products: int, *, year: int = 2026) -> bytes:
    """A file of January and February: 56 lines of each product, the first selling one a day, and so on."""
    days = [f"{year}-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 29)]
    lines = [f"{day},P{product},{product}" for day in days for product in range(1, products + 1)]
    return "\n".join(["date,sku,quantity", *lines]).encode()
