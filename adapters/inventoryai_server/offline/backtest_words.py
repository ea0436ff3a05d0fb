"""What ``inventoryai backtest`` says, in both languages."""

from collections.abc import Mapping
from typing import Final

from inventoryai_server.offline.words import Sentence

TITLE: Final = Sentence(
    "Engines compared on {windows} past windows of {horizon} {periods}, which they did not know",
    "Moteurs comparés sur {windows} fenêtres passées de {horizon} {periods}, qu’ils ignoraient",
)
HEADERS: Final[Mapping[str, Sentence]] = {
    "engine": Sentence("engine", "moteur"),
    "mase": Sentence("MASE", "MASE"),
    "rmsse": Sentence("RMSSE", "RMSSE"),
    "wape": Sentence("WAPE\n%", "WAPE\n%"),
    "bias": Sentence("bias\n%", "biais\n%"),
    "spl": Sentence("sPL", "sPL"),
    "spl95": Sentence("sPL95", "sPL95"),
    "spl99": Sentence("sPL99", "sPL99"),
    "tpl": Sentence("tPL", "tPL"),
    "inside_80": Sentence("in\n80 %", "dans\n80 %"),
    "inside_95": Sentence("in\n95 %", "dans\n95 %"),
    "below_95": Sentence("up to\n95 %", "jusqu’à\n95 %"),
    "below_99": Sentence("up to\n99 %", "jusqu’à\n99 %"),
    "seconds": Sentence("seconds", "secondes"),
}
LEGEND: Final = Sentence(
    "* the best of its column: errors nearest to 0, the last four shares nearest to what they promise;\n"
    "  an engine that could not make most of its forecasts has none.\n"
    "sPL judges the quantiles of single periods, tPL those of the {horizon} {periods} in total, from which\n"
    "stock is planned; 1 is how much demand usually changes from one period to the next.",
    "* le meilleur de sa colonne : erreurs au plus près de 0, dernières parts au plus près de la promesse ;\n"
    "  un moteur qui n’a pas su faire la plupart de ses prévisions n’en a pas.\n"
    "sPL juge les quantiles de chaque période, tPL ceux du total des {horizon} {periods}, d’où vient le\n"
    "stock ; 1 est ce dont la demande change d’ordinaire d’une période à la suivante.",
)
MADE: Final = Sentence(
    "Backtest from {first} to {last}: {judged} products judged in {windows} windows of {horizon} {periods}.",
    "Évaluation du {first} au {last} : {judged} articles jugés, {windows} fenêtres de {horizon} {periods}.",
)
FEWER_WINDOWS: Final = Sentence(
    "No history is long enough for {asked} windows; there are {windows}.",
    "Aucun historique n’est assez long pour {asked} fenêtres ; il y en a {windows}.",
)
NOT_JUDGED: Final = Sentence(
    "Products too young to be judged: {count}.",
    "Articles trop récents pour être jugés : {count}.",
)
UNSCALED: Final = Sentence(
    "Products whose demand never changed, which only WAPE, bias and the shares count: {count}.",
    "Articles dont la demande n’a jamais changé, comptés dans WAPE, biais et parts seulement : {count}.",
)
FELL_BACK: Final = Sentence(
    "{engine} could not make {count} of {all} forecasts, which fell back; the first because: {reason}",
    "{engine} n’a pas pu faire {count} prévisions sur {all}, faites par repli ; la première : {reason}",
)

CHART_TITLE: Final = Sentence("Forecasting engines compared", "Comparaison des moteurs de prévision")
CHART_SUBTITLE: Final = Sentence(
    "{judged} products, {windows} windows of {horizon} {periods} that the engines did not know, to {last}",
    "{judged} articles, {windows} fenêtres de {horizon} {periods} ignorées des moteurs, jusqu’au {last}",
)
CHART_ERRORS: Final = Sentence("Error, times the best", "Erreur, en multiples de la meilleure")
CHART_ERRORS_HINT: Final = Sentence("shorter is better", "plus court est mieux")
CHART_SPL: Final = Sentence("sPL: single periods", "sPL : chaque période")
CHART_TPL: Final = Sentence("tPL: the total", "tPL : le total")
CHART_SHARES: Final = Sentence(
    "Share of periods covered, less what was promised", "Part des périodes couvertes, moins la promesse"
)
CHART_SHARES_HINT: Final = Sentence(
    "points; on the line is as promised, left is too little",
    "en points ; sur la ligne : promesse tenue, à gauche : trop peu",
)
CHART_PROMISES: Final[Mapping[str, Sentence]] = {
    "inside_80": Sentence("within the middle 80 %", "dans les 80 % du milieu"),
    "inside_95": Sentence("within the middle 95 %", "dans les 95 % du milieu"),
    "below_95": Sentence("up to the 95 % quantile", "jusqu’au quantile 95 %"),
    "below_99": Sentence("up to the 99 % quantile", "jusqu’au quantile 99 %"),
}
CHART_BAR: Final = Sentence(
    "{engine}, {measure}: {value}, {ratio} times the best",
    "{engine}, {measure} : {value}, {ratio} fois la meilleure",
)
CHART_DOT: Final = Sentence("{engine}, {promise}: {achieved}", "{engine}, {promise} : {achieved}")
CHART_DESCRIPTION: Final = Sentence(
    "Bars of the errors of each engine over those of the best, and dots of the share of periods whose demand"
    " its quantiles covered. Smallest sPL: {spl}. Smallest tPL: {tpl}.",
    "Barres des erreurs de chaque moteur rapportées à la meilleure, et points de la part des périodes dont"
    " ses quantiles couvrent la demande. Plus petite sPL : {spl}. Plus petite tPL : {tpl}.",
)
UNKNOWN: Final = Sentence("unknown", "inconnu")
