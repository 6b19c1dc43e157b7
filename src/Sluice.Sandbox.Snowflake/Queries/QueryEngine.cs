using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using DuckDB.NET.Data;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sessions;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// The embedded engine that holds rows and evaluates queries. It knows nothing of roles or names: queries reach it rewritten. Metadata
/// is fed to it row by row through table functions.
/// </summary>
internal sealed class QueryEngine : IDisposable
{
    private readonly DuckDBConnection root = new("DataSource=:memory:");
    private readonly ConcurrentDictionary<long, Feed> feeds = [];
    private readonly ConcurrentDictionary<long, OpenCall> calls = [];
    private readonly Dictionary<string, string> functions = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long lastFeed;

    public QueryEngine()
    {
        root.Open();
        // No extension is ever fetched: the sandbox reaches nothing but its caller.
        foreach (var statement in (string[])["SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false", "SET TimeZone = 'UTC'", .. EngineMacros.All])
        {
            using var command = root.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }

        root.RegisterScalarFunction<string, int, string>("~sha2", Digests.Sha2);
    }

    public EngineConnection For(Session session) => session.Engine ??= new(this, root.Duplicate());

    /// <summary>Makes rows readable in SQL, until the lease is disposed of.</summary>
    public FeedLease Lend(Feed feed)
    {
        var id = Interlocked.Increment(ref lastFeed);
        feeds[id] = feed;
        return new($"{FunctionFor(feed)}({id})", () => feeds.TryRemove(id, out _));
    }

    /// <summary>Leaves a call to be settled when the engine meets it.</summary>
    /// <param name="written">Each argument as the engine reads it.</param>
    /// <param name="settle">What stands for the call, by the types of its arguments and how they are written by then.</param>
    public OpenCall Leave(IReadOnlyList<string> written, Func<IReadOnlyList<SqlType?>, ImmutableArray<string>, string> settle)
    {
        // Not to be guessed: a statement that writes such a call itself must not have another one's settled for it.
        var id = RandomNumberGenerator.GetInt32(int.MaxValue) * (long)int.MaxValue + RandomNumberGenerator.GetInt32(int.MaxValue);
        return calls[id] = new(id, written, settle, () => calls.TryRemove(id, out _));
    }

    /// <summary>The query with the call settled that the engine's error is about, or null where it is about something else.</summary>
    public string? Settled(string sql, string problem) =>
        OpenCall.Read(problem) is { } refused && calls.TryGetValue(refused.Id, out var call) && call.Settle(sql, refused.Types) is var settled && settled != sql ? settled : null;

    public void Dispose() => root.Dispose();

    /// <summary>A table function's columns are fixed, so there is one for each list of columns ever asked for.</summary>
    private string FunctionFor(Feed feed)
    {
        var signature = string.Join('|', feed.Columns.Select(column => $"{column.Name}:{column.Type.Engine}"));
        lock (gate)
        {
            if (functions.TryGetValue(signature, out var known)) return known;
            var name = $"feed_{functions.Count}";
            ColumnInfo[] columns = [.. feed.Columns.Select(column => new ColumnInfo(column.Name, FeedValues.ClrType(column.Type)))];
            var writers = feed.Columns.Select(column => FeedValues.WriterFor(column.Type)).ToArray();
            root.RegisterTableFunction<long>(
                name,
                parameters => new TableFunction(columns, feeds[parameters[0].GetValue<long>()].Rows),
                (row, into, index) =>
                {
                    var values = (object?[])row!;
                    for (var i = 0; i < values.Length; i++)
                    {
                        if (values[i] is { } value) writers[i](into[i], value, index);
                        else into[i].WriteNull(index);
                    }
                });
            return functions[signature] = name;
        }
    }
}

/// <summary>Rows to be read by a query.</summary>
internal sealed record Feed(IReadOnlyList<ResultColumn> Columns, IEnumerable<object?[]> Rows);

/// <summary>How a query names lent rows, and the end of the loan.</summary>
internal sealed class FeedLease(string sql, Action end) : IDisposable
{
    public string Sql => sql;

    public void Dispose() => end();
}
