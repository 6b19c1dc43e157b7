using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>
/// UPDATE and DELETE of a table that policies protect: only rows the caller sees are met, and conditions read what the caller sees
/// (https://docs.snowflake.com/en/user-guide/security-row-intro).
/// </summary>
internal static class ProtectedChange
{
    public static bool Concerns(StatementContext context, SchemaObject table) =>
        !table.Policies.IsEmpty || table.Columns.Any(column => PolicyRules.MaskOf(context.Account, table, column) is not null);

    /// <param name="context">The statement.</param>
    /// <param name="verb">UPDATE or DELETE.</param>
    /// <param name="table">Its target.</param>
    /// <param name="called">The target's name in the statement, quoted.</param>
    /// <param name="tail">What follows the target's name.</param>
    /// <param name="sources">What the statement reads from.</param>
    public static string Rewrite(StatementContext context, string verb, SchemaObject table, string called, string tail, TableSources sources)
    {
        var target = EngineConnection.TableName(table);
        var rows = $"{sources.Target(table)} AS {called}";
        if (verb == "DELETE")
        {
            var reader = new TokenReader(tail);
            var rest = reader.Accept("USING") ? $", {SelectRewriter.Part(context, reader.ReadRest(), sources, startsInFrom: true)}" : SelectRewriter.Part(context, tail, sources);
            return $"DELETE FROM {target} WHERE rowid IN (SELECT {called}.{ProtectedRows.RowId} FROM {rows} {rest})";
        }

        if (verb != "UPDATE") throw SnowflakeException.Unsupported($"{verb} INTO A TABLE WITH POLICIES IN THIS SANDBOX");
        var (assignments, from, where) = Parts(tail);
        var values = assignments.Select((assignment, index) => $"{SelectRewriter.Part(context, assignment.Value, sources)} AS \"~v{index}\"");
        var joined = from.Length > 0 ? $", {SelectRewriter.Part(context, from, sources, startsInFrom: true)}" : "";
        var condition = where.Length > 0 ? $"WHERE {SelectRewriter.Part(context, where, sources)}" : "";
        var selected = $"SELECT {called}.{ProtectedRows.RowId} AS \"~id\", {string.Join(", ", values)} FROM {rows}{joined} {condition}";
        return $"UPDATE {target} SET {string.Join(", ", assignments.Select((assignment, index) => $"{EngineNames.Quoted(assignment.Column)} = \"~s\".\"~v{index}\""))} "
            + $"FROM ({selected}) AS \"~s\" WHERE {target}.rowid = \"~s\".\"~id\"";
    }

    /// <summary>SET column = value, ... [FROM ...] [WHERE ...].</summary>
    private static (List<(string Column, string Value)> Assignments, string From, string Where) Parts(string tail)
    {
        var reader = new TokenReader(tail);
        reader.Expect("SET");
        List<(string, string)> assignments = [];
        do
        {
            var column = reader.ReadIdentifier();
            if (reader.AcceptSymbol(".")) column = reader.ReadIdentifier();
            reader.ExpectSymbol("=");
            assignments.Add((column, Until(reader, "FROM", "WHERE", ",")));
        }
        while (reader.AcceptSymbol(","));
        var from = reader.Accept("FROM") ? Until(reader, "WHERE") : "";
        return (assignments, from, reader.Accept("WHERE") ? reader.ReadRest() : "");
    }

    private static string Until(TokenReader reader, params ImmutableArray<string> ends)
    {
        var first = reader.Position;
        while (!reader.AtEnd && !ends.Any(end => reader.IsAt(end) || reader.Current.IsSymbol(end)))
        {
            if (reader.Current.IsSymbol("(")) reader.ReadParenthesised();
            else reader.Take();
        }

        return reader.TextOf(first, reader.Position);
    }
}
