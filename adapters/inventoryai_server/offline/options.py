"""The options of the offline commands, each with its help; nothing heavy is imported for them."""

from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

Sales = Annotated[Path, Argument(help="Sales: CSV or CSV.gz.", show_default=False)]
Engines = Annotated[
    str | None,
    Option(help="Engines between commas; without, all that are installed, and auto."),
]
Windows = Annotated[int, Option(min=1, max=50, help="How many cuts through the past.")]
ScoresOut = Annotated[
    Path | None,
    Option(help="A file for the result: CSV, JSON or SVG by the end of its name; - is standard output."),
]
ScoresJson = Annotated[bool, Option("--json", help="Print JSON: the scores by engine, and by product.")]
WindowLength = Annotated[int, Option(help="Periods ahead, as long as each window.")]
Stock = Annotated[Path | None, Option(help="Stock on hand: CSV with sku and on hand. Without it, 0.")]
Engine = Annotated[str, Option(help="What forecasts; `inventoryai engines` lists them.")]
Horizon = Annotated[int, Option(help="Periods to forecast; a plan takes as many more as it needs.")]
Frequency = Annotated[Literal["day", "week", "month"], Option(help="What one period is.")]
Levels = Annotated[
    str | None, Option(help="Quantile levels between commas: 0.1,0.5,0.9. Fifteen from 0.01 to 0.99 without.")
]
Out = Annotated[
    Path | None,
    Option(help="A file for the result: CSV, or JSON of a plan when it ends in .json; - is standard output."),
]
Json = Annotated[bool, Option("--json", help="Print JSON, as GET /recommendations lists them.")]
Mapping = Annotated[
    list[str] | None,
    Option(metavar="FIELD=HEADER", help="A column of the sales: sku=Code. May be given several times."),
]
StockMapping = Annotated[
    list[str] | None,
    Option(metavar="FIELD=HEADER", help="A column of the stock. May be given several times."),
]
DateOrder = Annotated[
    Literal["day_first", "month_first"] | None,
    Option(help="How 03/04/2024 is meant, if the file does not say."),
]
Currency = Annotated[str, Option(help="Of the prices: XAF, XOF, NGN, EUR. It has decimals or none.")]
ServiceLevel = Annotated[str, Option(help="Chance of not running out before the next delivery.")]
ReviewDays = Annotated[int, Option(help="Days between two occasions to order.")]
LeadTimeDays = Annotated[str, Option(help="Days from an order to its goods.")]
Seed = Annotated[int, Option(min=0, help="Where random draws come from.")]
Rows = Annotated[int, Option(min=0, help="Products in the table; 0 for all.")]
