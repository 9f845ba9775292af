"""The entry point of the API: every request of every interface goes through `handle`."""

from __future__ import annotations

from novasim.api import microversions
from novasim.api.context import Context, WritingNeeded
from novasim.api.refusals import refusal_body
from novasim.api.request import Request, Response
from novasim.api.routes import Route, find_route, load_handler
from novasim.cloud import Cloud
from novasim.errors import BadRequest, InjectedRefusal, NovaFault

TEXT_HEADERS = {"Content-Type": "text/plain; charset=UTF-8"}


def is_preflight(method: str, service: str) -> bool:
    """
    Whether the CORS middleware answers instead of the service: 200 without content to every OPTIONS.

    Placement has that middleware only where an origin is configured. Source: oslo_middleware/cors.py process_response.
    """
    return method == "OPTIONS" and service != "placement"


def handle(cloud: Cloud, request: Request) -> Response:
    """
    Answer a request. A refusal is a response too, with Nova's error body and the fault itself.

    Raises:
        CloudFileError: the cloud cannot be read or saved. No other exception is raised on purpose.
    """
    response = _handle(cloud, request)
    for listener in cloud.listeners:
        listener(request, response)
    return response


def _handle(cloud: Cloud, request: Request) -> Response:
    if is_preflight(request.method, request.service):
        return Response(200)
    if request.service == "control":
        return _control(cloud, request)
    try:
        microversions.check(request)
        route, params = find_route(request.service, request.method, request.path, request.minor)
    except NovaFault as fault:
        cloud.record_refusal(request, fault)
        return refusal_response(request, fault)
    try:
        try:
            return _answer(cloud, request, route, params)
        except WritingNeeded:
            return _answer(cloud, request, route._replace(read_only=False), params)
    except NovaFault as fault:
        if isinstance(fault, InjectedRefusal):
            _count_trigger(cloud, str(fault.facts["fault_id"]))
        return refusal_response(request, fault)


def _answer(cloud: Cloud, request: Request, route: Route, params: dict[str, str]) -> Response:
    with cloud.writing(request=request) if route.writes else cloud.reading(True, request) as world:
        response = _call_handler(Context(request, world, route.writes), route, params)
        world.code = response.code
        return response


def _control(cloud: Cloud, request: Request) -> Response:
    from novasim.api.control.dispatch import handle_control

    try:
        return handle_control(cloud, request)
    except NovaFault as fault:
        return refusal_response(request, fault)


def _count_trigger(cloud: Cloud, fault_id: str) -> None:
    """Count an injected fault in its own transaction, because that of the refused request is rolled back."""
    from novasim.simulation.faults import count_trigger

    with cloud.writing(is_request=False, what="fault", is_event=True) as world:
        count_trigger(world, fault_id)


def _call_handler(ctx: Context, route: Route, params: dict[str, str]) -> Response:
    _check_project(ctx, params)
    if route.schema:
        from novasim.api import schemas

        schemas.check(route.schema, ctx.minor, ctx.request.query, ctx.body, ctx.request.method)
    result = load_handler(ctx.request.service, route)(ctx, **params)
    response = result if isinstance(result, Response) else Response(200, result)
    if route.writes:
        return response._replace(request_id=ctx.world.request_id)
    return response._replace(is_cacheable=not route.uses_clock)


def _check_project(ctx: Context, params: dict[str, str]) -> None:
    """
    Check that the project ID in the URL is that of the caller, also of administrators.

    Raises:
        BadRequest: it is another one (400).

    Source: nova/api/openstack/wsgi.py and cinder/api/openstack/wsgi.py, Resource._process_stack.
    """
    own, in_url = ctx.caller.project_id, ctx.request.url_project
    if ctx.request.service == "volume" and params.get("project", own) != own:
        raise BadRequest(reason="Malformed request url")
    if in_url not in ("", own):
        words = f"URL's project_id '{in_url}' doesn't match Context's project_id '{own}'"
        raise BadRequest(reason=f"Malformed request URL: {words}")


def refusal_response(request: Request, fault: NovaFault) -> Response:
    """The response for a refusal: the fault's code and body, and the fault itself."""
    body = refusal_body(fault, request.service)
    return Response(fault.http, body, TEXT_HEADERS if isinstance(body, bytes) else {}, fault=fault)
