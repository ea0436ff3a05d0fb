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

setup(
    ext_modules=[
        # Where there is no C compiler the plugin installs all the same, and numpy does the work.
        Extension(
            "inventoryai_intermittent._counts",
            sources=sorted(str(path) for path in NATIVE.glob("*.c")),
            depends=sorted(str(path) for path in NATIVE.glob("*.h")),
            extra_compile_args=FLAGS,
            define_macros=[("Py_LIMITED_API", "0x030b0000")],
            py_limited_api=True,
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
