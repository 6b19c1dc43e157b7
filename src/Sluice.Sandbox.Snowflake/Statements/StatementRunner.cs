using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Scripting;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Parses a statement, runs it under the account's lock and keeps what it answers.</summary>
internal static class StatementRunner
{
    /// <param name="runtime">The sandbox.</param>
    /// <param name="run">The run.</param>
    /// <param name="binds">The values for ? and :1, as SQL constants.</param>
    /// <param name="describeOnly">True where the columns alone are wanted.</param>
    /// <param name="text">The statement, where it isn't as it was written: with binds in place of a script's variables.</param>
    public static StoredResult Run(SandboxRuntime runtime, QueryRun run, IReadOnlyList<string> binds, bool describeOnly = false, string? text = null)
    {
        var sql = text ?? run.Sql;
        var tokens = Tokenizer.Read(sql);
        if (Script.TryRead(sql, tokens, inScript: run.Caller is not null) is { } script) return describeOnly ? Keep(runtime, Outcome.Done with { Rows = [] }, run) : script.Run(runtime, run, binds);
        var statement = StatementParser.Parse(new TokenReader(sql, BoundTokens.Read(tokens, run.Session.Variables, binds, isQuery: false)));
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
