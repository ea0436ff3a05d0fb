"""Which language an Accept-Language header asks for."""

import pytest

from inventoryai_http.languages import accepted


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", None),
        ("*", None),
        ("de", None),
        ("de, es;q=0.5", None),
        ("fr", "fr"),
        ("FR-be", "fr"),
        ("en-US,en;q=0.5", "en"),
        ("de, fr;q=0.3, en;q=0.7", "en"),
        ("en, fr", "en"),
        ("fr, en", "fr"),
        ("fr;q=0, en;q=0.001", "en"),
        (" fr ; q = 0.8 , en;q=0.9", "en"),
        ("fr;q=2", None),
        ("fr;q=nan", None),
        ("frankly", None),
        (",,;,fr", "fr"),
        ("a," * 100_000 + "fr", None),
    ],
)
def test_the_best_liked_of_ours_is_taken(header: str, language: str | None) -> None:
    assert accepted(header) == language
