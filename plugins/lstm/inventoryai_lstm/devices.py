"""Where the network runs: on a GPU where there is one that can, else on the processor."""

import torch


def exact() -> torch.device:
    """For answers, in double precision, which Apple's GPUs do not have."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fast() -> torch.device:
    """For learning, in single precision."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
