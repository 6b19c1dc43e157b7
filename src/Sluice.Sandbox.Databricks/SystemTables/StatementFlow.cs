using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>
/// Which columns a statement read, and which of its target's they went into. A query's go by position, into the columns listed or else the
/// table's, unless BY NAME is said: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-dml-insert-into.
/// </summary>
internal sealed class StatementFlow
{
    private static readonly IEnumerable<(string, ImmutableHashSet<FlowSource>)> Nothing = [];

    private readonly List<(FlowSource From, string To)> written = [];

    private StatementFlow(HashSet<FlowSource> read, ActivityTable? target, IEnumerable<(string To, ImmutableHashSet<FlowSource> From)> pairs)
    {
        foreach (var (to, sources) in pairs)
        {
            if (target?.Table.IndexOf(to) is not (>= 0 and var at)) continue;
            foreach (var from in sources) written.Add((from, target.Table.Columns[at].Name));
        }

        Read = read;
        Written = written.Distinct().ToLookup(pair => pair.From, pair => pair.To);
    }

    public IReadOnlySet<FlowSource> Read { get; }

    /// <summary>The target's columns that each column went into.</summary>
    public ILookup<FlowSource, string> Written { get; }

    /// <summary>What a statement did; null for one of which no more is known than what it touched.</summary>
    public static StatementFlow? Of(Activity activity, FlowNames names)
    {
        var target = activity.Written;
        switch (activity.Statement)
        {
            case CreateTable { CloneOf: { } source } when target is not null:
                var copied = names.Columns(source);
                return new([.. copied.SelectMany(column => column.From)], target, copied.Select(column => (column.Name, column.From)));
            case CreateTable { Query: { } query } when target is not null:
                return Filled(query, target, names);
            case CreateView view when target is not null:
                return Filled(view.Query, target, names);
            case Query query:
                return Filled(query.Text, null, names);
            case Change { Verb: "INSERT" } change when target is not null:
                return Inserted(change, target, names);
            case Change { Verb: "MERGE" or "UPDATE" or "DELETE" } change when target is not null:
                var flow = new ChangeFlow(change, target, names);
                return new(flow.Seen, target, flow.Columns());
            default:
                return null;
        }
    }

    private static StatementFlow Filled(string query, ActivityTable? target, FlowNames names)
    {
        var tokens = new QueryTokens(query);
        var flow = new QueryFlow(tokens, names);
        var columns = flow.Query(0, tokens.Length, QueryFlow.NoTables, around: null);
        return new(flow.Seen, target, target?.Table.Columns.Zip(columns, (to, from) => (to.Name, from.From)) ?? Nothing);
    }

    private static StatementFlow Inserted(Change change, ActivityTable target, FlowNames names)
    {
        var tokens = new QueryTokens(change.Text);
        var head = InsertHead.Read(tokens, ChangeHead.AfterTarget(change));
        var flow = new QueryFlow(tokens, names);
        var columns = flow.Query(head.Query, tokens.Length, QueryFlow.NoTables, around: null);
        if (head.IsByName) return new(flow.Seen, target, columns.Select(column => (column.Name, column.From)));
        IEnumerable<string> into = head.Columns.IsEmpty ? target.Table.Columns.Select(column => column.Name) : head.Columns;
        return new(flow.Seen, target, into.Zip(columns, (to, from) => (to, from.From)));
    }
}
