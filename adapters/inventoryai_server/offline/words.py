"""What the offline commands say beside their results, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inventoryai.domain.errors import Locale
from inventoryai.usecases.offline import Stage


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with places for data, in English and in French."""

    en: str
    fr: str

    def __call__(self, locale: Locale, **data: object) -> str:
        """The sentence in one language."""
        return (self.fr if locale == "fr" else self.en).format(**data)


STAGES: Final[Mapping[Stage, Sentence]] = {
    Stage.READ: Sentence("reading", "lecture"),
    Stage.FORECAST: Sentence("forecast", "prévision"),
    Stage.PLAN: Sentence("plan", "plan"),
    Stage.BACKTEST: Sentence("backtest", "évaluation"),
}

IGNORED: Final[Mapping[str, Sentence]] = {
    "line.not_a_product": Sentence("{count} not products", "{count} hors articles"),
    "line.free_item": Sentence("{count} free", "{count} gratuites"),
    "line.duplicate": Sentence("{count} sent twice", "{count} en double"),
}
"""Why lines were left out, by the code."""

FILE_READ: Final = Sentence(
    "{file}: {rows} lines, {accepted} accepted, {rejected} rejected, {ignored} ignored{why};"
    " sales from {first} to {last}.",
    "{file} : {rows} lignes, {accepted} acceptées, {rejected} rejetées, {ignored} ignorées{why} ;"
    " ventes du {first} au {last}.",
)
STOCK_READ: Final = Sentence(
    "{file}: {rows} lines, {accepted} accepted, {rejected} rejected.",
    "{file} : {rows} lignes, {accepted} acceptées, {rejected} rejetées.",
)
FORECAST_MADE: Final = Sentence(
    "Forecast as of {as_of}: {products} products, {horizon} {periods}; {ok} by the engine, {fallback} by"
    " fallback, {failed} unknown.",
    "Prévision en date du {as_of} : {products} articles, {horizon} {periods} ; {ok} par le moteur,"
    " {fallback} par repli, {failed} inconnus.",
)
PLAN_MADE: Final = Sentence(
    "Plan of {as_of}: {to_order} of {products} products to order, {urgent} of them today. Service level"
    " {level}, lead time {lead} days, review every {review} days.",
    "Plan du {as_of} : {to_order} articles à commander sur {products}, dont {urgent} aujourd’hui. Niveau de"
    " service {level}, délai de livraison {lead} jours, revue tous les {review} jours.",
)
PERIODS: Final[Mapping[str, Sentence]] = {
    "day": Sentence("days", "jours"),
    "week": Sentence("weeks", "semaines"),
    "month": Sentence("months", "mois"),
}
WRITTEN: Final = Sentence("Written to {path}.", "Écrit dans {path}.")
MORE_ROWS: Final = Sentence(
    "{shown} of {all} products are shown; --rows 0 shows all, --out FILE writes all.",
    "{shown} articles sur {all} sont affichés ; --rows 0 les affiche tous, --out FICHIER les écrit tous.",
)
TIMES: Final = Sentence("Done: {stages}.", "Terminé : {stages}.")

LINES_REJECTED: Final = Sentence(
    "Lines of {file} that were not taken: {rejected}",
    "Lignes de {file} qui n’ont pas été prises : {rejected}",
)
LINE_REJECTED: Final = Sentence("  line {line}{where}: {message}", "  ligne {line}{where} : {message}")
LINES_MORE: Final = Sentence("  … and {more} more", "  … et {more} de plus")
TILL_KEYS: Final = Sentence(
    "Taken for keys of the till and left out: {codes}.",
    "Pris pour des touches de caisse et laissés de côté : {codes}.",
)
DATA_OLD: Final = Sentence(
    "The sales end {days} days ago: today is {as_of} for this forecast.",
    "Les ventes s’arrêtent il y a {days} jours : pour cette prévision, nous sommes le {as_of}.",
)
HORIZON_RAISED: Final = Sentence(
    "Lead time and review take {needed} days together, so that many were forecast instead of {asked}.",
    "Délai et intervalle entre revues font ensemble {needed} jours : la prévision en couvre autant, au lieu"
    " de {asked}.",
)
NO_STOCK: Final = Sentence(
    "No stock file was given: every product counts as having 0 on hand, and orders are the whole need."
    " Give one with --stock (columns sku, on hand).",
    "Aucun fichier de stock : chaque article compte pour 0 en rayon, et les commandes couvrent tout le"
    " besoin. Donnez-en un avec --stock (colonnes référence, stock).",
)
UNCOUNTED: Final = Sentence(
    "Products that are not in the stock file and count as having 0 on hand: {count}.",
    "Articles absents du fichier de stock, comptés pour 0 en rayon : {count}.",
)
UNSOLD: Final = Sentence(
    "Products of the stock file without sales, whose demand is unknown: {count}.",
    "Articles du fichier de stock sans ventes, dont la demande est inconnue : {count}.",
)
REASON: Final = Sentence(
    "Products not forecast by the engine: {count}, such as {sku}: {reason}",
    "Articles non prévus par le moteur : {count}, par exemple {sku} : {reason}",
)
PLUGIN_REJECTED: Final = Sentence(
    "The plugin {plugin} ({distribution}) is not used: {reason}.",
    "Le plugin {plugin} ({distribution}) n’est pas utilisé : {reason}.",
)

ORDERS_TITLE: Final = Sentence("What to order, most urgent first", "À commander, le plus urgent d’abord")
FORECAST_TITLE: Final = Sentence(
    "Demand of the {horizon} {periods} from {first}, in total",
    "Demande totale des {horizon} {periods} à partir du {first}",
)
FORECAST_HEADERS: Final[Mapping[str, Sentence]] = {
    "sku": Sentence("SKU", "référence"),
    "name": Sentence("name", "désignation"),
    "mean": Sentence("mean", "moyenne"),
    "engine": Sentence("engine", "moteur"),
    "reason": Sentence("why not the engine’s", "pourquoi pas le moteur"),
}
