using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Crawling;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Setup;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Checks;

/// <summary>Reads what the checks judge. What is refused is a fact too; what can pass ends the reading.</summary>
internal sealed class AccountReader(IntegrationSettings settings, SnowflakeName warehouse, SnowflakeOptions options)
{
    // Roles may be granted to roles without end; whoever has more of them has what a crawl needs in the first ones.
    private const int MostRoles = 32;

    /// <summary>Reads under the connection's role.</summary>
    public async Task<CrawlerFacts> CrawlerAsync(StatementClient statements, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(statements, cancellationToken);
        var seen = WarehouseAsync(statements, cancellationToken);
        var grants = GrantsAsync(statements, cancellationToken);
        var listed = new CatalogReader(statements, options).DatabasesAsync(null, cancellationToken);
        await Task.WhenAll(seen, grants, listed);
        var databases = await listed;
        var probed = databases.FirstOrDefault(d => DatabaseKinds.LeftOut(d, settings.DatabaseName.Text) is null);
        var refusal = probed is null ? null : await RefusalAsync(statements, ProbeOf(probed.Name), cancellationToken);
        return new CrawlerFacts
        {
            Session = session,
            Warehouse = await seen,
            WarehouseRefusal = SnowflakeCodes.IsOfWarehouse(refusal?.Code) ? refusal!.Message : null,
            Databases = databases,
            Grants = await grants,
        };
    }

    /// <summary>Reads under the system role.</summary>
    public async Task<SystemFacts> SystemAsync(StatementClient statements, bool needsViews, CancellationToken cancellationToken)
    {
        try
        {
            await SessionAsync(statements, cancellationToken);
        }
        catch (PlatformException e) when (!e.IsTransient && e.Failure != PlatformFailure.EgressDenied)
        {
            return new SystemFacts { Refusal = e };
        }

        var grants = GrantsAsync(statements, cancellationToken);
        var comment = RoleCommentAsync(statements, cancellationToken);
        var policies = RefusalAsync(
            statements, new Statement($"SHOW MASKING POLICIES IN SCHEMA {Quote.Path(settings.DatabaseName.Text, DatabaseLayout.PolicySchema)}"), cancellationToken);
        var views = needsViews
            ? RefusalAsync(statements, new Statement("SELECT TAG_NAME FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES LIMIT 1"), cancellationToken)
            : Task.FromResult<PlatformException?>(null);
        var userGrants = RefusalAsync(statements, new Statement("SELECT NAME FROM SNOWFLAKE.ACCOUNT_USAGE.GRANTS_TO_ROLES LIMIT 1"), cancellationToken);
        var databases = new CatalogReader(statements, options).DatabasesAsync(settings.DatabaseName.Text, cancellationToken);
        await Task.WhenAll(grants, comment, policies, views, userGrants, databases);
        return new SystemFacts
        {
            RoleComment = await comment,
            Grants = await grants,
            Database = (await databases).FirstOrDefault(),
            PoliciesRefusal = await policies,
            ViewsRefusal = await views,
            UserGrantsRefusal = await userGrants,
        };
    }

    private static Statement ProbeOf(string database) => new($"SELECT COUNT(*) FROM {Quote.Identifier(database)}.INFORMATION_SCHEMA.SCHEMATA");

    private static async Task<SessionRow> SessionAsync(StatementClient statements, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(
            new Statement("SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_VERSION()"), cancellationToken);
        await foreach (var row in result.RowsAsync(cancellationToken)) return new SessionRow(row[0] ?? "", row[1], row[2], row[3] ?? "");
        throw Envelope.NotSnowflake("a query");
    }

    // The pattern may fit other names too, for an underscore fits any character.
    private async Task<WarehouseRow?> WarehouseAsync(StatementClient statements, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW WAREHOUSES LIKE {Quote.Literal(warehouse.Text)}"), cancellationToken);
        var (name, state, resumes) = (result.Column("name"), result.Column("state"), result.Column("auto_resume"));
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (row[name] == warehouse.Text) return new WarehouseRow(warehouse.Text, row[state] ?? "", TableKinds.IsYes(row[resumes]));
        }

        return null;
    }

    private static async Task<string?> RoleCommentAsync(StatementClient statements, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW ROLES STARTS WITH {Quote.Literal(statements.Role.Text)}"), cancellationToken);
        var (name, comment) = (result.Column("name"), result.Column("comment"));
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (row[name] == statements.Role.Text) return row[comment] ?? "";
        }

        return null;
    }

    /// <summary>What the role has, by itself and by the roles it has.</summary>
    private static async Task<RoleGrants> GrantsAsync(StatementClient statements, CancellationToken cancellationToken)
    {
        var grants = new List<GrantRow>();
        var asked = new HashSet<string>(StringComparer.Ordinal) { statements.Role.Quoted };
        var roles = new Queue<string>(asked);
        while (roles.TryDequeue(out var role))
        {
            try
            {
                using var result = await statements.RunAsync(new Statement($"SHOW GRANTS TO ROLE {role}"), cancellationToken);
                var (privilege, on, name) = (result.Column("privilege"), result.Column("granted_on"), result.Column("name"));
                await foreach (var row in result.RowsAsync(cancellationToken))
                {
                    var grant = new GrantRow(row[privilege] ?? "", (row[on] ?? "").Replace('_', ' '), row[name] ?? "");
                    grants.Add(grant);
                    if (grant is { On: "ROLE", Privilege: "USAGE" } && asked.Count < MostRoles && RoleOf(grant.Name) is { } inherited && asked.Add(inherited))
                        roles.Enqueue(inherited);
                }
            }
            catch (PlatformException e) when (!e.IsTransient)
            {
                // Of a role that it has, the role itself is told; without its own list nothing is known.
                if (role == statements.Role.Quoted) return new RoleGrants([], e.Message);
            }
        }

        return new RoleGrants(grants);
    }

    private static string? RoleOf(string shown) => SnowflakeName.Parse(shown, out _)?.Quoted;

    private static async Task<PlatformException?> RefusalAsync(StatementClient statements, Statement statement, CancellationToken cancellationToken)
    {
        try
        {
            using var result = await statements.RunAsync(statement, cancellationToken);
            return null;
        }
        catch (PlatformException e) when ((!e.IsTransient && e.Failure != PlatformFailure.EgressDenied) || SnowflakeCodes.IsOfWarehouse(e.Code))
        {
            return e;
        }
    }
}
