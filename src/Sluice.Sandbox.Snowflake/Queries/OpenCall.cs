using System.Collections.Immutable;
using System.Globalization;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// A call whose overload is known only once the engine has told the types of its arguments. Until then it is written as a call that
/// the engine refuses, and says the types it was given.
/// </summary>
/// <param name="id">Which call it is.</param>
/// <param name="written">Each argument as the engine reads it.</param>
/// <param name="settle">What stands for the call, by the types of its arguments and how they are written by then.</param>
/// <param name="end">Forgets the call.</param>
internal sealed class OpenCall(long id, IReadOnlyList<string> written, Func<IReadOnlyList<SqlType?>, ImmutableArray<string>, string> settle, Action end) : IDisposable
{
    // A function that takes no argument: the first one tells which call is refused.
    private const string Refused = "pi";

    public string Sql => $"{Begin(id)}{string.Join(", ", written)})";

    public void Dispose() => end();

    /// <summary>Which call the engine refuses, and the types of its arguments.</summary>
    public static (long Id, ImmutableArray<SqlType?> Types)? Read(string problem)
    {
        const string Head = $"argument types '{Refused}(STRUCT(c";
        var at = problem.IndexOf(Head, StringComparison.Ordinal);
        if (at < 0) return null;
        var rest = problem[(at + Head.Length)..];
        var space = rest.IndexOf(' ', StringComparison.Ordinal);
        var last = rest.IndexOf(")'", StringComparison.Ordinal);
        if (space < 0 || last < space || !long.TryParse(rest[..space], CultureInfo.InvariantCulture, out var id)) return null;
        return (id, [.. Nesting.Split(rest[space..last], 1).Skip(1).Select(type => EngineTypes.Named(type.Trim()))]);
    }

    /// <summary>The query with the call settled, wherever it stands in it.</summary>
    public string Settle(string sql, IReadOnlyList<SqlType?> types)
    {
        while (sql.IndexOf(Begin(id), StringComparison.Ordinal) is >= 0 and var start)
        {
            var close = Nesting.Close(sql, start + Refused.Length);
            var call = sql[start..(close + 1)];
            sql = sql.Replace(call, settle(types, [.. Nesting.Split(call[Begin(id).Length..^1], 0)]), StringComparison.Ordinal);
        }

        return sql;
    }

    private static string Begin(long id) => string.Create(CultureInfo.InvariantCulture, $"{Refused}({{'c{id}': 1}}, ");
}
