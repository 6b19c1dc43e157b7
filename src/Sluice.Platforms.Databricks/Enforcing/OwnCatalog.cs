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

    private string Qualified(string schema, string name) => $"{Quote.Identifier(Name)}.{Quote.Identifier(schema)}.{Quote.Identifier(name)}";
}
