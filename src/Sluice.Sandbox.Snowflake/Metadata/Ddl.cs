using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>GET_DDL of policies, functions, views, tables and tags (https://docs.snowflake.com/en/sql-reference/functions/get_ddl).</summary>
internal static class Ddl
{
    public static string Of(StatementContext context, string kind, string name) => kind.ToUpperInvariant() switch
    {
        "POLICY" => Policy(Found(context, name, Domain.MaskingPolicy, Domain.RowAccessPolicy)),
        "FUNCTION" => Function((SchemaObject)context.Find(Domain.Function, Signatures.Called(name))),
        "VIEW" or "TABLE" => Relation(context.Object(Domain.Table, ObjectName.Parse(name))),
        "TAG" => $"create or replace tag {Found(context, name, Domain.Tag).Name};",
        _ => throw SnowflakeException.Unsupported($"GET_DDL OF {kind}"),
    };

    private static SchemaObject Found(StatementContext context, string name, params ReadOnlySpan<Domain> domains)
    {
        foreach (var domain in domains)
        {
            if (context.TryObject(domain, ObjectName.Parse(name)) is { } found) return found;
        }

        throw SnowflakeException.Missing(domains[0], name);
    }

    private static string Policy(SchemaObject policy)
    {
        var exempts = policy.Options.GetValueOrDefault("EXEMPT_OTHER_POLICIES") == "TRUE" ? "\nexempt_other_policies=true" : "";
        return $"create or replace {policy.Domain.Sql().ToLowerInvariant()} {Quoting.Identifier(policy.Name)} as ({Arguments(policy)})\n"
            + $"returns {policy.Returns} ->\n{policy.Body}{Comment(policy)}{exempts};";
    }

    private static string Function(SchemaObject function) =>
        $"CREATE OR REPLACE {(function.IsSecure ? "SECURE " : "")}FUNCTION {Quoting.Always(function.Name)}({Arguments(function)})\nRETURNS {function.Returns}\nLANGUAGE SQL\n"
        + $"{(function.IsMemoizable ? "MEMOIZABLE\n" : "")}AS '{function.Body!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}';";

    private static string Relation(SchemaObject table) => table.Domain.IsView()
        ? $"{table.Text};"
        : $"create or replace TABLE {Quoting.Identifier(table.Name)} (\n{string.Join(",\n", table.Columns.Select(column => $"\t{Quoting.Identifier(column.Name)} {column.Type}{(column.Nullable ? "" : " NOT NULL")}"))}\n);";

    private static string Arguments(SchemaObject made) => string.Join(", ", made.Arguments.Select(argument =>
        $"{Quoting.Identifier(argument.Name)} {(argument.Type.Kind == SqlKind.Text ? "VARCHAR" : argument.Type.ToString())}"));

    private static string Comment(SchemaObject made) => made.Comment is null ? "" : $"\ncomment='{made.Comment.Replace("'", "''", StringComparison.Ordinal)}'";
}
