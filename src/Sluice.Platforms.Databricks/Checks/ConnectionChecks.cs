using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Crawling;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Checks;

/// <summary>Checks what the service principal may do, by reading alone; in the order a person would mend it.</summary>
internal sealed class ConnectionChecks(
    DatabricksConnection connection,
    IntegrationSettings settings,
    UnityClient unity,
    ISqlEndpoint sql,
    Func<CancellationToken, Task<MetastoreAssignment>> assignment,
    UnityCatalogs catalogs,
    GroupChecks groups,
    LimitChecks limits,
    InstanceMark mark,
    DatabricksOptions options)
{
    private const int MostNamed = 20;

    /// <summary>What to do where the workspace takes the credentials for nobody's.</summary>
    public static string Remedy(DatabricksConnection connection) => connection.Client is null
        ? "The token must be one of this workspace, not expired and not revoked"
        : "See that clientId and clientSecret belong to a service principal of this workspace, and that authorityUrl is the authority that gives its tokens";

    /// <summary>Runs all checks.</summary>
    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        var (credentials, principal) = await CredentialsAsync(cancellationToken);
        checks.Add(credentials);
        if (credentials.Status == CheckStatus.Failed) return checks;

        checks.AddRange(await MetastoreAsync(cancellationToken));
        var compute = await new ComputeChecks(connection, unity, sql).RunAsync(cancellationToken);
        checks.AddRange(compute);
        var runsSql = compute.Any(c => c is { Name: ComputeChecks.Statement, Status: CheckStatus.Passed });
        var catalog = new CatalogChecks(unity, catalogs, settings, principal ?? connection.Client?.ClientId, mark, options);
        checks.AddRange(await Together(catalog.OwnAsync(cancellationToken), catalog.GovernedAsync(cancellationToken), groups.RunAsync(cancellationToken)));
        checks.AddRange(await new SystemTableChecks(sql, settings.IsAudited, principal ?? connection.Client?.ClientId).RunAsync(runsSql, cancellationToken));
        checks.AddRange(await limits.RunAsync(cancellationToken));
        return checks;
    }

    private static async Task<IEnumerable<Check>> Together(params Task<IReadOnlyList<Check>>[] parts) => (await Task.WhenAll(parts)).SelectMany(c => c);

    /// <summary>Who we are.</summary>
    private async Task<(Check Check, string? Principal)> CredentialsAsync(CancellationToken cancellationToken)
    {
        const string name = "credentials";
        try
        {
            var me = await unity.MeAsync(cancellationToken);
            var shown = me.DisplayName is { Length: > 0 } display && display != me.Name ? $"{me.Name} ({ForeignWords.Bounded(display)})" : me.Name;
            if (connection.Client is { } client && !me.Name.Equals(client.ClientId, StringComparison.OrdinalIgnoreCase))
            {
                return (
                    Verdicts.Failed(
                        name, $"They belong to {ForeignWords.Bounded(shown)}, and clientId is {client.ClientId}",
                        "Grants go to clientId: name the service principal there whose token the authority gives, or take another authorityUrl"),
                    null);
            }

            return (Verdicts.Passed(name, $"They belong to {ForeignWords.Bounded(shown)}"), me.Name);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.CredentialsRejected)
        {
            return (Verdicts.Failed(name, e.Message, Remedy(connection)), null);
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return (Verdicts.Of(name, e, CheckStatus.Warning, "Whose they are is not known, so that privileges can't be looked up"), null);
        }
    }

    private async Task<IReadOnlyList<Check>> MetastoreAsync(CancellationToken cancellationToken)
    {
        MetastoreAssignment assigned;
        try
        {
            assigned = await assignment(cancellationToken);
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return [Verdicts.Of("metastore", e, CheckStatus.Failed, "Assign a Unity Catalog metastore to the workspace")];
        }

        var checks = new List<Check> { Verdicts.Passed("metastore", $"Unity Catalog metastore {assigned.MetastoreId}") };
        if (Workspace(assigned) is { } workspace) checks.Add(workspace);
        return checks;
    }

    // A workspace tells its own assignment alone. Those of others are told by the account's API (api/uc-metastores/v1/list-metastore-assignments), at another
    // host and below an account id that no payload names.
    private Check? Workspace(MetastoreAssignment assigned)
    {
        const string name = "workspaceIds";
        if (connection.Compute.WorkspaceId is { } named and not "0" && assigned.WorkspaceId is { } ours && named != ours)
            return Verdicts.Failed("workspace", $"httpPath names workspace {named}, the host is {ours}", "Take host and httpPath from the same workspace");
        if (settings.WorkspaceIds is not { Count: > 0 } ids) return null;
        if (assigned.WorkspaceId is not { } id) return Verdicts.Skipped(name, "The workspace does not tell its id");
        if (!ids.Contains(id))
            return Verdicts.Failed(name, $"{id}, the workspace that is connected to, is not among them", "They are workspaces of this metastore: add the one that is connected to, or connect to one of them");
        return ids.Count == 1
            ? Verdicts.Passed(name, $"{id} is the workspace that is connected to")
            : new Check(
                name, CheckStatus.Skipped, $"{id} is the workspace that is connected to; not verified: {Named(ids.Where(i => i != id))}",
                $"A workspace does not tell which metastore another has. See in the account console that they have {assigned.MetastoreId}");
    }

    private static string Named(IEnumerable<string> ids)
    {
        var all = ids.ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "");
    }
}
