"""The entry point of the API: every request of every interface goes through `handle`."""

from __future__ import annotations

from novasim.api import microversions
from novasim.api.context import Context
from novasim.api.refusals import refusal_body
from novasim.api.request import Request, Response
from novasim.api.routes import Route, find_route, handler_of
from novasim.cloud import Cloud
from novasim.errors import InjectedRefusal, NovaFault


def is_preflight(method: str, service: str) -> bool:
    """
    Whether the CORS middleware answers instead of the service: 200 without content to every OPTIONS.

    Placement has that middleware only where an origin is configured. Source: oslo_middleware/cors.py process_response.
    """
    return method == "OPTIONS" and service != "placement"


def handle(cloud: Cloud, request: Request) -> Response:
    """
    Answer a request. A refusal is an answer too: Nova's error body, with the fault kept beside it.

    Raises:
        CloudFileError: the world cannot be read or saved. Nothing else is raised on purpose.
    """
    if is_preflight(request.method, request.service):
        return Response(200)
    try:
        microversions.check(request)
        route, params = find_route(request.service, request.method, request.path, request.minor)
        if not route.writes:
            with cloud.reading() as world:
                return _serve(Context(request, world), route, params)
        with cloud.writing() as world:
            return _serve(Context(request, world), route, params)
    except InjectedRefusal as fault:
        _use_up(cloud, str(fault.facts["struck_by"]))
        return refusal(request, fault)
    except NovaFault as fault:
        return refusal(request, fault)


def _use_up(cloud: Cloud, fault_id: str) -> None:
    """The refused request changed nothing; that the fault struck is a change of its own."""
    from novasim.simulation.faults import record_strike

    with cloud.writing(is_request=False) as world:
        record_strike(world, fault_id)


def _serve(ctx: Context, route: Route, params: dict[str, str]) -> Response:
    if route.schema:
        from novasim.api import schemas

        schemas.check(route.schema, ctx.minor, ctx.request.query, ctx.body, ctx.request.method)
    answer = handler_of(ctx.request.service, route)(ctx, **params)
    response = answer if isinstance(answer, Response) else Response(200, answer)
    if route.writes:
        return response._replace(request_id=ctx.world.request_id)
    return response._replace(lasts=not ctx.world.is_time_dependent)


def refusal(request: Request, fault: NovaFault) -> Response:
    """The answer that refuses: the fault's code and body, and the fault itself beside them."""
    return Response(fault.http, refusal_body(fault, request.service), fault=fault)
