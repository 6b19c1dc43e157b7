using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.History;
using Sluice.Sandbox.Snowflake.Metadata;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// What a query reads from: tables, views, metadata and earlier answers, each checked against the caller's privileges and written as
/// the engine reads it. What policies protect is read through them.
/// </summary>
internal sealed class TableSources(StatementContext context, ImmutableArray<Token> statement) : IDisposable
{
    private readonly HashSet<string> mentioned = [.. statement.Where(token => token.IsName).Select(token => token.Value)];
    private readonly bool readsAll = statement.Any(token => token.IsSymbol("*"));
    private readonly bool asksForAll = statement.Where((token, index) => token.IsSymbol("*") && index > 0 && (statement[index - 1].Is("SELECT") || statement[index - 1].IsSymbol(".") || statement[index - 1].IsSymbol(","))).Any();
    private int depth;

    /// <summary>What is held until the statement is done, by all that it reads from.</summary>
    private List<IDisposable> Leases { get; init; } = [];

    /// <summary>How what is read here counts in ACCESS_HISTORY.</summary>
    public Recording Recording { get; init; } = Recording.Direct;

    /// <summary>When a view is read that is asked for as it was: what it names is read so too.</summary>
    public Moment? Moment { get; init; }

    public MetadataFilters Filters { get; set; } = new();

    /// <summary>The tables and views the query itself names.</summary>
    public HashSet<SchemaObject> Tables { get; } = [];

    /// <summary>True once anything is read: such a query needs a warehouse.</summary>
    public bool Any { get; private set; }

    /// <summary>The functions that were called, and how deep: 1 is the body of a policy that is compiled.</summary>
    public HashSet<(SchemaObject Function, int Depth)> Called { get; private init; } = [];

    public void Calls(SchemaObject function) => Called.Add((function, depth));

    /// <summary>Tells that what is left open may read something.</summary>
    public void MayRead() => Any = true;

    public void Keep(OpenCall call) => Leases.Add(call);

    /// <param name="name">What is read.</param>
    /// <param name="moment">When its rows are those of; null is now, or when the view that names it is read.</param>
    public string Table(ObjectName name, Moment? moment = null)
    {
        moment ??= Moment;
        Any = true;
        var found = context.Object(Domain.Table, name);
        if (found.Schema.Name == "INFORMATION_SCHEMA") return Lend(InformationSchemaRelations.Find(found.Name)!, new(context, found.Database, Filters), context.Runtime.Options.InformationSchemaRowLimit);
        // Who has MANAGE GRANTS sees it without USAGE on what it lies in, and reads it no more than others.
        if (!context.Access.Has(found, "SELECT") || !context.Access.Enters(found.Schema)) throw Denied(found, name);
        if (found.Database.Name == "SNOWFLAKE") return AccountUsage(found);
        context.Run.Access.Read(found, Enumerable.Range(0, found.Columns.Length).Where(column => Mentions(found, column)), Recording);
        Tables.Add(found);
        return ProtectedRows.Of(context, found, found.Domain.IsView() ? View(found, moment) : Rows(found, moment), this);
    }

    /// <summary>The target of UPDATE and DELETE, of which only the rows and values are met that the caller sees.</summary>
    public string Target(SchemaObject table) => ProtectedRows.Of(context, table, EngineConnection.TableName(table), this, keepsRowId: true);

    /// <summary>The body of a policy or function, read as its owner.</summary>
    public string Body(StatementContext owner, string body, IReadOnlyDictionary<string, BodyArgument> arguments, Recording recording = Recording.None) => Nested(owner, body, arguments, recording);

    /// <summary>True for a column whose name the query says, or all of whose columns it asks for.</summary>
    public bool Mentions(SchemaObject table, int column) => asksForAll || mentioned.Contains(table.Columns[column].Name);

    public string Function(TokenReader reader, FunctionRewriter functions)
    {
        Any = true;
        var name = reader.ReadName();
        reader.ExpectSymbol("(");
        if (name.Name == "RESULT_SCAN") return ResultScan(reader, functions);
        if (name.Name == "GENERATOR") return Generator(reader);
        var arguments = CallArguments.Read(reader, functions);
        var function = MetadataFunctions.Find(name.Name);
        if (function is null || (name.Schema is not null && name.Schema != "INFORMATION_SCHEMA") || (name.Schema is null && context.Session.Schema?.Name != "INFORMATION_SCHEMA"))
        {
            throw new SnowflakeException("002141", "42601", $"SQL compilation error:\nUnknown table function {name}");
        }

        var database = name.Database is { } stated ? context.Database(stated) : context.CurrentDatabase("SELECT");
        return Lend(function.Columns, function.Rows(new(context, database, Filters), arguments));
    }

    public void Dispose()
    {
        foreach (var lease in Leases) lease.Dispose();
    }

    private static SnowflakeException Denied(SchemaObject found, ObjectName name) =>
        SnowflakeException.Insufficient(found.Domain.IsView() ? Domain.View : Domain.Table, name.Name);

    private string Rows(SchemaObject table, Moment? moment)
    {
        if (moment is not null && TimeTravel.Rows(context, table, moment) is var old && table.HasRows) return old;
        if (table.HasRows) return Computed(table);
        var nulls = table.Columns.Select(column => $"CAST(NULL AS {column.Type.Engine}) AS {EngineNames.Quoted(column.Name)}");
        return $"(SELECT {string.Join(", ", nulls)} WHERE false)";
    }

    // Of what is stored, whatever masks it: what Snowflake computes a virtual column of where it is made of a masked one is not documented.
    private string Computed(SchemaObject table)
    {
        var computed = table.Columns.Where(column => column.Expression is not null)
            .Select(column => $"CAST({SelectRewriter.Part(context, column.Expression!, this)} AS {column.Type.Engine}) AS {EngineNames.Quoted(column.Name)}").ToArray();
        return computed.Length == 0 ? EngineConnection.TableName(table) : $"(SELECT * REPLACE ({string.Join(", ", computed)}) FROM {EngineConnection.TableName(table)})";
    }

    /// <summary>A view reads with its owner's privileges and from where it lies.</summary>
    private string View(SchemaObject view, Moment? moment)
    {
        if (view.Body is null || view.Owner is null) throw SnowflakeException.Missing(Domain.Table, view.FullName);
        var body = Nested(context.As(view.Owner, view.Schema), view.Body, null, Recording == Recording.None ? Recording.None : Recording.Base, moment);
        return $"(SELECT * FROM ({body}) AS v({string.Join(", ", view.Columns.Select(column => EngineNames.Quoted(column.Name)))}))";
    }

    private string Nested(StatementContext owner, string text, IReadOnlyDictionary<string, BodyArgument>? inPlace, Recording recording, Moment? moment = null)
    {
        if (depth >= 32) throw SnowflakeException.Invalid("A view, policy or function reads itself.");
        var inner = new TableSources(owner, Tokenizer.Read(text)) { depth = depth + 1, Recording = recording, Moment = moment, Leases = Leases, Called = Called };
        var body = SelectRewriter.Part(owner, text, inner, inPlace: inPlace);
        Any |= inner.Any;
        return body;
    }

    private string AccountUsage(SchemaObject view) =>
        Lend(AccountUsageRelations.Find(view.Name)!, new(context, null, Filters) { AsOf = context.Now - context.Runtime.Options.AccountUsageLag }, limit: null);

    private string ResultScan(TokenReader reader, FunctionRewriter functions)
    {
        string? id;
        if (reader.Accept("LAST_QUERY_ID"))
        {
            reader.ExpectSymbol("(");
            var sign = reader.AcceptSymbol("-") ? -1 : 1;
            var index = reader.Current.IsSymbol(")") ? -1 : sign * reader.ReadInteger();
            reader.ExpectSymbol(")");
            id = functions.LastQuery(index)?.Id;
        }
        else id = functions.Argument(reader);
        reader.ExpectSymbol(")");
        var run = id is null ? null : context.Runtime.Log.Find(id);
        if (run?.Result is not { } result || run.Session.User != context.Session.User)
        {
            throw SnowflakeException.NoStatement(id);
        }

        return Lend(result.Columns, result.Rows());
    }

    private static string Generator(TokenReader reader)
    {
        var rows = 0;
        while (!reader.Current.IsSymbol(")"))
        {
            var key = reader.ReadIdentifier();
            reader.ExpectSymbol("=>");
            var value = reader.ReadInteger();
            if (key == "ROWCOUNT") rows = value;
            reader.AcceptSymbol(",");
        }

        reader.ExpectSymbol(")");
        return $"(SELECT 1 AS \"_\" FROM range({rows}))";
    }

    private string Lend(IRelation relation, MetadataScope scope, int? limit)
    {
        var wanted = readsAll ? relation.Columns.Count : 0;
        int[] chosen = readsAll ? [.. Enumerable.Range(0, wanted)] : [.. Enumerable.Range(0, relation.Columns.Count).Where(i => mentioned.Contains(relation.Columns[i].Name))];
        if (chosen.Length == 0) chosen = [0];
        var rows = relation.Rows(scope, chosen);
        return Lend([.. chosen.Select(i => relation.Columns[i])], limit is { } most ? Limited(rows, most) : rows);
    }

    private string Lend(IReadOnlyList<ResultColumn> lent, IEnumerable<object?[]> rows)
    {
        var lease = context.Runtime.Engine.Lend(new(lent, rows));
        Leases.Add(lease);
        return $"(SELECT {string.Join(", ", lent.Select(FeedValues.Restored))} FROM {lease.Sql})";
    }

    private static IEnumerable<object?[]> Limited(IEnumerable<object?[]> rows, int most)
    {
        // Counted before the engine begins: an error thrown while it reads would reach the caller as the engine's own.
        if (rows.Skip(most).Any())
        {
            throw new SnowflakeException("090030", "22000", "Information schema query returned too much data. Please repeat query with more selective predicates.");
        }

        return rows;
    }
}
