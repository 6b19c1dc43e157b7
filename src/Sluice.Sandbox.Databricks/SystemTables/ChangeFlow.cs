using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>
/// What UPDATE and the clauses of MERGE write, and what they and DELETE look at:
/// https://docs.databricks.com/aws/en/sql/language-manual/delta-merge-into and …/delta-update.
/// </summary>
internal sealed class ChangeFlow
{
    private readonly Change change;
    private readonly QueryTokens tokens;
    private readonly QueryFlow flow;
    private readonly FlowScope scope;
    private readonly int start;

    public ChangeFlow(Change change, ActivityTable target, FlowNames names)
    {
        this.change = change;
        tokens = new(change.Text);
        flow = new(tokens, names);
        var head = ChangeHead.AfterTarget(change);
        start = head;
        while (!IsClause(start)) start++;
        ImmutableArray<string> called = start > head ? [tokens[start - 1].Text] : change.Into.Parts;
        // What the target held is no other table's.
        var held = new FlowRelation(called, [.. target.Table.Columns.Select(column => new FlowColumn(column.Name, []))]);
        if (change.Verb != "MERGE")
        {
            scope = new([held], null);
            return;
        }

        var on = tokens.Outside(start, tokens.Length, at => tokens[at].Is("ON"));
        scope = new([.. flow.Relations(start + 1, on, QueryFlow.NoTables, around: null), held], null);
        start = on;
    }

    public HashSet<FlowSource> Seen => flow.Seen;

    public IEnumerable<(string To, ImmutableHashSet<FlowSource> From)> Columns() => change.Verb == "MERGE" ? [.. Merged()] : [.. Updated()];

    private bool IsClause(int at) => at >= tokens.Length || tokens[at].Is("SET") || tokens[at].Is("WHERE") || tokens[at].Is("USING");

    private bool IsWhen(int at) => tokens[at].Is("WHEN") && (tokens[at + 1].Is("MATCHED") || (tokens[at + 1].Is("NOT") && tokens[at + 2].Is("MATCHED")));

    private int Next(int from, Predicate<int> meets) => tokens.Outside(from, tokens.Length, meets) is >= 0 and var found ? found : tokens.Length;

    private IEnumerable<(string, ImmutableHashSet<FlowSource>)> Updated()
    {
        var where = Next(start, at => tokens[at].Is("WHERE"));
        Made(where, tokens.Length);
        return start < where ? Assigned(start + 1, where) : [];
    }

    private IEnumerable<(string, ImmutableHashSet<FlowSource>)> Merged()
    {
        var at = Next(start, IsWhen);
        Made(start, at);
        while (at < tokens.Length)
        {
            var then = Next(at, at => tokens[at].Is("THEN"));
            Made(at, then);
            at = Next(then, IsWhen);
            var pairs = tokens[then + 1].Is("UPDATE") ? Assigned(then + 3, at) : tokens[then + 1].Is("INSERT") ? Inserted(then + 2, at) : [];
            foreach (var pair in pairs) yield return pair;
        }
    }

    private IEnumerable<(string, ImmutableHashSet<FlowSource>)> Assigned(int from, int to)
    {
        if (tokens[from].IsSymbol("*")) return All();
        return flow.Parts(from, to).Select(part => (Column: tokens.Chain(part.Start), part.End)).Select(set => (set.Column.Name.Last, Made(set.Column.After + 1, set.End)));
    }

    private IEnumerable<(string, ImmutableHashSet<FlowSource>)> Inserted(int from, int to)
    {
        if (tokens[from].IsSymbol("*")) return All();
        var values = tokens.Outside(from, to, at => tokens[at].Is("VALUES"));
        if (values < 0 || !tokens[from].IsSymbol("(")) return [];
        return flow.Names(from).Zip(flow.Parts(values + 2, tokens.Close(values + 1)), (name, part) => (name, Made(part.Start, part.End)));
    }

    private IEnumerable<(string, ImmutableHashSet<FlowSource>)> All()
    {
        foreach (var column in scope.Relations[..^1].SelectMany(relation => relation.Columns))
        {
            Seen.UnionWith(column.From);
            yield return (column.Name, column.From);
        }
    }

    private ImmutableHashSet<FlowSource> Made(int from, int to) => flow.Expression(from, to, QueryFlow.NoTables, scope);
}
