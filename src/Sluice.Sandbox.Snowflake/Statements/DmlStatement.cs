using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>INSERT, UPDATE, DELETE, MERGE and TRUNCATE.</summary>
internal sealed class DmlStatement(string verb, ObjectName name, string alias, string tail, bool overwrites) : Statement
{
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
        var count = verb == "TRUNCATE" ? engine.Execute($"DELETE FROM {EngineConnection.TableName(table)}") : Run(context, engine, table);
        Count(engine, table);
        table.LastAltered = context.Now;
        table.Schema.Keep(table);
        return verb switch
        {
            "INSERT" => Outcome.Counts(StatementTypes.Insert, ("number of rows inserted", count)),
            "UPDATE" => Outcome.Counts(StatementTypes.Update, ("number of rows updated", count), ("number of multi-joined rows updated", 0)),
            "DELETE" => Outcome.Counts(StatementTypes.Delete, ("number of rows deleted", count)),
            "MERGE" => Outcome.Counts(StatementTypes.Merge, ("number of rows inserted", count), ("number of rows updated", 0)),
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

        if (verb == "MERGE") context.Demand(table, "INSERT", "UPDATE", "DELETE");
        else context.Demand(table, verb);
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
            if (into.Current.IsSymbol("(") && !into.Peek().Is("SELECT") && !into.Peek().Is("WITH"))
            {
                columns = $"({string.Join(", ", TableParser.ReadNames(into).Select(Quoting.Always))})";
            }

            return engine.Execute($"INSERT INTO {target} {columns} {SelectRewriter.Part(context, into.ReadRest(), sources)}");
        }

        var called = Quoting.Always(alias.Length > 0 ? alias : table.Name);
        var verbs = verb switch { "UPDATE" => "UPDATE", "DELETE" => "DELETE FROM", _ => "MERGE INTO" };
        var reads = new TokenReader(tail);
        var usesTable = verb is "MERGE" or "DELETE" && reads.Accept("USING");
        var rest = SelectRewriter.Part(context, usesTable ? reads.ReadRest() : tail, sources, startsInFrom: usesTable);
        return engine.Execute($"{verbs} {target} AS {called} {(usesTable ? "USING " : "")}{rest}");
    }

    private static void Count(EngineConnection engine, SchemaObject table)
    {
        foreach (var row in engine.Query($"SELECT count(*) FROM {EngineConnection.TableName(table)}", CancellationToken.None).Rows) table.RowCount = (long)row[0]!;
    }
}
