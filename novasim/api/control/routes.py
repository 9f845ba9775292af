"""The routes of the control interface."""

from __future__ import annotations

from novasim.api.routes import Route

ROUTES = [
    Route("POST", "/reset", "handlers:reset", schema="control.reset"),
    Route("POST", "/seed", "handlers:set_seed", schema="control.seed"),
    Route("GET", "/clock", "handlers:show_clock"),
    Route("POST", "/clock", "handlers:change_clock", schema="control.clock"),
    Route("GET", "/fault", "handlers:list_faults"),
    Route("POST", "/fault", "handlers:add_fault", schema="control.fault"),
    Route("DELETE", "/fault", "handlers:clear_faults"),
    Route("DELETE", "/fault/{fault}", "handlers:remove_fault"),
    Route("GET", "/save", "handlers:list_states"),
    Route("POST", "/save", "handlers:save", schema="control.save"),
    Route("POST", "/load", "handlers:load", schema="control.load"),
]
