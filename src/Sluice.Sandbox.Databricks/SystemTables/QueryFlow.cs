using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.SystemTables;

using Tables = ImmutableDictionary<string, IReadOnlyList<FlowColumn>>;

/// <summary>
/// Of which columns a query's columns are made, read off its tokens once it has run. What a function of users makes of a column counts for
/// none: https://docs.databricks.com/aws/en/data-governance/unity-catalog/data-lineage#lineage-limitations.
/// </summary>
internal sealed class QueryFlow(QueryTokens tokens, FlowNames names)
{
    public static readonly Tables NoTables = Tables.Empty.WithComparers(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every column that was named, whatever came of it.</summary>
    public HashSet<FlowSource> Seen { get; } = [];

    /// <summary>The columns of the query between two tokens, in their order.</summary>
    public IReadOnlyList<FlowColumn> Query(int start, int end, Tables tables, FlowScope? around)
    {
        while (start < end && tokens[start].IsSymbol("(") && tokens.Close(start) == end - 1) (start, end) = (start + 1, end - 1);
        if (start < end && tokens[start].Is("WITH")) return With(start + 1, end, tables, around);
        IReadOnlyList<FlowColumn>? columns = null;
        for (var adds = true; start < end;)
        {
            var cut = tokens.Outside(start, end, IsSetOperator);
            var to = cut < 0 ? end : cut;
            var branch = tokens[start].IsSymbol("(") ? Query(start, tokens.Close(start) + 1, tables, around) : Branch(start, to, tables, around);
            // EXCEPT and INTERSECT answer rows of the query before them.
            columns = columns is null ? branch : adds ? Merged(columns, branch) : columns;
            if (cut < 0) break;
            adds = tokens[cut].Is("UNION");
            start = tokens[cut + 1].Is("ALL") || tokens[cut + 1].Is("DISTINCT") ? cut + 2 : cut + 1;
        }

        return columns ?? [];
    }

    /// <summary>The relations from a token after FROM or USING on.</summary>
    public ImmutableArray<FlowRelation> Relations(int start, int end, Tables tables, FlowScope? around)
    {
        var found = ImmutableArray.CreateBuilder<FlowRelation>();
        List<(int Start, int End)> conditions = [];
        var expects = true;
        for (var at = start; at < end;)
        {
            if (expects && tokens[at].IsSymbol("(") && !tokens.IsQueryStart(at + 1))
            {
                found.AddRange(Relations(at + 1, tokens.Close(at), tables, around));
                (at, expects) = (tokens.Close(at) + 1, false);
            }
            else if (expects && !tokens[at].Is("LATERAL"))
            {
                (var relation, at) = Relation(at, end, tables, around);
                found.Add(relation);
                expects = false;
            }
            else if (tokens[at].Is("USING") && at + 1 < end && tokens[at + 1].IsSymbol("(") && found.Count > 0)
            {
                found[^1] = found[^1] with { Joined = Names(at + 1) };
                Seen.UnionWith(found.SelectMany(relation => relation.Columns).Where(column => found[^1].Joined.Any(column.IsNamed)).SelectMany(column => column.From));
                at = tokens.Close(at + 1) + 1;
            }
            else if (tokens[at].Is("ON"))
            {
                var next = tokens.Outside(at, end, at => tokens[at].Is("JOIN") || tokens[at].IsSymbol(","));
                conditions.Add((at + 1, next < 0 ? end : next));
                at = conditions[^1].End;
            }
            else
            {
                expects |= tokens[at].Is("JOIN") || tokens[at].IsSymbol(",");
                at = tokens[at].IsSymbol("(") ? tokens.Close(at) + 1 : at + 1;
            }
        }

        var relations = found.ToImmutable();
        foreach (var (from, to) in conditions) Expression(from, to, tables, new(relations, around));
        return relations;
    }

    /// <summary>The columns that an expression is made of.</summary>
    public ImmutableHashSet<FlowSource> Expression(int start, int end, Tables tables, FlowScope scope)
    {
        var found = ImmutableHashSet.CreateBuilder<FlowSource>();
        for (var at = start; at < end;)
        {
            if (tokens[at].IsSymbol("(") && tokens.IsQueryStart(at + 1))
            {
                found.UnionWith(Query(at + 1, tokens.Close(at), tables, scope).SelectMany(column => column.From));
                at = tokens.Close(at) + 1;
            }
            else if (tokens[at].Is("AS") || tokens[at].IsSymbol("::") || tokens[at].IsSymbol("."))
            {
                // A type, or a field of what stands before it.
                at += 2;
            }
            else if (tokens[at].IsName)
            {
                var (name, after) = tokens.Chain(at);
                var isCall = after < end && tokens[after].IsSymbol("(");
                if (!isCall) found.UnionWith(scope.Find(name.Parts.AsSpan()));
                at = after;
                if (!isCall || !names.IsFunction(name)) continue;
                at = tokens.Close(after) + 1;
                Expression(after + 1, at - 1, tables, scope);
            }
            else
            {
                at++;
            }
        }

        Seen.UnionWith(found);
        return found.ToImmutable();
    }

    /// <summary>The names in parentheses.</summary>
    public ImmutableArray<string> Names(int open) =>
        [.. Parts(open + 1, tokens.Close(open)).Where(part => part.Start < part.End).Select(part => tokens.Chain(part.Start).Name.Last)];

    /// <summary>What stands between commas.</summary>
    public IEnumerable<(int Start, int End)> Parts(int start, int end)
    {
        while (true)
        {
            var comma = tokens.Outside(start, end, at => tokens[at].IsSymbol(","));
            yield return (start, comma < 0 ? end : comma);
            if (comma < 0) yield break;
            start = comma + 1;
        }
    }

    private bool IsSetOperator(int at) => tokens[at].Is("UNION") || tokens[at].Is("INTERSECT") || tokens[at].Is("MINUS") || (tokens[at].Is("EXCEPT") && !tokens[at - 1].IsSymbol("*"));

    private static IReadOnlyList<FlowColumn> Merged(IReadOnlyList<FlowColumn> first, IReadOnlyList<FlowColumn> second)
    {
        // Rows that were written out have no columns here.
        if (first.Count == 0) return second;
        return [.. first.Select((column, at) => at < second.Count ? column with { From = column.From.Union(second[at].From) } : column)];
    }

    private IReadOnlyList<FlowColumn> With(int at, int end, Tables tables, FlowScope? around)
    {
        while (tokens.IsTableExpression(at))
        {
            var name = tokens[at].Text;
            ImmutableArray<string> given = tokens[at + 1].IsSymbol("(") ? Names(at + 1) : [];
            var open = (given.IsEmpty ? at + 1 : tokens.Close(at + 1) + 1) + 1;
            tables = tables.SetItem(name, Renamed(Query(open + 1, tokens.Close(open), tables, around), given));
            at = tokens.Close(open) + 1;
            if (tokens[at].IsSymbol(",")) at++;
        }

        return Query(at, end, tables, around);
    }

    private IReadOnlyList<FlowColumn> Branch(int start, int end, Tables tables, FlowScope? around)
    {
        if (tokens[start].Is("TABLE")) return All(Relation(start + 1, end, tables, around).Relation.Columns);
        if (!tokens[start].Is("SELECT")) return [];
        if (tokens[start + 1].Is("ALL") || tokens[start + 1].Is("DISTINCT")) start++;
        var from = tokens.Outside(start + 1, end, at => tokens[at].Is("FROM") && !tokens[at - 1].Is("DISTINCT"));
        var rest = tokens.Outside((from < 0 ? start : from) + 1, end, at => QueryWords.EndsFrom(tokens[at]) && !tokens[at - 1].IsSymbol("*"));
        if (rest < 0) rest = end;
        var scope = new FlowScope(from < 0 ? [] : Relations(from + 1, rest, tables, around), around);
        Expression(rest, end, tables, scope);
        return [.. Parts(start + 1, from < 0 ? rest : from).SelectMany(item => Item(item.Start, item.End, tables, scope))];
    }

    private IReadOnlyList<FlowColumn> Item(int start, int end, Tables tables, FlowScope scope)
    {
        if (start >= end) return [];
        var star = Star(start, end);
        if (star >= 0)
        {
            var qualifier = star == start ? [] : tokens.Chain(start).Name.Parts;
            ImmutableArray<string> except = star + 2 < end && tokens[star + 1].Is("EXCEPT") ? Names(star + 2) : [];
            return All(scope.Relations.Where(relation => relation.IsNamed(qualifier.AsSpan()))
                .SelectMany(relation => relation.Columns.Where(column => !except.Any(column.IsNamed) && !(qualifier.IsEmpty && relation.Joined.Any(column.IsNamed)))));
        }

        if (end - start > 2 && tokens[end - 2].Is("AS")) return [new(tokens[end - 1].Text, Expression(start, end - 2, tables, scope))];
        if (end - start > 1 && IsAlias(end - 1)) return [new(tokens[end - 1].Text, Expression(start, end - 1, tables, scope))];
        var name = tokens[start].IsName && tokens.Chain(start) is { } chain && chain.After == end ? chain.Name.Last : "";
        return [new(name, Expression(start, end, tables, scope))];
    }

    private IReadOnlyList<FlowColumn> All(IEnumerable<FlowColumn> columns)
    {
        FlowColumn[] all = [.. columns];
        Seen.UnionWith(all.SelectMany(column => column.From));
        return all;
    }

    /// <summary>Where the star of * or a.b.* stands; -1 where there is none.</summary>
    private int Star(int start, int end)
    {
        if (tokens[start].IsSymbol("*")) return start;
        if (!tokens[start].IsName) return -1;
        var after = tokens.Chain(start).After;
        return after + 1 < end && tokens[after].IsSymbol(".") && tokens[after + 1].IsSymbol("*") ? after + 1 : -1;
    }

    // The b of SELECT a b; neither the END of CASE nor what an operator stands before.
    private bool IsAlias(int at) => tokens[at].IsName && !tokens[at].Is("END") && !tokens[at].Is("NULL")
        && (tokens[at - 1].IsSymbol(")") || tokens[at - 1].IsSymbol("]") || tokens[at - 1].Is("END") || tokens[at - 1].Kind is TokenKind.Quoted or TokenKind.String or TokenKind.Number or TokenKind.Parameter
            || (tokens[at - 1].Kind == TokenKind.Word && !QueryWords.IsOperator(tokens[at - 1]) && !tokens[at - 1].Is("DIV") && !tokens[at - 1].Is("IS") && !tokens[at - 1].Is("RLIKE") && !tokens[at - 1].Is("ILIKE") && !tokens[at - 1].Is("REGEXP")));

    private (FlowRelation Relation, int After) Relation(int at, int end, Tables tables, FlowScope? around)
    {
        ImmutableArray<string> name = [];
        IReadOnlyList<FlowColumn> columns = [];
        int next;
        if (tokens[at].IsSymbol("("))
        {
            next = tokens.Close(at) + 1;
            columns = Query(at + 1, next - 1, tables, around);
        }
        else if (tokens[at].Is("VALUES"))
        {
            for (next = at + 1; next < end && (tokens[next].IsSymbol("(") || tokens[next].IsSymbol(","));) next = tokens[next].IsSymbol("(") ? tokens.Close(next) + 1 : next + 1;
        }
        else
        {
            var (chain, after) = tokens.Chain(at);
            var isCall = after < end && tokens[after].IsSymbol("(");
            next = isCall ? tokens.Close(after) + 1 : after;
            name = chain.Parts;
            if (!isCall) columns = chain.Length == 1 && tables.TryGetValue(chain.Last, out var known) ? known : names.Columns(chain);
        }

        if (next < end && tokens[next].Is("AS")) next++;
        else if (next >= end || !tokens[next].IsName || QueryWords.IsClause(tokens[next])) return (new(name, columns), next);
        if (next + 1 >= end || !tokens[next + 1].IsSymbol("(")) return (new([tokens[next].Text], columns), next + 1);
        return (new([tokens[next].Text], Renamed(columns, Names(next + 1))), tokens.Close(next + 1) + 1);
    }

    private static IReadOnlyList<FlowColumn> Renamed(IReadOnlyList<FlowColumn> columns, ImmutableArray<string> given) =>
        [.. columns.Select((column, at) => at < given.Length ? column with { Name = given[at] } : column)];
}
