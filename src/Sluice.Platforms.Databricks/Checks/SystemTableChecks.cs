using Sluice.Platforms.Databricks.Setup;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Checks;

/// <summary>Checks that the system tables can be read: the information schema, and those of query audit where that is on.</summary>
internal sealed class SystemTableChecks(ISqlEndpoint sql, bool isAudited, string? principal)
{
    private const string Schema = "system.information_schema";

    public async Task<IReadOnlyList<Check>> RunAsync(bool runsSql, CancellationToken cancellationToken)
    {
        List<Task<Check>> checks =
        [
            TryAsync(
                Schema, $"SELECT 1 FROM {Schema}.catalogs LIMIT 1", runsSql,
                $"Tables are listed through REST instead, which is slower and without tags. Remedy: GRANT USE SCHEMA, SELECT ON SCHEMA {Schema} TO {Grantee}", cancellationToken),
            GuardsAsync(GuardRelation.Masks, runsSql, cancellationToken),
            GuardsAsync(GuardRelation.Filters, runsSql, cancellationToken),
        ];
        if (isAudited)
        {
            foreach (var (schema, table) in DocumentedPrivileges.SystemTables)
            {
                checks.Add(TryAsync(
                    $"SELECT on system.{schema}.{table}", $"SELECT 1 FROM system.{schema}.{table} LIMIT 1", runsSql,
                    $"Query audit lacks it. Remedy, as metastore and account admin: GRANT USE CATALOG ON CATALOG system TO {Grantee}; "
                    + $"GRANT USE SCHEMA ON SCHEMA system.{schema} TO {Grantee}; GRANT SELECT ON TABLE system.{schema}.{table} TO {Grantee}",
                    cancellationToken));
            }
        }

        return await Task.WhenAll(checks);
    }

    private string Grantee => principal is not null && Quote.NameProblem(principal) is null ? Quote.Identifier(principal) : "<service principal>";

    // Read as enforcement reads it, whichever columns it has: a row comes where that can't tell whose the function is.
    private Task<Check> GuardsAsync(GuardRelation relation, bool runsSql, CancellationToken cancellationToken) => TryAsync(
        relation.Name, $"SELECT {string.Join(", ", relation.Key)} FROM {relation} WHERE {GuardRelation.IsUnknown} LIMIT 1", runsSql,
        $"Where tables are masked or filtered, nothing can be planned without it. Remedy: GRANT USE SCHEMA, SELECT ON SCHEMA {Schema} TO {Grantee}", cancellationToken,
        mayHaveRows: false);

    private async Task<Check> TryAsync(string name, string statement, bool runsSql, string remedy, CancellationToken cancellationToken, bool mayHaveRows = true)
    {
        if (!runsSql) return Verdicts.Skipped(name, $"No statement could be run; {ComputeChecks.Statement} says why");
        try
        {
            var (rows, _) = await sql.ReadAsync(statement, cancellationToken);
            return mayHaveRows || rows.Count == 0
                ? Verdicts.Passed(name, "readable")
                : Verdicts.Warning(name, "names functions in a way that this version does not know", "Where tables are masked or filtered, nothing can be planned");
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return Verdicts.Of(name, e, CheckStatus.Warning, remedy);
        }
    }
}
