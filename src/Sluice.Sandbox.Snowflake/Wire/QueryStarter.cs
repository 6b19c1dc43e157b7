using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sessions;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>Begins the run of a request's statement or statements.</summary>
internal sealed class QueryStarter(SandboxRuntime runtime)
{
    public QueryRun Start(Session session, JsonObject body, TimeSpan slow)
    {
        var sql = body["sqlText"]?.ToString() ?? "";
        var parameters = body["parameters"] as JsonObject;
        var describeOnly = body["describeOnly"] is JsonValue flag && flag.TryGetValue<bool>(out var only) && only;
        var statements = Split(sql, session, parameters, out var problem);
        var tag = parameters?["QUERY_TAG"]?.ToString() ?? session.Parameters.QueryTag;
        var run = NewRun(session, sql, statements.Count == 1 ? statements[0].Kind : statements.Count == 0 ? "EMPTY" : "MULTIPLE", tag);
        run.Work = Task.Run(async () =>
        {
            try
            {
                if (slow > TimeSpan.Zero) await Task.Delay(slow, runtime.Options.Clock, run.Cancellation);
                if (problem is not null) throw problem;
                var binds = BindValues.Read(body["bindings"] as JsonObject, statements[0].Kind);
                run.Result = statements.Count == 1 ? RunOne(run, binds, describeOnly) : RunAll(run, statements, tag, binds.Count > 0 ? binds[0] : []);
            }
            catch (SnowflakeException failure)
            {
                run.Failure = failure;
            }
            catch (OperationCanceledException)
            {
                run.Failure = EngineErrors.Cancelled();
            }
            catch (Exception failure)
            {
                // A mistake of the sandbox is answered as one: a driver must not wait for a run that died.
                run.Failure = new("370001", "XX000", $"Internal error: {failure.GetType().Name}: {failure.Message}");
            }
            finally
            {
                run.Ended = runtime.Options.Clock.GetUtcNow();
            }
        });
        return run;
    }

    private QueryRun NewRun(Session session, string sql, string kind, string tag, string? parentId = null)
    {
        var run = new QueryRun(runtime.Log.NextId(), session, sql, kind, runtime.Options.Clock.GetUtcNow()) { Tag = tag, ParentId = parentId };
        runtime.Log.Add(run);
        session.Remember(run);
        return run;
    }

    private static IReadOnlyList<StatementText> Split(string sql, Session session, JsonObject? parameters, out SnowflakeException? problem)
    {
        problem = null;
        try
        {
            IReadOnlyList<StatementText> statements = StatementText.Split(sql);
            var wanted = (parameters?["MULTI_STATEMENT_COUNT"] ?? session.Parameters.Get("MULTI_STATEMENT_COUNT"))?.ToString();
            if (statements.Count == 0) problem = SnowflakeException.Empty();
            else if (wanted is not (null or "0") && wanted != statements.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                problem = new("000008", "0A000", $"Actual statement count {statements.Count} did not match the desired statement count {wanted}.");
            }

            return statements;
        }
        catch (SnowflakeException unreadable)
        {
            problem = unreadable;
            return [];
        }
    }

    private StoredResult RunOne(QueryRun run, List<List<string>> binds, bool describeOnly)
    {
        if (binds.Count <= 1) return StatementRunner.Run(runtime, run, binds.Count == 0 ? [] : binds[0], describeOnly);
        // Array binding: the statement runs once for each row, and the counts add up.
        var total = 0L;
        StoredResult? last = null;
        foreach (var row in binds)
        {
            last?.Dispose();
            last = StatementRunner.Run(runtime, run, row);
            total += last.Rows().First()[0] as long? ?? 0;
        }

        var outcome = new Outcome(last!.Columns, [[total, .. Enumerable.Repeat((object)0L, last.Columns.Count - 1)]]) { StatementType = last.StatementType };
        last.Dispose();
        return StoredResult.Write(outcome, runtime.Options.InlineBytes, runtime.Options.ChunkBytes, run.Cancellation);
    }

    private StoredResult RunAll(QueryRun run, IReadOnlyList<StatementText> statements, string tag, List<string> binds)
    {
        List<QueryRun> parts = [];
        var taken = 0;
        foreach (var statement in statements)
        {
            var part = NewRun(run.Session, statement.Text, statement.Kind, tag, run.Id);
            parts.Add(part);
            try
            {
                var count = Tokenizer.Read(statement.Text).Count(token => token is { Kind: TokenKind.Bind, Value: "" });
                part.Result = StatementRunner.Run(runtime, part, [.. binds.Skip(taken).Take(count)]);
                taken += count;
            }
            catch (SnowflakeException failure)
            {
                part.Failure = failure;
                throw;
            }
            finally
            {
                part.Ended = runtime.Options.Clock.GetUtcNow();
            }
        }

        run.Parts = parts;
        var outcome = new Outcome([ResultColumn.Text("multiple statement execution")], [["Multiple statements executed successfully."]]) { StatementType = StatementTypes.Multi };
        return StoredResult.Write(outcome, runtime.Options.InlineBytes, runtime.Options.ChunkBytes, run.Cancellation);
    }
}
