"""Heavy work in processes that have a deadline, a memory limit and an end; and a twin that has none."""

from inventoryai_processes.inline import InlineProcesses
from inventoryai_processes.pool import PooledProcesses

__all__ = ["InlineProcesses", "PooledProcesses"]
