"""The routes of the identity service."""

from __future__ import annotations

from novasim.api.routes import Route

SCOPES = ("/v3/projects/{project_id}", "/v3/domains/{domain_id}", "/v3/system")  # the scopes of role assignments
ROLES = "/users/{user_id}/roles"
GRANT = ROLES + "/{role_id}"
CREDENTIALS = "/v3/users/{user_id}/application_credentials"

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
]
for scope in SCOPES:
    ROUTES += [
        Route("GET", scope + ROLES, "assignments:list_roles"),
        Route("PUT", scope + GRANT, "assignments:grant"),
        Route("GET", scope + GRANT, "assignments:check"),
        Route("HEAD", scope + GRANT, "assignments:check"),
        Route("DELETE", scope + GRANT, "assignments:revoke"),
    ]
