"""The services that run no servers, such as the scheduler and the conductor: they share one host."""

from __future__ import annotations

CONTROL_HOST = "controller"
