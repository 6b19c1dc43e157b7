using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads CREATE.</summary>
internal static class CreateParser
{
    public static Statement Parse(TokenReader reader)
    {
        var orReplace = reader.Take("OR", "REPLACE");
        if (reader.Take("CATALOG")) return Catalog(reader);
        if (reader.Take("SCHEMA") || reader.Take("DATABASE")) return Schema(reader);
        if (reader.Take("MATERIALIZED", "VIEW")) return View(reader, orReplace, materialized: true);
        if (reader.Take("VIEW")) return View(reader, orReplace, materialized: false);
        if (reader.Take("FUNCTION")) return Function(reader, orReplace);
        reader.Take("EXTERNAL");
        reader.Expect("TABLE");
        return Table(reader, orReplace);
    }

    private static CreateCatalog Catalog(TokenReader reader)
    {
        var ifNotExists = StatementParser.IfNotExists(reader);
        var name = reader.Name();
        string? comment = null;
        while (!reader.IsEnd)
        {
            if (reader.Take("COMMENT")) comment = reader.String();
            else if (reader.Take("MANAGED", "LOCATION")) reader.String();
            else throw reader.Wrong();
        }

        return new(name, ifNotExists, comment);
    }

    private static CreateSchema Schema(TokenReader reader)
    {
        var ifNotExists = StatementParser.IfNotExists(reader);
        var name = reader.Name();
        string? comment = null;
        var properties = SecurableObject.NoTexts;
        while (!reader.IsEnd)
        {
            if (reader.Take("COMMENT")) comment = reader.String();
            else if (reader.Take("MANAGED", "LOCATION") || reader.Take("LOCATION")) reader.String();
            else if (reader.Take("WITH", "DBPROPERTIES")) properties = TagParser.Pairs(reader);
            else throw reader.Wrong();
        }

        return new(name, ifNotExists, comment, properties);
    }

    private static CreateTable Table(TokenReader reader, bool orReplace)
    {
        var table = new CreateTable(Name: null!, StatementParser.IfNotExists(reader), orReplace);
        table = table with { Name = reader.Name() };
        if (reader.Peek.Is("SHALLOW") || reader.Peek.Is("DEEP") || reader.Peek.Is("CLONE"))
        {
            var shallow = reader.Take("SHALLOW");
            if (!shallow) reader.Take("DEEP");
            reader.Expect("CLONE");
            table = table with { CloneOf = reader.Name(), IsShallow = shallow };
        }

        if (reader.Peek.IsSymbol("(")) table = table with { Columns = ColumnParser.List(reader) };
        while (!reader.IsEnd && table.Query is null)
        {
            if (reader.Take("USING")) table = table with { Format = reader.Identifier().ToUpperInvariant() };
            else if (reader.Take("COMMENT")) table = table with { Comment = reader.String() };
            else if (reader.Take("LOCATION")) table = table with { Location = reader.String() };
            else if (reader.Take("TBLPROPERTIES")) table = table with { Properties = TagParser.Pairs(reader) };
            else if (reader.Take("PARTITIONED", "BY")) table = table with { Columns = Partitioned(table.Columns, ColumnParser.Names(reader)) };
            else if (reader.Take("WITH", "ROW", "FILTER")) table = table with { RowFilter = RowFilter(reader) };
            else if (reader.Take("CLUSTER", "BY")) ColumnParser.Names(reader);
            else table = table with { Query = QueryText(reader) };
        }

        return table;
    }

    private static RowFilter RowFilter(TokenReader reader)
    {
        var function = reader.Name();
        reader.Expect("ON");
        return new(string.Join('.', function.Parts), ColumnParser.GuardArguments(reader));
    }

    private static ImmutableArray<ColumnObject> Partitioned(ImmutableArray<ColumnObject> columns, ImmutableArray<string> by)
    {
        foreach (var (index, name) in by.Index())
        {
            var at = columns.Index().FirstOrDefault(column => string.Equals(column.Item.Name, name, StringComparison.OrdinalIgnoreCase));
            if (at.Item is null) throw SqlException.NoColumn($"`{name}`");
            columns = columns.SetItem(at.Index, at.Item with { PartitionIndex = index });
        }

        return columns;
    }

    private static CreateView View(TokenReader reader, bool orReplace, bool materialized)
    {
        var ifNotExists = StatementParser.IfNotExists(reader);
        var name = reader.Name();
        var columns = ImmutableArray.CreateBuilder<(string, string?)>();
        if (reader.TakeSymbol("("))
        {
            do columns.Add((reader.Identifier(), reader.Take("COMMENT") ? reader.String() : null));
            while (reader.TakeSymbol(","));
            reader.ExpectSymbol(")");
        }

        string? comment = null;
        while (!reader.Peek.Is("AS"))
        {
            if (reader.Take("COMMENT")) comment = reader.String();
            else if (reader.Take("TBLPROPERTIES")) TagParser.Pairs(reader);
            else throw reader.Wrong();
        }

        return new(name, ifNotExists, orReplace, materialized, columns.ToImmutable(), comment, QueryText(reader));
    }

    private static CreateFunction Function(TokenReader reader, bool orReplace)
    {
        var ifNotExists = StatementParser.IfNotExists(reader);
        if (orReplace && ifNotExists) throw new SqlException("INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE", "42000", "Cannot create a routine with both IF NOT EXISTS and REPLACE specified.");
        var name = reader.Name();
        var parameters = ImmutableArray.CreateBuilder<FunctionParameter>();
        reader.ExpectSymbol("(");
        while (!reader.TakeSymbol(")"))
        {
            var parameter = new FunctionParameter(reader.Identifier(), TypeParser.Parse(reader));
            if (reader.Take("DEFAULT")) parameter = parameter with { Default = DefaultOf(parameter, reader.Until(token => token.IsSymbol(",") || token.Is("COMMENT"))) };
            else if (parameters.Count > 0 && parameters[^1].Default is not null) throw new SqlException("USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION", "42601", $"The parameter `{parameter.Name}` has no default and follows one that has.");
            parameters.Add(reader.Take("COMMENT") ? parameter with { Comment = reader.String() } : parameter);
            if (!reader.Peek.IsSymbol(")")) reader.ExpectSymbol(",");
        }

        SqlType? returns = reader.Take("RETURNS") ? TypeParser.Parse(reader) : null;
        string? comment = null;
        bool? deterministic = null;
        bool? reads = null;
        while (!reader.Take("RETURN"))
        {
            if (reader.Take("COMMENT")) comment = reader.String();
            else if (reader.Take("NOT", "DETERMINISTIC")) deterministic = false;
            else if (reader.Take("DETERMINISTIC")) deterministic = true;
            else if (reader.Take("CONTAINS", "SQL")) reads = false;
            else if (reader.Take("READS", "SQL", "DATA")) reads = true;
            else if (reader.Take("LANGUAGE"))
            {
                if (!reader.Take("SQL")) throw SqlException.Unsupported("The sandbox knows functions of LANGUAGE SQL alone.");
            }
            else throw reader.Wrong();
        }

        return new(name, ifNotExists, orReplace, parameters.ToImmutable(), returns, comment, reader.Rest()) { IsDeterministic = deterministic, ReadsData = reads };
    }

    /// <summary>No subquery: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-sql-function.</summary>
    private static string DefaultOf(FunctionParameter parameter, string expression) => !Tokenizer.Read(expression).Any(token => token.Is("SELECT"))
        ? expression
        : throw new SqlException("INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION", "42623", $"The default of the parameter `{parameter.Name}` contains subquery expressions.");

    private static string QueryText(TokenReader reader)
    {
        reader.Take("AS");
        if (!reader.Peek.Is("SELECT") && !reader.Peek.Is("WITH") && !reader.Peek.Is("VALUES") && !reader.Peek.Is("TABLE") && !reader.Peek.IsSymbol("(")) throw reader.Wrong();
        return reader.Rest();
    }
}
