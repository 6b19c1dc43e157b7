using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Parses a statement, runs it under the account's lock and keeps what it answers.</summary>
internal static class StatementRunner
{
    public static StoredResult Run(SandboxRuntime runtime, QueryRun run, IReadOnlyList<string> binds, bool describeOnly = false)
    {
        var statement = StatementParser.Parse(new TokenReader(run.Sql, BoundTokens.Read(run.Sql, run.Session.Variables, binds, isQuery: false)));
        if (describeOnly && !statement.IsQuery) return Keep(runtime, Outcome.Done with { Rows = [] }, run);
        return runtime.Run(statement.Writes, () =>
        {
            var context = new StatementContext(runtime, run, binds);
            if (runtime.Kept.Find(run, context) is { } kept) return kept;
            // DDL commits what is open (https://docs.snowflake.com/en/sql-reference/transactions#ddl).
            if (statement.Commits) runtime.Engine.For(run.Session).Transact("COMMIT");
            var outcome = statement.Execute(context);
            var result = Keep(runtime, describeOnly ? outcome with { Rows = [] } : outcome, run);
            if (!describeOnly) runtime.Kept.Offer(run, context, result);
            return result;
        });
    }

    private static StoredResult Keep(SandboxRuntime runtime, Outcome outcome, QueryRun run) =>
        StoredResult.Write(outcome, runtime.Options.InlineBytes, runtime.Options.ChunkBytes, run.Cancellation);
}
