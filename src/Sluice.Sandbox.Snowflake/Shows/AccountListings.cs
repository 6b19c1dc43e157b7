using System.Globalization;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Statements;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>SHOW for what lies directly in the account.</summary>
internal static class AccountListings
{
    public static Listing Roles(StatementContext context)
    {
        var direct = context.Session.User.Roles.Select(grant => grant.Role).ToHashSet();
        var reached = Access.Closure(direct);
        return new(
            [
                Instant("created_on"), Text("name"), Text("is_default"), Text("is_current"), Text("is_inherited"), Number("assigned_to_users"), Number("granted_to_roles"),
                Number("granted_roles"), Text("owner"), Text("comment"),
            ],
            1,
            context.Account.Roles.Values.Where(role => context.Access.Sees(role)).Select(role => (object?[])
            [
                role.CreatedOn, role.Name, Flag(context.Session.User.DefaultRole == role.Name), Flag(context.Session.Role == role),
                Flag(reached.Contains(role) && !direct.Contains(role)), (long)context.Account.Users.Values.Count(user => user.Roles.Any(grant => grant.Role == role)),
                (long)context.Account.AllRoles.Count(other => other.Granted.Any(grant => grant.Role == role)), (long)role.Granted.Count, role.Owner?.Name ?? "", role.Comment ?? "",
            ]));
    }

    public static Listing DatabaseRoles(StatementContext context, DatabaseState database) => new(
        [
            Instant("created_on"), Text("name"), Text("is_default"), Text("is_current"), Text("is_inherited"), Number("granted_to_roles"), Number("granted_to_database_roles"),
            Number("granted_database_roles"), Text("owner"), Text("comment"), Text("owner_role_type"),
        ],
        1,
        database.Roles.Values.Select(role => (object?[])
        [
            role.CreatedOn, role.Name, "N", "N", Flag(context.Access.Active.Contains(role)),
            (long)context.Account.Roles.Values.Count(other => other.Granted.Any(grant => grant.Role == role)),
            (long)database.Roles.Values.Count(other => other.Granted.Any(grant => grant.Role == role)), (long)role.Granted.Count, role.Owner?.Name ?? "", role.Comment ?? "",
            ContainerListings.OwnerType(role),
        ]));

    public static Listing Users(StatementContext context, bool terse)
    {
        var seen = context.Account.Users.Values.Where(user => context.Access.Sees(user) || user == context.Session.User);
        if (terse)
        {
            return new([Text("name"), Instant("created_on"), Text("display_name"), Text("first_name"), Text("last_name"), Text("email"), Text("org_identity"), Text("comment"), Text("has_password"), Text("has_rsa_public_key")], 0,
                seen.Select(user => (object?[])[user.Name, user.CreatedOn, user.Name, "", "", user.Email ?? "", "", user.Comment ?? "", Flagged(user.Password is not null), Flagged(user.PublicKey is not null)]));
        }

        return new(
            [
                Text("name"), Instant("created_on"), Text("login_name"), Text("display_name"), Text("first_name"), Text("last_name"), Text("email"), Text("mins_to_unlock"),
                Text("days_to_expiry"), Text("comment"), Text("disabled"), Text("must_change_password"), Text("snowflake_lock"), Text("default_warehouse"), Text("default_namespace"),
                Text("default_role"), Text("default_secondary_roles"), Text("ext_authn_duo"), Text("ext_authn_uid"), Text("mins_to_bypass_mfa"), Text("owner"),
                Instant("last_success_login"), Instant("expires_at_time"), Instant("locked_until_time"), Text("has_password"), Text("has_rsa_public_key"), Text("type"), Text("has_mfa"),
            ],
            0,
            seen.Select(user => (object?[])
            [
                user.Name, user.CreatedOn, user.LoginName, user.Name, "", "", user.Email ?? "", "", "", user.Comment ?? "", Flagged(user.Disabled), "false", "false",
                user.DefaultWarehouse ?? "", user.DefaultNamespace ?? "", user.DefaultRole ?? "", user.SecondaryRolesAll ? "[\"ALL\"]" : "[]", "false", "", "", user.Owner?.Name ?? "",
                user.LastLogin, null, null, Flagged(user.Password is not null), Flagged(user.PublicKey is not null), user.Type, "false",
            ]));
    }

    public static Listing Warehouses(StatementContext context) => new(
        [
            Text("name"), Text("state"), Text("type"), Text("size"), Number("min_cluster_count"), Number("max_cluster_count"), Number("started_clusters"), Number("running"),
            Number("queued"), Text("is_default"), Text("is_current"), Number("auto_suspend"), Text("auto_resume"), Text("available"), Text("provisioning"), Text("quiescing"),
            Text("other"), Instant("created_on"), Instant("resumed_on"), Instant("updated_on"), Text("owner"), Text("comment"), Text("enable_query_acceleration"),
            Number("query_acceleration_max_scale_factor"), Text("resource_monitor"), Text("actives"), Text("pendings"), Text("failed"), Text("suspended"), Text("uuid"),
            Text("scaling_policy"), Text("budget"), Text("owner_role_type"), Text("resource_constraint"),
        ],
        0,
        context.Account.Warehouses.Values.Where(warehouse => context.Access.Sees(warehouse)).Select(warehouse => (object?[])
        [
            warehouse.Name, warehouse.Suspended ? "SUSPENDED" : "STARTED", "STANDARD", warehouse.Size, 1L, 1L, warehouse.Suspended ? 0L : 1L, 0L, 0L,
            Flag(context.Session.User.DefaultWarehouse == warehouse.Name), Flag(context.Session.Warehouse == warehouse), 600L, Flagged(warehouse.ResumesItself), "", "", "", "", warehouse.CreatedOn,
            warehouse.LastAltered, warehouse.LastAltered, warehouse.Owner?.Name ?? "", warehouse.Comment ?? "", "false", 8L, "null", "0", "0", "0",
            warehouse.Suspended ? "1" : "0", warehouse.Id.ToString(CultureInfo.InvariantCulture), "STANDARD", null, ContainerListings.OwnerType(warehouse), null,
        ]));

    public static Listing Integrations(StatementContext context) => new(
        [Text("name"), Text("type"), Text("category"), Text("enabled"), Text("comment"), Instant("created_on")],
        0,
        context.Account.Integrations.Values.Where(integration => context.Access.Sees(integration)).Select(integration => (object?[])
            [integration.Name, integration.Type, integration.Category, Flagged(integration.Enabled), integration.Comment, integration.CreatedOn]));

    public static Listing NetworkPolicies(StatementContext context) => new(
        [
            Instant("created_on"), Text("name"), Text("comment"), Number("entries_in_allowed_ip_list"), Number("entries_in_blocked_ip_list"),
            Number("entries_in_allowed_network_rules"), Number("entries_in_blocked_network_rules"),
        ],
        1,
        context.Account.NetworkPolicies.Values.Where(policy => context.Access.Sees(policy)).Select(policy => (object?[])
            [policy.CreatedOn, policy.Name, policy.Comment ?? "", Entries(policy, "ALLOWED_IP_LIST"), Entries(policy, "BLOCKED_IP_LIST"), 0L, 0L]));

    private static long Entries(NetworkPolicyState policy, string option) => policy.Options.GetValueOrDefault(option, "").Split(',', StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Flag(bool value) => value ? "Y" : "N";

    private static string Flagged(bool value) => value ? "true" : "false";
}
