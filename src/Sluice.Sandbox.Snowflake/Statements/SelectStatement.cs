using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>A query.</summary>
internal sealed class SelectStatement(string sql) : Statement
{
    public override bool Writes => false;

    public override bool IsQuery => true;

    public static SelectStatement Read(TokenReader reader) => new(reader.ReadRest());

    public override Outcome Execute(StatementContext context)
    {
        var rewritten = SelectRewriter.Rewrite(context, sql);
        try
        {
            if (rewritten.Sources.Any) context.DemandWarehouse();
            var outcome = context.Runtime.Engine.For(context.Session).Query(rewritten.Sql, context.Run.Cancellation);
            return outcome with { Rows = Held(outcome.Rows, rewritten) };
        }
        catch
        {
            rewritten.Dispose();
            throw;
        }
    }

    private static IEnumerable<object?[]> Held(IEnumerable<object?[]> rows, RewrittenQuery rewritten)
    {
        using var _ = rewritten;
        foreach (var row in rows) yield return row;
    }
}
