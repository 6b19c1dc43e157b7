using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>What stands between an INSERT's target and its query: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-dml-insert-into.</summary>
/// <param name="Columns">The columns listed; empty where none are.</param>
/// <param name="IsByName">Whether it says BY NAME.</param>
/// <param name="Query">The token that the query begins with.</param>
internal sealed record InsertHead(ImmutableArray<string> Columns, bool IsByName, int Query)
{
    /// <param name="tokens">The statement's.</param>
    /// <param name="at">The one after the target.</param>
    public static InsertHead Read(QueryTokens tokens, int at)
    {
        if (tokens[at].Is("BY") && tokens[at + 1].Is("NAME")) return new([], IsByName: true, at + 2);
        if (!tokens[at].IsSymbol("(") || tokens.IsQueryStart(at)) return new([], IsByName: false, at);
        var close = tokens.Close(at);
        return new([.. Enumerable.Range(at, close - at).Where(inner => tokens[inner].IsName).Select(inner => tokens[inner].Text)], IsByName: false, close + 1);
    }
}
