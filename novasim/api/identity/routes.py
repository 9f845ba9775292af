"""The routes of the identity service."""

from __future__ import annotations

from novasim.api.identity.empty import KINDS, OF_USERS
from novasim.api.routes import NOT_SIMULATED, Route

SCOPES = ("/v3/projects/{project_id}", "/v3/domains/{domain_id}", "/v3/system")  # the scopes of role assignments
ROLES = "/users/{user_id}/roles"
GRANT = ROLES + "/{role_id}"
CREDENTIALS = "/v3/users/{user_id}/application_credentials"
USER = "/v3/users/{user_id}"

# Requests of the real service that are refused (501): methods, path below /v3.
REFUSED = (
    ("GET POST", "/auth/OS-FEDERATION/saml2"),
    ("POST", "/auth/OS-FEDERATION/saml2/ecp"),
    ("GET POST", "/auth/OS-FEDERATION/websso/{protocol}"),
    ("POST", "/ec2tokens"),
    ("POST", "/s3tokens"),
    ("POST", "/credentials"),
    ("POST", "/users/{user_id}/credentials/OS-EC2"),
    ("POST", "/groups"),
    ("POST", "/policies"),
    ("POST", "/limits"),
    ("POST", "/registered_limits"),
    ("GET PUT PATCH DELETE", "/domains/{domain_id}/config"),
    ("GET", "/domains/config/default"),
    ("GET", "/roles/{role_id}/implies"),
    ("PUT", "/roles/{role_id}/implies/{implied}"),
    ("PUT DELETE", "/projects/{project_id}/tags"),
    ("PUT", "/projects/{project_id}/tags/{tag}"),
    ("GET", "/projects/{project_id}/groups/{group_id}/roles"),
    ("GET", "/domains/{domain_id}/groups/{group_id}/roles"),
    ("GET", "/system/groups/{group_id}/roles"),
    ("PUT", "/OS-INHERIT/projects/{project_id}/users/{user_id}/roles/{role_id}/inherited_to_projects"),
    ("PUT", "/OS-INHERIT/domains/{domain_id}/users/{user_id}/roles/{role_id}/inherited_to_projects"),
    ("POST", "/OS-EP-FILTER/endpoint_groups"),
    ("GET", "/OS-EP-FILTER/projects/{project_id}/endpoints"),
    ("PUT", "/OS-FEDERATION/identity_providers/{id}"),
    ("PUT", "/OS-FEDERATION/mappings/{id}"),
    ("PUT", "/OS-FEDERATION/service_providers/{id}"),
    ("GET", "/OS-FEDERATION/saml2/metadata"),
    ("POST", "/OS-OAUTH1/consumers"),
    ("POST", "/OS-OAUTH1/request_token"),
    ("POST", "/OS-OAUTH2/token"),
    ("GET", "/OS-SIMPLE-CERT/ca"),
    ("GET", "/OS-SIMPLE-CERT/certificates"),
)

ROUTES = [
    Route("POST", "/v3/auth/tokens", "auth:create", read_only=True),
    Route("GET", "/v3/auth/tokens", "auth:show"),
    Route("DELETE", "/v3/auth/tokens", "auth:revoke"),
    Route("GET", "/v3/auth/projects", "auth:list_projects"),
    Route("GET", "/v3/auth/domains", "auth:list_domains"),
    Route("GET", "/v3/auth/system", "auth:list_system"),
    Route("GET", "/v3/auth/catalog", "auth:show_catalog"),
    Route("GET", "/v3/projects", "projects:index"),
    Route("POST", "/v3/projects", "projects:create"),
    Route("GET", "/v3/projects/{project_id}", "projects:show"),
    Route("PATCH", "/v3/projects/{project_id}", "projects:update"),
    Route("DELETE", "/v3/projects/{project_id}", "projects:delete"),
    Route("GET", "/v3/users", "users:index"),
    Route("POST", "/v3/users", "users:create"),
    Route("GET", "/v3/users/{user_id}", "users:show"),
    Route("PATCH", "/v3/users/{user_id}", "users:update"),
    Route("DELETE", "/v3/users/{user_id}", "users:delete"),
    Route("GET", "/v3/users/{user_id}/projects", "users:list_projects"),
    Route("GET", CREDENTIALS, "credentials:index"),
    Route("POST", CREDENTIALS, "credentials:create"),
    Route("GET", CREDENTIALS + "/{credential_id}", "credentials:show"),
    Route("DELETE", CREDENTIALS + "/{credential_id}", "credentials:delete"),
    Route("POST", "/v3/users/{user_id}/password", "users:change_password"),
    Route("GET", "/v3/roles", "roles:index"),
    Route("POST", "/v3/roles", "roles:create"),
    Route("GET", "/v3/roles/{role_id}", "roles:show"),
    Route("PATCH", "/v3/roles/{role_id}", "roles:update"),
    Route("DELETE", "/v3/roles/{role_id}", "roles:delete"),
    Route("GET", "/v3/domains", "domains:index"),
    Route("POST", "/v3/domains", "domains:create"),
    Route("GET", "/v3/domains/{domain_id}", "domains:show"),
    Route("PATCH", "/v3/domains/{domain_id}", "domains:update"),
    Route("DELETE", "/v3/domains/{domain_id}", "domains:delete"),
    Route("GET", "/v3/services", "services:list_services"),
    Route("GET", "/v3/services/{service_id}", "services:show_service"),
    Route("GET", "/v3/endpoints", "services:list_endpoints"),
    Route("GET", "/v3/endpoints/{endpoint_id}", "services:show_endpoint"),
    Route("GET", "/v3/regions", "services:list_regions"),
    Route("GET", "/v3/regions/{region_id}", "services:show_region"),
    Route("GET", "/v3/role_assignments", "assignments:index"),
    Route("GET", "/v3/limits/model", "empty:show_limit_model"),
    Route("GET", "/v3/projects/{project_id}/tags", "empty:list_project_tags"),
    Route("GET", USER + "/credentials/OS-EC2", "empty:list_ec2_credentials"),
    *(Route("GET", f"{USER}/{below}", "empty:list_of_user") for below in OF_USERS),
    *(Route("GET", f"/v3/{path}", "empty:index") for path in KINDS),
    *(Route(method, f"/v3/{path}/{{id}}", "empty:refuse") for path in KINDS for method in ("GET", "PATCH", "DELETE")),
    *(Route(method, "/v3" + path, NOT_SIMULATED) for methods, path in REFUSED for method in methods.split()),
]
for scope in SCOPES:
    ROUTES += [
        Route("GET", scope + ROLES, "assignments:list_roles"),
        Route("PUT", scope + GRANT, "assignments:grant"),
        Route("GET", scope + GRANT, "assignments:check"),
        Route("HEAD", scope + GRANT, "assignments:check"),
        Route("DELETE", scope + GRANT, "assignments:revoke"),
    ]
