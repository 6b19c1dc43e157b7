using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.History;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>INSERT, UPDATE, DELETE, MERGE and TRUNCATE.</summary>
internal sealed class DmlStatement(string verb, ObjectName name, string alias, string tail, bool overwrites) : Statement
{
    public override bool Commits => false;

    public static DmlStatement Read(TokenReader reader)
    {
        var verb = reader.Take().Value;
        var overwrites = verb == "INSERT" && reader.Accept("OVERWRITE");
        switch (verb)
        {
            case "INSERT" or "MERGE":
                reader.Expect("INTO");
                break;
            case "DELETE":
                reader.Expect("FROM");
                break;
            case "TRUNCATE":
                reader.Accept("TABLE");
                reader.Accept("IF", "EXISTS");
                break;
        }

        var name = reader.ReadName();
        var alias = verb == "INSERT" ? "" : ReadAlias(reader);
        return new(verb, name, alias, reader.ReadRest(), overwrites);
    }

    public override Outcome Execute(StatementContext context)
    {
        context.DemandWarehouse();
        var table = context.Object(Domain.Table, name, verb);
        Authorise(context, table);
        var engine = context.Runtime.Engine.For(context.Session);
        engine.Ensure(table);
        engine.Keep(table, context.Run.Id, context.Now, context.Runtime.Options.TimeTravelRowLimit);
        if (verb == "MERGE" && !ProtectedChange.Concerns(context, table)) return Merged(context, engine, table);
        var count = verb == "TRUNCATE" ? engine.Execute($"DELETE FROM {EngineConnection.TableName(table)}") : Run(context, engine, table);
        engine.Counted(table);
        table.LastAltered = context.Now;
        table.Schema.Keep(table);
        return verb switch
        {
            "INSERT" => Outcome.Counts(StatementTypes.Insert, ("number of rows inserted", count)),
            "UPDATE" => Outcome.Counts(StatementTypes.Update, ("number of rows updated", count), ("number of multi-joined rows updated", 0)),
            "DELETE" => Outcome.Counts(StatementTypes.Delete, ("number of rows deleted", count)),
            _ => Outcome.Done,
        };
    }

    private static string ReadAlias(TokenReader reader)
    {
        if (reader.Accept("AS")) return reader.ReadIdentifier();
        return reader.Current.Kind == TokenKind.Quoted || (reader.Current.Kind == TokenKind.Word && !reader.IsAt("SET") && !reader.IsAt("USING") && !reader.IsAt("WHERE"))
            ? reader.ReadIdentifier()
            : "";
    }

    private void Authorise(StatementContext context, SchemaObject table)
    {
        if (table.Domain.IsView() || table.Domain is Domain.DynamicTable or Domain.ExternalTable || table.Database.IsReadOnly)
        {
            throw new SnowflakeException("002003", "42601", $"SQL compilation error:\nObject '{table.FullName}' can't be the target of {verb}.");
        }

        if (verb != "MERGE") context.Demand(table, verb);
        else foreach (var needed in Tokenizer.Read(tail).Where(token => token.Is("INSERT") || token.Is("UPDATE") || token.Is("DELETE")).Select(token => token.Value).Distinct()) context.Demand(table, needed);
    }

    private long Run(StatementContext context, EngineConnection engine, SchemaObject table)
    {
        using var sources = new TableSources(context, Tokenizer.Read(tail));
        var target = EngineConnection.TableName(table);
        if (overwrites) engine.Execute($"DELETE FROM {target}");
        if (verb == "INSERT")
        {
            var into = new TokenReader(tail);
            var columns = "";
            List<string> named = [];
            if (into.Current.IsSymbol("(") && !into.Peek().Is("SELECT") && !into.Peek().Is("WITH"))
            {
                named = TableParser.ReadNames(into);
                columns = $"({string.Join(", ", named.Select(EngineNames.Quoted))})";
            }

            var query = into.ReadRest();
            VariantFunctions.RefuseInValues(query);
            var count = engine.Execute($"INSERT INTO {target} {columns} {SelectRewriter.Part(context, query, sources)}");
            context.Run.Access.Modified = Written.ByQuery(table, named, query, sources.Tables);
            return count;
        }

        var called = EngineNames.Quoted(alias.Length > 0 ? alias : table.Name);
        var changes = verb == "UPDATE" ? SetLists.Unqualified(tail) : tail;
        if (ProtectedChange.Concerns(context, table)) return engine.Execute(ProtectedChange.Rewrite(context, verb, table, called, changes, sources));
        var verbs = verb == "UPDATE" ? "UPDATE" : "DELETE FROM";
        var reads = new TokenReader(changes);
        var usesTable = verb == "DELETE" && reads.Accept("USING");
        var rest = SelectRewriter.Part(context, usesTable ? reads.ReadRest() : changes, sources, startsInFrom: usesTable);
        context.Run.Access.Modified = Written.ByValues(table, verb == "UPDATE" ? Written.Assignments(changes) : [], [table, .. sources.Tables]);
        return engine.Execute($"{verbs} {target} AS {called} {(usesTable ? "USING " : "")}{rest}");
    }

    /// <summary>A column of counts for each kind of clause there is (https://docs.snowflake.com/en/sql-reference/sql/merge).</summary>
    private Outcome Merged(StatementContext context, EngineConnection engine, SchemaObject table)
    {
        using var sources = new TableSources(context, Tokenizer.Read(tail));
        var reader = new TokenReader(SetLists.Unqualified(tail));
        reader.Expect("USING");
        var rest = SelectRewriter.Part(context, reader.ReadRest(), sources, startsInFrom: true);
        var called = EngineNames.Quoted(alias.Length > 0 ? alias : table.Name);
        context.Run.Access.Modified = Written.ByValues(table, Written.Assignments(tail), [table, .. sources.Tables]);
        var done = engine.Query($"MERGE INTO {EngineConnection.TableName(table)} AS {called} USING {rest} RETURNING merge_action", context.Run.Cancellation)
            .Rows.GroupBy(row => (string)row[0]!).ToDictionary(group => group.Key, group => group.LongCount(), StringComparer.Ordinal);
        engine.Counted(table);
        table.LastAltered = context.Now;
        table.Schema.Keep(table);
        var counts = ((string Verb, string Column)[])[("INSERT", "number of rows inserted"), ("UPDATE", "number of rows updated"), ("DELETE", "number of rows deleted")];
        return Outcome.Counts(StatementTypes.Merge, [.. counts.Where(count => Tokenizer.Read(tail).Any(token => token.Is(count.Verb))).Select(count => (count.Column, done.GetValueOrDefault(count.Verb)))]);
    }
}
