using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>The catalog that the setup script makes and Sluice alone uses.</summary>
/// <param name="Name">Its name as Unity Catalog keeps it.</param>
internal sealed record OwnCatalog(string Name)
{
    /// <summary>The schema of tables about people, which nobody else may read.</summary>
    public const string EntitlementsSchema = "entitlements";

    /// <summary>The schema of functions that mask and filter.</summary>
    public const string FunctionsSchema = "functions";

    /// <summary>A table about people, as SQL names it.</summary>
    public string Entitlements(string table) => Qualified(EntitlementsSchema, table);

    /// <summary>A function, as SQL names it.</summary>
    public string Function(string function) => Qualified(FunctionsSchema, function);

    /// <summary>The name in the schema of functions that a function's full name ends with; null of one that is elsewhere.</summary>
    public string? NameOf(string? function)
    {
        var schema = $"{Name}.{FunctionsSchema}.";
        return function is not null && function.StartsWith(schema, StringComparison.OrdinalIgnoreCase) ? function[schema.Length..] : null;
    }

    private string Qualified(string schema, string name) => $"{Quote.Identifier(Name)}.{Quote.Identifier(schema)}.{Quote.Identifier(name)}";
}
