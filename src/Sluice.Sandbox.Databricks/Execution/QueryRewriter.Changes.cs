using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>SET of UPDATE and MERGE, whose columns may be qualified by the target: https://docs.databricks.com/aws/en/sql/language-manual/delta-merge-into.</summary>
internal sealed partial class QueryRewriter
{
    private void Merge(int from, ImmutableArray<string> target)
    {
        var source = tokens.Outside(from, tokens.Length, at => tokens[at].Is("USING"));
        var on = source < 0 ? -1 : tokens.Outside(source, tokens.Length, at => tokens[at].Is("ON"));
        if (on < 0) throw SqlException.Syntax("end of input", text.Length);
        Region(from, source + 1, [], isFrom: false);
        Region(source + 1, on, [], isFrom: true);
        Setting(on, target);
    }

    /// <summary>From here to the end: whatever is set is a column of the target, and the engine takes it by its name alone.</summary>
    private void Setting(int from, ImmutableArray<string> target)
    {
        while (tokens.Outside(from, tokens.Length, at => tokens[at].Is("SET")) is >= 0 and var set)
        {
            Region(from, set + 1, [], isFrom: false);
            from = tokens.Outside(set + 1, tokens.Length, EndsSet) is >= 0 and var end ? end : tokens.Length;
            for (var at = set + 1; at < from;)
            {
                var comma = tokens.Outside(at, from, inner => tokens[inner].IsSymbol(","));
                Assigned(at, comma < 0 ? from : comma, target);
                if (comma < 0) break;
                at = Written(",", comma + 1);
            }
        }

        Region(from, tokens.Length, [], isFrom: false);
    }

    private void Assigned(int start, int end, ImmutableArray<string> target)
    {
        if (tokens[start].IsName && tokens.Chain(start) is { Name: { Length: > 1 } name } column && IsOf(target, name.Parts[..^1]))
        {
            Write(EngineQuoting.Identifier(name.Last));
            start = column.After;
        }

        Region(start, end, [], isFrom: false);
    }

    private bool EndsSet(int at) => tokens[at].Is("WHERE") || (tokens[at].Is("WHEN") && (tokens[at + 1].Is("MATCHED") || (tokens[at + 1].Is("NOT") && tokens[at + 2].Is("MATCHED"))));

    private static bool IsOf(ImmutableArray<string> target, ImmutableArray<string> qualifier) =>
        qualifier.Length <= target.Length && target[^qualifier.Length..].SequenceEqual(qualifier, StringComparer.OrdinalIgnoreCase);
}
