"""Why a new product was forecast after others, and after whom: stored beside its forecast, in words."""

from inventoryai.domain.forecasts import ForecastReason, Reason
from inventoryai.domain.products import SimilarTo

COLD_START = "cold_start"
"""What made such a forecast, in the place of an engine's name."""


class ColdStartSimilar(ForecastReason):
    """The product is new, and somebody said which one it sells like."""

    code = "forecast.cold_start_similar"
    en = "New: {known} known periods. Forecast as {percent} % of {product}, adjusted to its own sales."
    fr = "Nouveau : {known} périodes connues. Prévu à {percent} % de {product}, ajusté à ses propres ventes."


class ColdStartCategory(ForecastReason):
    """The product is new, and there are others in its category."""

    code = "forecast.cold_start_category"
    en = (
        "New: {known} known periods. Forecast after {products} products of the category {category}, "
        "adjusted to its own sales."
    )
    fr = (
        "Nouveau : {known} périodes connues. Prévu d’après {products} produits de la catégorie {category}, "
        "ajusté à ses propres ventes."
    )


def like_product(similar: SimilarTo, sku: str, known: int) -> Reason:
    """That a product with so many known periods was forecast after a named one."""
    return Reason.of(
        ColdStartSimilar(
            product=sku,
            product_id=str(similar.product_id),
            share=float(similar.share),
            percent=f"{float(similar.share) * 100:g}",
            known=known,
        )
    )


def like_category(category: str, products: int, known: int) -> Reason:
    """That a product with so many known periods was forecast after its category."""
    return Reason.of(ColdStartCategory(category=category, products=products, known=known))
