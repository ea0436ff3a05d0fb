"""A made-up shop: what it sells, and two years of what was bought from it.

Everything follows from a seed and the last day, so that two machines fill the same demo on the same
day. The habits of demand that the product has to cope with are all there: a week with a strong
Saturday, seasons of the year, promotions, articles that sell now and then, shelves that were empty,
trends, and articles that are new.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 20_260_101
DAYS: Final = 730
NEW_FOR: Final = 75
"""Days since which new articles are sold."""
NEW_EVERY: Final = 15
_YEAR: Final = 365.25

# Name, category, cost in XAF, units sold on a usual day, kind of demand.
_SHELF: Final[tuple[tuple[str, str, int, float, str], ...]] = (
    ("Riz parfumé 5 kg", "Épicerie", 3_900, 9.0, "weekly"),
    ("Riz brisé 25 kg", "Épicerie", 14_500, 3.0, "weekly"),
    ("Huile de palme 1 L", "Épicerie", 1_050, 12.0, "weekly"),
    ("Huile raffinée 5 L", "Épicerie", 6_400, 3.5, "promoted"),
    ("Sucre en morceaux 1 kg", "Épicerie", 850, 14.0, "steady"),
    ("Farine de blé 1 kg", "Épicerie", 620, 8.0, "steady"),
    ("Spaghetti 500 g", "Épicerie", 390, 22.0, "promoted"),
    ("Concentré de tomate 70 g", "Épicerie", 90, 45.0, "weekly"),
    ("Sardines à l’huile 125 g", "Épicerie", 480, 18.0, "steady"),
    ("Cube d’assaisonnement, boîte de 100", "Épicerie", 1_900, 5.0, "steady"),
    ("Lait concentré sucré 1 kg", "Crémerie", 1_650, 7.0, "promoted"),
    ("Lait en poudre 400 g", "Crémerie", 2_300, 5.0, "growing"),
    ("Beurre 200 g", "Crémerie", 1_150, 4.0, "weekly"),
    ("Eau minérale 1,5 L", "Boissons", 270, 40.0, "dry season"),
    ("Jus de fruits 1 L", "Boissons", 720, 11.0, "dry season"),
    ("Soda 60 cl", "Boissons", 310, 30.0, "dry season"),
    ("Bière 65 cl", "Boissons", 540, 35.0, "weekly"),
    ("Café moulu 250 g", "Boissons", 1_350, 4.0, "shrinking"),
    ("Thé vert, 25 sachets", "Boissons", 680, 3.0, "steady"),
    ("Savon de ménage 400 g", "Entretien", 330, 16.0, "steady"),
    ("Lessive 1 kg", "Entretien", 1_250, 8.0, "promoted"),
    ("Eau de Javel 1 L", "Entretien", 450, 6.0, "growing"),
    ("Insecticide 400 ml", "Entretien", 1_400, 4.0, "rainy season"),
    ("Papier hygiénique, 4 rouleaux", "Hygiène", 780, 9.0, "steady"),
    ("Dentifrice 75 ml", "Hygiène", 560, 6.0, "steady"),
    ("Couches bébé, paquet de 30", "Hygiène", 3_600, 3.0, "growing"),
    ("Moustiquaire imprégnée", "Maison", 2_700, 1.2, "rainy season"),
    ("Parapluie", "Maison", 1_900, 1.5, "rainy season"),
    ("Ampoule LED 9 W", "Maison", 850, 1.4, "now and then"),
    ("Piles AA, lot de 4", "Maison", 690, 1.1, "now and then"),
    ("Cadenas 50 mm", "Maison", 1_600, 0.3, "now and then"),
    ("Multiprise 4 trous", "Maison", 2_900, 0.25, "now and then"),
    ("Réchaud à gaz", "Maison", 9_800, 0.12, "now and then"),
    ("Cahier 200 pages", "Papeterie", 420, 6.0, "school"),
    ("Stylo à bille, boîte de 50", "Papeterie", 2_400, 0.8, "school"),
    ("Sac d’écolier", "Papeterie", 5_200, 0.5, "school"),
)
_SIZES: Final = ("", " (lot de 2)", " (grand format)", " (marque maison)", " (import)")


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """An article of the demo shop. Money is in whole XAF, times in days."""

    sku: str
    name: str
    category: str
    cost: int
    price: int
    lead_time_days: int
    lead_time_sd: int
    moq: int
    pack_size: int
    usual: float
    kind: str
    on_hand: int


def assortment(count: int) -> tuple[DemoProduct, ...]:
    """So many articles; beyond the shelf's own they are its variants."""
    random = np.random.default_rng(SEED)
    products = []
    for number in range(count):
        name, category, cost, usual, kind = _SHELF[number % len(_SHELF)]
        round_number = number // len(_SHELF)
        size = _SIZES[round_number % len(_SIZES)] + (
            f" n° {round_number}" if round_number >= len(_SIZES) else ""
        )
        pace = usual * float(random.uniform(0.6, 1.3))
        pack = int(random.choice([1, 6, 12, 24])) if usual > 1 else 1
        products.append(
            DemoProduct(
                sku=f"{category[:3].upper().replace('É', 'E')}-{number + 1:04d}",
                name=name + size,
                category=category,
                cost=cost,
                price=round(cost * float(random.uniform(1.15, 1.45)) / 25) * 25,
                lead_time_days=int(random.choice([3, 5, 7, 10, 14])),
                lead_time_sd=int(random.choice([0, 0, 1, 2])),
                moq=pack * int(random.choice([0, 1, 2])),
                pack_size=pack,
                usual=pace,
                kind="new" if number % NEW_EVERY == NEW_EVERY - 1 else kind,
                on_hand=int(pace * random.uniform(0, 32)),
            )
        )
    return tuple(products)


def sales_file(products: Sequence[DemoProduct], last_day: date) -> bytes:
    """Two years of sales up to the last day, as the till of the shop exports them: a French CSV."""
    random = np.random.default_rng(SEED + 1)
    days = [last_day - timedelta(days=DAYS - 1 - index) for index in range(DAYS)]
    units = np.stack([_demand(product, days, random) for product in products])
    lines = ["Date de vente;Référence;Désignation;Catégorie;Qté;Prix unitaire"]
    for index, day in enumerate(days):
        written = day.strftime("%d/%m/%Y")
        lines += [
            f"{written};{one.sku};{one.name};{one.category};{units[place, index]};{_money(one.price)}"
            for place, one in enumerate(products)
            if units[place, index]
        ]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", "\xa0") + " FCFA"


def _demand(product: DemoProduct, days: Sequence[date], random: np.random.Generator) -> NDArray[np.int64]:
    """int64[days], units sold: counts around a level that follows the article's habits."""
    index = np.arange(len(days))
    day_of_year = np.array([day.timetuple().tm_yday for day in days])
    weekday = np.array([day.weekday() for day in days])
    level = product.usual * _week(weekday) * _habit(product.kind, index, day_of_year)
    level *= _promotions(product.kind, len(days), random)
    if product.kind == "now and then":
        asked = random.random(len(days)) < min(product.usual / 2, 0.6)
        level = np.where(asked, 2.0, 0.0)
    spread = random.gamma(6.0, 1 / 6.0, len(days))
    sold = random.poisson(level * spread).astype(np.int64)
    sold[_empty_shelf(len(days), random)] = 0
    if product.kind == "new":
        sold[:-NEW_FOR] = 0
    return sold


def _week(weekday: NDArray[np.int64]) -> NDArray[np.float64]:
    """Quiet Mondays, strong Saturdays, half of Sundays."""
    return np.array([0.8, 0.9, 0.95, 1.0, 1.2, 1.6, 0.5])[weekday]


def _habit(kind: str, index: NDArray[np.int64], day_of_year: NDArray[np.int64]) -> NDArray[np.float64]:
    """How demand moves over months and years."""
    turn = 2 * np.pi * day_of_year / _YEAR
    shapes = {
        "dry season": 1 + 0.45 * np.cos(turn - 2 * np.pi * 30 / _YEAR),
        "rainy season": 1 + 0.7 * np.cos(turn - 2 * np.pi * 230 / _YEAR),
        "school": 0.5 + 5.0 * np.exp(-(((day_of_year - 250) / 14.0) ** 2)),
        "growing": 0.7 + 0.8 * index / len(index),
        "shrinking": 1.3 - 0.7 * index / len(index),
    }
    december = 1 + 0.35 * np.exp(-(((day_of_year - 355) / 8.0) ** 2))
    shape: NDArray[np.float64] = shapes.get(kind, np.ones(len(index))) * december
    return shape


def _promotions(kind: str, days: int, random: np.random.Generator) -> NDArray[np.float64]:
    """A promotion of ten days about every two months, where the article has them at all."""
    lift = np.ones(days)
    if kind == "promoted":
        for start in np.cumsum(random.integers(45, 80, days // 45)):
            lift[start : start + 10] = 2.2
    return lift


def _empty_shelf(days: int, random: np.random.Generator) -> NDArray[np.bool_]:
    """bool[days], days without stock: a week or so, twice in the two years on average."""
    empty = np.zeros(days, dtype=bool)
    for start in random.integers(0, days - 30, random.poisson(2)):
        empty[start : start + random.integers(3, 12)] = True
    return empty
