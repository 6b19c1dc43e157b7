using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Checks;

/// <summary>Checks what runs SQL: whether it is there, in what state it is, and whether it runs a statement.</summary>
internal sealed class ComputeChecks(DatabricksConnection connection, UnityClient unity, ISqlEndpoint sql)
{
    /// <summary>The check that a statement runs.</summary>
    public const string Statement = "SQL";

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellationToken)
    {
        var state = connection.Compute.IsCluster ? Cluster() : await WarehouseAsync(cancellationToken);
        return state.Status == CheckStatus.Failed
            ? [state, Verdicts.Skipped(Statement, $"There is no {connection.Compute.Shown} to run a statement on")]
            : [state, await StatementAsync(cancellationToken)];
    }

    private Check Cluster() => Verdicts.Warning(
        "compute",
        connection.Compute.Shown,
        "A cluster works, but it is slower, and must be running whenever Sluice crawls. A SQL warehouse is recommended: put its HTTP path into httpPath");

    private async Task<Check> WarehouseAsync(CancellationToken cancellationToken)
    {
        const string name = "warehouse";
        try
        {
            var warehouse = await unity.WarehouseAsync(connection.Compute.Id, cancellationToken);
            return Judge(name, warehouse);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
        {
            return Verdicts.Failed(name, e.Message, "Take httpPath from the connection details of a SQL warehouse of this workspace");
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return Verdicts.Of(name, e, CheckStatus.Warning, $"Its state is not known. Give the service principal CAN USE on {connection.Compute.Shown}");
        }
    }

    private Check Judge(string name, WarehouseEntry warehouse)
    {
        var shown = $"{ForeignWords.Bounded(warehouse.Name ?? connection.Compute.Id)}: {warehouse.State ?? "its state is not told"}";
        return warehouse.State switch
        {
            "DELETED" or "DELETING" => Verdicts.Failed(name, shown, "It is deleted; put the HTTP path of another one into httpPath"),
            _ when warehouse.Trouble is { } trouble => Verdicts.Warning(name, shown, trouble),
            "STOPPED" or "STOPPING" => Verdicts.Passed(name, $"{shown}; a statement starts it"),
            _ => Verdicts.Passed(name, shown),
        };
    }

    private async Task<Check> StatementAsync(CancellationToken cancellationToken)
    {
        try
        {
            await sql.ReadAsync("SELECT 1", cancellationToken);
            return Verdicts.Passed(Statement, $"A statement ran on {connection.Compute.Shown}");
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return Verdicts.Of(
                Statement, e, CheckStatus.Warning, "The crawl lists tables through REST instead, which is slower and without tags, and nothing can be enforced");
        }
    }
}
