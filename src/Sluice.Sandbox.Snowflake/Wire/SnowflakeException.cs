using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>An answer that is an error, with the code, SQLSTATE and wording Snowflake gives it.</summary>
internal sealed class SnowflakeException(string code, string sqlState, string message) : Exception(message)
{
    public string Code => code;

    public string SqlState => sqlState;

    public static SnowflakeException Syntax(string sql, int position, string near)
    {
        var line = sql.AsSpan(0, position).Count('\n') + 1;
        var column = position - (sql.LastIndexOf('\n', Math.Max(position - 1, 0)) is >= 0 and var found ? found + 1 : 0);
        return new("001003", "42000", $"SQL compilation error:\nsyntax error line {line} at position {Math.Max(column, 0)} unexpected '{near}'.");
    }

    public static SnowflakeException Missing(Domain domain, string name) => new(
        "002003",
        domain is Domain.Database or Domain.Schema or Domain.Role or Domain.User or Domain.Warehouse or Domain.Integration or Domain.DatabaseRole ? "02000" : "42S02",
        $"SQL compilation error:\n{(domain.IsTableLike() ? "Object" : Spelled(domain))} '{name}' does not exist or not authorized.");

    private static string Spelled(Domain domain) => domain switch
    {
        Domain.MaskingPolicy => "Masking policy",
        Domain.RowAccessPolicy => "Row access policy",
        _ => domain.Words(),
    };

    /// <summary>What USE, DROP and SHOW ... IN say of a container or object that is not there for the caller.</summary>
    public static SnowflakeException CannotOperate() => new("002043", "02000", "SQL compilation error:\nObject does not exist, or operation cannot be performed.");

    public static SnowflakeException Insufficient(Domain domain, string name) => new(
        "003001", "42501", $"SQL access control error:\nInsufficient privileges to operate on {domain.Words().ToLowerInvariant()} '{name}'.");

    public static SnowflakeException NoPrivilege(string privilege, Domain on) => new("003008", "42601", $"SQL compilation error:\nInvalid privilege '{privilege}' for object type '{on.Sql()}'.");

    /// <summary>The code is not in the documentation; it was seen where ownership was to be transferred.</summary>
    public static SnowflakeException Dependent(string privilege, Securable on, Securable to, string advice = "") => new(
        "003036",
        "23001",
        $"SQL execution error: Dependent grant of privilege '{privilege}' on securable '{on.FullName}' to {to.Domain.Words().ToLowerInvariant()} '{to.Name}' exists. It must be revoked first. "
        + $"More than one dependent grant may exist: use 'SHOW GRANTS' command to view them.{advice}");

    public static SnowflakeException Exists(string name) => new("002002", "42710", $"SQL compilation error:\nObject '{name}' already exists.");

    public static SnowflakeException NoWarehouse() => new(
        "000606", "57P03", "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.\n");

    public static SnowflakeException NoDatabase(string statement) => new(
        "090105", "22000", $"Cannot perform {statement}. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.");

    public static SnowflakeException NoSchema(string statement) => new(
        "090106", "22000", $"Cannot perform {statement}. This session does not have a current schema. Call 'USE SCHEMA', or use a qualified name.");

    public static SnowflakeException NoStatement(string? id) => new("000709", "02000", $"Statement {id} not found");

    public static SnowflakeException InvalidIdentifier(string name) => new("000904", "42000", $"SQL compilation error: error line 1 at position 0\ninvalid identifier '{name}'");

    /// <summary>No overload takes arguments of these types.</summary>
    public static SnowflakeException ArgumentTypes(string function, IEnumerable<SqlType?> types) =>
        new("001044", "42P13", $"SQL compilation error: error line 1 at position 0\nInvalid argument types for function '{function}': ({Listed(types)})");

    /// <summary>More than one overload takes them alike. The documentation has no words for it; Snowflake's own are not known.</summary>
    public static SnowflakeException Ambiguous(string function, IEnumerable<SqlType?> types, IEnumerable<SchemaObject> overloads) => new(
        "001044",
        "42P13",
        $"SQL compilation error: error line 1 at position 0\nInvalid argument types for function '{function}': ({Listed(types)}) may mean {string.Join(" or ", overloads.Select(overload => overload.FullName))}. "
        + "Name the arguments, or cast them to the types of the one that is meant.");

    private static string Listed(IEnumerable<SqlType?> types) => string.Join(", ", types.Select(type => type?.ToString() ?? "NULL"));

    public static SnowflakeException Empty() => new("000900", "42601", "SQL compilation error:\nEmpty SQL statement.");

    public static SnowflakeException Unsupported(string feature) => new("000002", "0A000", $"Unsupported feature '{feature}'.");

    public static SnowflakeException Invalid(string message) => new("001008", "22023", $"SQL compilation error:\n{message}");
}
