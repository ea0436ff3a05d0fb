"""The compiled part: one C11 extension for all Pythons from 3.11, and an install that succeeds without it."""

from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("native")

# Errors of the arithmetic are looked at through its results, never through errno or traps; that is all that
# vectorising needs, and NaN and infinity keep their meaning.
FLAGS = [
    "-std=gnu11",
    "-O3",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=fast",
    "-fvisibility=hidden",
    "-Wno-psabi",
]


def compiled(name: str, sources: list[Path]) -> Extension:
    """One module; where there is no C compiler the plugin installs all the same, and says what it lacks."""
    return Extension(
        f"inventoryai_ets.{name}",
        sources=sorted(str(path) for path in sources),
        depends=sorted(str(path) for path in NATIVE.rglob("*.h")),
        extra_compile_args=FLAGS,
        define_macros=[("Py_LIMITED_API", "0x030b0000")],
        py_limited_api=True,
        optional=True,
    )


THETA = [
    *(NATIVE / "theta").glob("*.c"),
    *(NATIVE / f"{name}.c" for name in ("bitonic", "layout", "sorting")),
]

setup(
    ext_modules=[compiled("_ets", list(NATIVE.glob("*.c"))), compiled("_theta", THETA)],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
