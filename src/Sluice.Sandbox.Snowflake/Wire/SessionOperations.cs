using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Identity;
using Sluice.Sandbox.Snowflake.Sessions;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>Login, renewal, heartbeat and logout.</summary>
internal sealed class SessionOperations(SandboxRuntime runtime)
{
    public async Task<Answer> LoginAsync(HttpRequest request, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            var data = body["data"] as JsonObject ?? throw new SnowflakeException("390100", "08001", "Incorrect username or password was specified.");
            var login = await runtime.Logins.CheckAsync(data, cancellationToken);
            return runtime.Run(writes: false, () => Open(request, data, login));
        }
        catch (SnowflakeException problem)
        {
            return Answers.Error(problem, queryId: null);
        }
    }

    public Answer Renew(HttpRequest request)
    {
        var ticket = runtime.Sessions.Renew(Authorization(request));
        return Answers.Success(new JsonObject
        {
            ["sessionToken"] = ticket.Token,
            ["validityInSecondsST"] = (long)runtime.Sessions.SessionLifetime.TotalSeconds,
            ["masterToken"] = ticket.MasterToken,
            ["validityInSecondsMT"] = (long)runtime.Sessions.MasterLifetime.TotalSeconds,
            ["sessionId"] = ticket.Session.Id,
        });
    }

    public Answer Heartbeat(HttpRequest request)
    {
        runtime.Sessions.Find(Authorization(request));
        runtime.Sessions.Touch(Authorization(request));
        return Answers.Success(null);
    }

    public Answer Close(HttpRequest request)
    {
        runtime.Sessions.Close(runtime.Sessions.Find(Authorization(request)));
        return Answers.Success(null);
    }

    public static string Authorization(HttpRequest request) => request.Headers.Authorization.ToString();

    private Answer Open(HttpRequest request, JsonObject data, Login login)
    {
        var account = runtime.Account;
        var session = new Session(runtime.Sessions.NextId(), account, login.User, RoleOf(request, login)) { MaySwitchRole = login.Roles is null, BlockedRoles = login.Blocked, AuthenticatedBy = login.Method };
        // A token that names roles has no secondary ones beside them.
        if (login.Roles is not null) session.SecondaryRolesAll = false;
        if (data["SESSION_PARAMETERS"] is JsonObject parameters)
        {
            foreach (var (key, value) in parameters)
            {
                if (value is JsonValue plain) session.Parameters.Set(key, (JsonValue)plain.DeepClone());
            }
        }

        var access = session.Access();
        // What a connect string names and the role can't use is left out, without an error.
        if ((Named(request, "warehouse") ?? login.User.DefaultWarehouse) is { } warehouse && account.Warehouses.TryGetValue(warehouse, out var found) && access.Sees(found)) session.Warehouse = found;
        if (Named(request, "databaseName") is { } database && account.Databases.TryGetValue(database, out var opened) && access.Sees(opened))
        {
            session.Database = opened;
            session.Schema = opened.Schemas.TryGetValue(Named(request, "schemaName") ?? "PUBLIC", out var schema) && access.Sees(schema) ? schema : null;
        }

        login.User.LastLogin = runtime.Options.Clock.GetUtcNow();
        var ticket = runtime.Sessions.Open(session);
        return Answers.Success(Describe(session, ticket));
    }

    private RoleState RoleOf(HttpRequest request, Login login)
    {
        var account = runtime.Account;
        var asked = Named(request, "roleName");
        var held = Access.Closure(login.User.Roles.Select(grant => grant.Role).Append(account.Public));
        var preferred = login.User.DefaultRole is { } name && account.Roles.TryGetValue(name, out var found) && held.Contains(found) ? found : null;
        if (login.Method == "OAUTH_ACCESS_TOKEN")
        {
            var wanted = asked ?? preferred?.Name;
            if (asked is null && login.Roles is { } named && (wanted is null || !named.Contains(wanted))) wanted = named.Count > 0 ? named[0] : wanted;
            wanted ??= account.Public.Name;
            var isAllowed = !login.Blocked.Contains(wanted) && (login.Roles is null || login.Roles.Contains(wanted));
            return isAllowed && account.Roles.TryGetValue(wanted, out var permitted) && held.Contains(permitted) ? permitted : throw new SnowflakeException(
                "390317", "08001", $"The role requested in the connection, or the default role if none was requested in the connection ('{wanted}'), is not listed in the Access Token or was filtered. Please specify another role, or contact your OAuth Authorization server administrator.");
        }

        if (asked is null) return preferred ?? account.Public;
        return account.Roles.TryGetValue(asked, out var role) && held.Contains(role)
            ? role
            : throw new SnowflakeException(
                "390189", "08001", $"Role '{asked}' specified in the connect string is not granted to this user. Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.");
    }

    /// <summary>A name in the connect string: quoted or not, as in SQL.</summary>
    private static string? Named(HttpRequest request, string key) => request.Query[key].ToString() is { Length: > 0 } text ? ObjectName.Parse(text).Name : null;

    private JsonObject Describe(Session session, Ticket ticket) => new()
    {
        ["masterToken"] = ticket.MasterToken,
        ["token"] = ticket.Token,
        ["validityInSeconds"] = (long)runtime.Sessions.SessionLifetime.TotalSeconds,
        ["masterValidityInSeconds"] = (long)runtime.Sessions.MasterLifetime.TotalSeconds,
        ["displayUserName"] = session.User.Name,
        ["serverVersion"] = "9.36.1",
        ["firstLogin"] = false,
        ["remMeToken"] = null,
        ["remMeValidityInSeconds"] = 0,
        ["healthCheckInterval"] = 45,
        ["newClientForUpgrade"] = null,
        ["sessionId"] = session.Id,
        ["parameters"] = session.Parameters.ToJson(),
        ["sessionInfo"] = new JsonObject
        {
            ["databaseName"] = session.Database?.Name, ["schemaName"] = session.Schema?.Name, ["warehouseName"] = session.Warehouse?.Name, ["roleName"] = session.Role.Name,
        },
        ["idToken"] = null,
        ["idTokenValidityInSeconds"] = 0,
        ["responseData"] = null,
        ["mfaToken"] = null,
        ["mfaTokenValidityInSeconds"] = 0,
    };
}
