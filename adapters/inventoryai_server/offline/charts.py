"""A backtest as a drawing in SVG: errors beside one another, and how promises were kept.

Each engine is a row. On the left its errors over those of the best engine; on the right, for four ranges
of quantiles, the share of demand that they held less the share that they promised. Shapes differ as well
as colours, every mark has a title, and the whole has a title and a description.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from inventoryai.domain.errors import Locale
from inventoryai.usecases.offline_backtests import FileBacktest
from inventoryai_server.offline import backtest_words as said
from inventoryai_server.offline import words
from inventoryai_server.offline.backtest_results import PROMISED, Numbers, best, numbers_of, written
from inventoryai_server.orders import number

_WIDTH: Final = 980
_TOP: Final = 150
_ROW: Final = 52
_BARS: Final = (170, 480)
_DOTS: Final = (560, 950)
_LONGEST_BAR: Final = 3.0
"""Times the best, beyond which a bar is cut and only its number tells."""
_REACHES: Final = (4, 10, 20, 30)
"""How many points the right side may go; a dot that is farther away stays at the edge."""
_LONGEST_NAME: Final = 20
_INK, _PALE, _GRID, _BAND = "#1f2933", "#52606d", "#d9e0e6", "#f3f6f8"
_COLOURS: Final = {"spl": "#0b63a5", "tpl": "#e08a1e"}
_SHAPES: Final = {
    "inside_80": ("#0b63a5", '<circle r="5"/>'),
    "inside_95": ("#e08a1e", '<rect x="-4.5" y="-4.5" width="9" height="9"/>'),
    "below_95": ("#1a7f5a", '<path d="M0-6 5.5 4h-11z"/>'),
    "below_99": ("#a83279", '<path d="M0-6 6 0 0 6-6 0z"/>'),
}


def chart(found: FileBacktest, locale: Locale) -> str:
    """The drawing, as the text of an SVG file."""
    height = _TOP + _ROW * len(found.engines) + 40
    drawn = _Chart(found, [numbers_of(engine) for engine in found.engines], locale)
    frame = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
    return "\n".join(
        [
            f'<svg {frame} height="{height}" role="img" xml:lang="{locale}" aria-labelledby="title about"',
            '  font-family="Helvetica, Arial, sans-serif" font-size="13">',
            f'<title id="title">{escape(said.CHART_TITLE(locale))}</title>',
            f'<desc id="about">{escape(drawn.description())}</desc>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            *drawn.head(),
            *drawn.bands(),
            *drawn.axes(height),
            *(line for row in range(len(found.engines)) for line in drawn.row(row)),
            "</svg>\n",
        ]
    )


@dataclass(frozen=True, slots=True)
class _Chart:
    """The parts of a drawing.

    Attributes:
        numbers: The marks of each engine, in the order of the rows.
    """

    found: FileBacktest
    numbers: Sequence[Numbers]
    locale: Locale

    def description(self) -> str:
        """What a reader who sees nothing is told."""
        smallest = {name: self._best(name) for name in _COLOURS}
        return said.CHART_DESCRIPTION(
            self.locale, **{name: self._who(name, smallest[name]) for name in smallest}
        )

    def _who(self, name: str, value: float | None) -> str:
        for engine, one in zip(self.found.engines, self.numbers, strict=True):
            if value is not None and one[name] == value:
                return f"{engine.engine} ({written(name, value, self.locale)})"
        return said.UNKNOWN(self.locale)

    def _best(self, name: str) -> float | None:
        return best(name, self.numbers) if len(self.numbers) > 1 else self.numbers[0][name]

    def head(self) -> Iterator[str]:
        """Titles and keys."""
        found, locale = self.found, self.locale
        subtitle = said.CHART_SUBTITLE(
            locale,
            judged=number(found.engines[0].summary.products, locale),
            windows=len(found.starts),
            horizon=found.question.horizon,
            periods=words.PERIODS[found.question.frequency](locale),
            last=found.last_day,
        )
        yield _text(20, 34, said.CHART_TITLE(locale), size=20, weight="bold")
        yield _text(20, 56, subtitle, fill=_PALE)
        yield _text(_BARS[0], 90, said.CHART_ERRORS(locale), weight="bold")
        yield _text(_BARS[0], 107, said.CHART_ERRORS_HINT(locale), fill=_PALE, size=12)
        yield _text(_DOTS[0], 90, said.CHART_SHARES(locale), weight="bold")
        yield _text(_DOTS[0], 107, said.CHART_SHARES_HINT(locale), fill=_PALE, size=12)
        for place, (name, key) in enumerate((("spl", said.CHART_SPL), ("tpl", said.CHART_TPL))):
            x = _BARS[0] + 160 * place
            yield f'<rect x="{x}" y="118" width="12" height="12" fill="{_COLOURS[name]}"/>'
            yield _text(x + 18, 129, key(locale), size=12)
        for place, (name, key) in enumerate(said.CHART_PROMISES.items()):
            x, y = _DOTS[0] + 6 + 195 * (place % 2), 124 + 18 * (place // 2)
            yield _shape(name, x, y)
            yield _text(x + 12, y + 4, key(locale), size=12)

    def bands(self) -> Iterator[str]:
        """Every other row is shaded, so that the eye finds its way from left to right."""
        for row in range(0, len(self.numbers), 2):
            place = f'x="12" y="{_TOP + 7 + _ROW * row}" width="{_WIDTH - 24}" height="{_ROW}"'
            yield f'<rect {place} fill="{_BAND}"/>'

    def axes(self, height: int) -> Iterator[str]:
        """Lines to compare with: the best, and what was promised, and how far away from it."""
        bottom = height - 30
        yield _line(self._bar(1.0), _TOP + 8, bottom, _PALE)
        reach = self._reach()
        for points in (-reach, -reach // 2, 0, reach // 2, reach):
            x = self._dot(points)
            yield _line(x, _TOP + 8, bottom, _INK if points == 0 else _GRID)
            label = f"{points:+d}".replace("-", "−") if points else "0"
            yield _text(x, height - 12, label, size=12, anchor="middle", fill=_PALE)
        yield _text(self._bar(1.0), height - 12, "1", size=12, anchor="middle", fill=_PALE)

    def row(self, row: int) -> Iterator[str]:
        """One engine."""
        top, engine, numbers = _TOP + 12 + _ROW * row, self.found.engines[row].engine, self.numbers[row]
        short = engine if len(engine) <= _LONGEST_NAME else engine[: _LONGEST_NAME - 1] + "…"
        yield _text(_BARS[0] - 12, top + 24, short, anchor="end", weight="bold")
        for place, name in enumerate(_COLOURS):
            yield from self._bar_of(engine, name, numbers[name], top + 4 + 18 * place)
        for place, name in enumerate(PROMISED):
            yield from self._dot_of(engine, name, numbers[name], top + 4 + 11 * place)

    def _bar_of(self, engine: str, name: str, value: float | None, y: int) -> Iterator[str]:
        least = self._best(name)
        if value is None or not least:
            return
        ratio = value / least
        end = self._bar(min(ratio, _LONGEST_BAR))
        times = self._decimal(f"{ratio:.2f}")
        shown = written(name, value, self.locale)
        measure = {"spl": "sPL", "tpl": "tPL"}[name]
        told = said.CHART_BAR(self.locale, engine=engine, measure=measure, value=shown, ratio=times)
        width = f"{end - _BARS[0]:.1f}"
        yield f'<rect x="{_BARS[0]}" y="{y}" width="{width}" height="14" fill="{_COLOURS[name]}">'
        yield f"<title>{escape(told)}</title></rect>"
        yield _text(end + 5, y + 11, times + (" »" if ratio > _LONGEST_BAR else ""), size=12)

    def _dot_of(self, engine: str, name: str, value: float | None, y: int) -> Iterator[str]:
        if value is None:
            return
        points = 100 * (value - PROMISED[name])
        promise = said.CHART_PROMISES[name](self.locale)
        achieved = written(name, value, self.locale, unit=" %")
        told = said.CHART_DOT(self.locale, engine=engine, promise=promise, achieved=achieved)
        yield _shape(name, self._dot(points), y, told)

    def _decimal(self, digits: str) -> str:
        return digits.replace(".", ",") if self.locale == "fr" else digits

    def _bar(self, ratio: float) -> float:
        longest = max([1.25, *(min(_LONGEST_BAR, one) for one in self._ratios())])
        return _BARS[0] + (_BARS[1] - 45 - _BARS[0]) * ratio / longest

    def _ratios(self) -> list[float]:
        pairs = [(one[name], self._best(name)) for one in self.numbers for name in _COLOURS]
        return [value / least for value, least in pairs if value is not None and least]

    def _reach(self) -> int:
        """Points to either side of the promise that are drawn: as many as are needed."""
        kept = [(one[name], goal) for one in self.numbers for name, goal in PROMISED.items()]
        gaps = [100 * abs(share - goal) for share, goal in kept if share is not None]
        return next((reach for reach in _REACHES if max(gaps, default=0.0) <= reach), _REACHES[-1])

    def _dot(self, points: float) -> float:
        reach = self._reach()
        kept = max(-reach, min(reach, points))
        middle = (_DOTS[0] + _DOTS[1]) / 2
        return middle + kept / reach * (_DOTS[1] - _DOTS[0]) / 2


def _text(
    x: float, y: float, text: str, *, size: int = 13, weight: str = "", anchor: str = "", fill: str = _INK
) -> str:
    more = f' font-weight="{weight}"' if weight else ""
    more += f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{more}>{escape(text)}</text>'


def _line(x: float, top: float, bottom: float, colour: str) -> str:
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="{colour}"/>'


def _shape(name: str, x: float, y: float, told: str = "") -> str:
    colour, form = _SHAPES[name]
    title = f"<title>{escape(told)}</title>" if told else ""
    return f'<g transform="translate({x:.1f} {y:.1f})" fill="{colour}">{title}{form}</g>'
