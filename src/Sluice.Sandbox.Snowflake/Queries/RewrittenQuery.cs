namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>A query the engine understands, and what it reads from meanwhile.</summary>
internal sealed class RewrittenQuery(string sql, TableSources sources) : IDisposable
{
    public string Sql => sql;

    public TableSources Sources => sources;

    public void Dispose() => sources.Dispose();
}
