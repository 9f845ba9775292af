"""The routes of the identity service."""

from __future__ import annotations

from novasim.api.identity.empty import KINDS, OF_USERS
from novasim.api.routes import NOT_SIMULATED, Route

SCOPES = ("/v3/projects/{project_id}", "/v3/domains/{domain_id}", "/v3/system")  # the scopes of role assignments
ROLES = ("/users/{user_id}/roles", "/groups/{group_id}/roles")  # below a scope
CREDENTIALS = "/v3/users/{user_id}/application_credentials"
USER = "/v3/users/{user_id}"
EC2 = USER + "/credentials/OS-EC2"
GROUP = "/v3/groups/{group_id}"
TRUSTS = "/v3/OS-TRUST/trusts"
TAGS = "/v3/projects/{project_id}/tags"
TRUST = TRUSTS + "/{trust_id}"
REGISTERED = "/v3/registered_limits/{registered_limit_id}"

# Requests of the real service that are refused (501): methods, path below /v3.
CONFIG = "/domains/{domain_id}/config"
PROTOCOLS = "/OS-FEDERATION/identity_providers/{id}/protocols"
ENDPOINT_POLICY = "/policies/{policy_id}/OS-ENDPOINT-POLICY"
FILTERED = "/OS-EP-FILTER/endpoint_groups/{id}"
REFUSED = (
    ("GET POST", "/auth/OS-FEDERATION/saml2"),
    ("GET POST", "/auth/OS-FEDERATION/saml2/ecp"),
    ("GET POST", "/auth/OS-FEDERATION/websso/{protocol}"),
    ("GET POST", "/auth/OS-FEDERATION/identity_providers/{id}/protocols/{protocol_id}/websso"),
    ("GET", "/auth/tokens/OS-PKI/revoked"),
    ("POST", "/ec2tokens"),
    ("POST", "/s3tokens"),
    ("POST", "/policies"),
    ("GET", ENDPOINT_POLICY + "/endpoints"),
    ("GET PUT DELETE", ENDPOINT_POLICY + "/endpoints/{endpoint_id}"),
    ("GET PUT DELETE", ENDPOINT_POLICY + "/services/{service_id}"),
    ("GET PUT DELETE", ENDPOINT_POLICY + "/services/{service_id}/regions/{region_id}"),
    ("GET", "/endpoints/{endpoint_id}/OS-ENDPOINT-POLICY/policy"),
    ("GET PUT PATCH DELETE", CONFIG),
    ("GET PATCH DELETE", CONFIG + "/{group}"),
    ("GET PATCH DELETE", CONFIG + "/{group}/{option}"),
    ("GET", "/domains/config/default"),
    ("GET", "/domains/config/{group}/default"),
    ("GET", "/domains/config/{group}/{option}/default"),
    ("PUT DELETE", "/roles/{role_id}/implies/{implied}"),
    ("POST", "/OS-EP-FILTER/endpoint_groups"),
    ("GET", FILTERED + "/endpoints"),
    ("GET", FILTERED + "/projects"),
    ("GET PUT DELETE", FILTERED + "/projects/{project_id}"),
    ("GET", "/OS-EP-FILTER/endpoints/{endpoint_id}/projects"),
    ("GET", "/OS-EP-FILTER/projects/{project_id}/endpoint_groups"),
    ("GET", "/OS-EP-FILTER/projects/{project_id}/endpoints"),
    ("GET PUT DELETE", "/OS-EP-FILTER/projects/{project_id}/endpoints/{endpoint_id}"),
    ("PUT", "/OS-FEDERATION/identity_providers/{id}"),
    ("GET", PROTOCOLS),
    ("GET PUT PATCH DELETE", PROTOCOLS + "/{protocol_id}"),
    ("GET POST", PROTOCOLS + "/{protocol_id}/auth"),
    ("PUT", "/OS-FEDERATION/mappings/{id}"),
    ("PUT", "/OS-FEDERATION/service_providers/{id}"),
    ("GET", "/OS-FEDERATION/saml2/metadata"),
    ("POST", "/OS-OAUTH1/consumers"),
    ("GET POST", "/OS-OAUTH1/request_token"),
    ("GET POST", "/OS-OAUTH1/access_token"),
    ("GET PUT", "/OS-OAUTH1/authorize/{request_token_id}"),
    ("POST", "/OS-OAUTH2/token"),
    ("GET", "/OS-SIMPLE-CERT/ca"),
    ("GET", "/OS-SIMPLE-CERT/certificates"),
)

# Paths below a user under which nothing is found.
ABSENT = (
    "access_rules/{id}",
    "OS-OAUTH1/access_tokens/{id}",
    "OS-OAUTH1/access_tokens/{id}/roles",
    "OS-OAUTH1/access_tokens/{id}/roles/{role_id}",
)

ROUTES = [
    Route("POST", "/v3/auth/tokens", "auth:create", read_only=True),
    Route("GET", "/v3/auth/tokens", "auth:show", uses_clock=True),
    Route("DELETE", "/v3/auth/tokens", "auth:revoke"),
    Route("GET", "/v3/auth/projects", "auth:list_projects"),
    Route("GET", "/v3/auth/domains", "auth:list_domains"),
    Route("GET", "/v3/OS-FEDERATION/projects", "auth:list_projects"),
    Route("GET", "/v3/OS-FEDERATION/domains", "auth:list_domains"),
    Route("GET", "/v3/auth/system", "auth:list_system"),
    Route("GET", "/v3/auth/catalog", "auth:show_catalog"),
    Route("GET", "/v3/projects", "projects:index"),
    Route("POST", "/v3/projects", "projects:create"),
    Route("GET", "/v3/projects/{project_id}", "projects:show"),
    Route("PATCH", "/v3/projects/{project_id}", "projects:update"),
    Route("DELETE", "/v3/projects/{project_id}", "projects:delete"),
    Route("GET", TAGS, "project_tags:index"),
    Route("PUT", TAGS, "project_tags:replace"),
    Route("DELETE", TAGS, "project_tags:clear"),
    Route("GET", TAGS + "/{tag}", "project_tags:check"),
    Route("HEAD", TAGS + "/{tag}", "project_tags:check"),
    Route("PUT", TAGS + "/{tag}", "project_tags:add"),
    Route("DELETE", TAGS + "/{tag}", "project_tags:remove"),
    Route("GET", "/v3/users", "users:index"),
    Route("POST", "/v3/users", "users:create"),
    Route("GET", "/v3/users/{user_id}", "users:show"),
    Route("PATCH", "/v3/users/{user_id}", "users:update"),
    Route("DELETE", "/v3/users/{user_id}", "users:delete"),
    Route("GET", "/v3/users/{user_id}/projects", "users:list_projects"),
    Route("GET", "/v3/users/{user_id}/groups", "groups:list_of_user"),
    Route("GET", "/v3/groups", "groups:index"),
    Route("POST", "/v3/groups", "groups:create"),
    Route("GET", GROUP, "groups:show"),
    Route("PATCH", GROUP, "groups:update"),
    Route("DELETE", GROUP, "groups:delete"),
    Route("GET", GROUP + "/users", "groups:list_users"),
    Route("GET", GROUP + "/users/{user_id}", "groups:check_user"),
    Route("HEAD", GROUP + "/users/{user_id}", "groups:check_user"),
    Route("PUT", GROUP + "/users/{user_id}", "groups:add_user"),
    Route("DELETE", GROUP + "/users/{user_id}", "groups:remove_user"),
    Route("GET", CREDENTIALS, "credentials.application_credentials:index"),
    Route("POST", CREDENTIALS, "credentials.application_credentials:create"),
    Route("GET", CREDENTIALS + "/{credential_id}", "credentials.application_credentials:show"),
    Route("DELETE", CREDENTIALS + "/{credential_id}", "credentials.application_credentials:delete"),
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
    Route("GET", "/v3/services", "catalog.services:index"),
    Route("GET", "/v3/services/{service_id}", "catalog.services:show"),
    Route("GET", "/v3/endpoints", "catalog.endpoints:index"),
    Route("GET", "/v3/endpoints/{endpoint_id}", "catalog.endpoints:show"),
    Route("GET", "/v3/regions", "catalog.regions:index"),
    Route("GET", "/v3/regions/{region_id}", "catalog.regions:show"),
    Route("GET", "/v3/role_inferences", "roles:list_inferences"),
    Route("GET", "/v3/roles/{role_id}/implies", "roles:show_inference"),
    Route("GET", "/v3/roles/{role_id}/implies/{implied}", "roles:check_inference"),
    Route("HEAD", "/v3/roles/{role_id}/implies/{implied}", "roles:check_inference"),
    Route("POST", "/v3/services", "catalog.services:create"),
    Route("PATCH", "/v3/services/{service_id}", "catalog.services:update"),
    Route("DELETE", "/v3/services/{service_id}", "catalog.services:delete"),
    Route("POST", "/v3/endpoints", "catalog.endpoints:create"),
    Route("PATCH", "/v3/endpoints/{endpoint_id}", "catalog.endpoints:update"),
    Route("DELETE", "/v3/endpoints/{endpoint_id}", "catalog.endpoints:delete"),
    Route("POST", "/v3/regions", "catalog.regions:create"),
    Route("PUT", "/v3/regions/{region_id}", "catalog.regions:create_with_id"),
    Route("PATCH", "/v3/regions/{region_id}", "catalog.regions:update"),
    Route("DELETE", "/v3/regions/{region_id}", "catalog.regions:delete"),
    Route("GET", TRUSTS, "trusts.trusts:index"),
    Route("POST", TRUSTS, "trusts.trusts:create"),
    Route("GET", TRUST, "trusts.trusts:show", uses_clock=True),
    Route("DELETE", TRUST, "trusts.trusts:delete"),
    Route("GET", TRUST + "/roles", "trusts.trusts:list_roles", uses_clock=True),
    Route("GET", TRUST + "/roles/{role_id}", "trusts.trusts:show_role", uses_clock=True),
    Route("HEAD", TRUST + "/roles/{role_id}", "trusts.trusts:show_role"),
    Route("GET", "/v3/role_assignments", "assignments:index"),
    Route("GET", "/v3/limits/model", "limits.limits:show_model"),
    Route("GET", "/v3/limits", "limits.limits:index"),
    Route("POST", "/v3/limits", "limits.limits:create", schema="identity.create_limits"),
    Route("GET", "/v3/limits/{limit_id}", "limits.limits:show"),
    Route("PATCH", "/v3/limits/{limit_id}", "limits.limits:update", schema="identity.update_limit"),
    Route("DELETE", "/v3/limits/{limit_id}", "limits.limits:delete"),
    Route("GET", "/v3/registered_limits", "limits.registered:index"),
    Route("POST", "/v3/registered_limits", "limits.registered:create", schema="identity.create_registered_limits"),
    Route("GET", REGISTERED, "limits.registered:show"),
    Route("PATCH", REGISTERED, "limits.registered:update", schema="identity.update_registered_limit"),
    Route("DELETE", REGISTERED, "limits.registered:delete"),
    Route("GET", "/v3/credentials", "credentials.credentials:index"),
    Route("POST", "/v3/credentials", "credentials.credentials:create"),
    Route("GET", "/v3/credentials/{credential_id}", "credentials.credentials:show"),
    Route("PATCH", "/v3/credentials/{credential_id}", "credentials.credentials:update"),
    Route("DELETE", "/v3/credentials/{credential_id}", "credentials.credentials:delete"),
    Route("GET", EC2, "credentials.ec2:index"),
    Route("POST", EC2, "credentials.ec2:create"),
    Route("GET", EC2 + "/{access}", "credentials.ec2:show"),
    Route("DELETE", EC2 + "/{access}", "credentials.ec2:delete"),
    *(Route("GET", f"{USER}/{path}", "empty:refuse_of_user") for path in ABSENT),
    *(Route("DELETE", f"{USER}/{path}", "empty:refuse_of_user") for path in ABSENT[:2]),
    *(Route("GET", f"{USER}/{below}", "empty:list_of_user") for below in OF_USERS),
    *(Route("GET", f"/v3/{path}", "empty:index") for path in KINDS),
    *(Route(method, f"/v3/{path}/{{id}}", "empty:refuse") for path in KINDS for method in ("GET", "PATCH", "DELETE")),
    *(Route(method, "/v3" + path, NOT_SIMULATED) for methods, path in REFUSED for method in methods.split()),
]
for path in (scope + roles for scope in SCOPES for roles in ROLES):
    ROUTES += [
        Route("GET", path, "grants:index"),
        Route("PUT", path + "/{role_id}", "grants:create"),
        Route("GET", path + "/{role_id}", "grants:check"),
        Route("HEAD", path + "/{role_id}", "grants:check"),
        Route("DELETE", path + "/{role_id}", "grants:delete"),
    ]
for scope, roles in ((scope, roles) for scope in SCOPES[:2] for roles in ROLES):
    path = f"/v3/OS-INHERIT{scope.removeprefix('/v3')}{roles}"
    if scope == SCOPES[1]:
        ROUTES.append(Route("GET", f"{path}/inherited_to_projects", NOT_SIMULATED))
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        ROUTES.append(Route(method, f"{path}/{{role_id}}/inherited_to_projects", NOT_SIMULATED))
