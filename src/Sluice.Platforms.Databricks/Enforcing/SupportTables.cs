using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>A table about people in Sluice's own catalog.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">As CREATE TABLE declares them: the definition of the fact that it is there.</param>
internal sealed record SupportTable(string Name, string Columns);

/// <summary>
/// The tables that functions read. They are the service principal's alone: a function runs with the rights of its owner
/// (https://docs.databricks.com/data-governance/unity-catalog/filters-and-masks/manually-apply, "mapping tables"), and whoever reads a table that has it attached
/// needs no privilege on the function: EXECUTE is asked of whoever attaches it.
/// </summary>
internal static class SupportTables
{
    public const string Registered = "registered";
    public const string Exemption = "exemption";
    public const string Entitlement = "entitlement";
    public const string Salt = "salt";

    /// <summary>Detail of the fact that an identity is a registered person's.</summary>
    public const string RegisteredDetail = "registered";

    /// <summary>Detail of the fact of what is known of a person.</summary>
    public const string Known = "known";

    /// <summary>The tables.</summary>
    public static IReadOnlyList<SupportTable> All { get; } =
    [
        new(Entitlement, "identity STRING NOT NULL, known STRING NOT NULL"),
        new(Exemption, "identity STRING NOT NULL, audience STRING NOT NULL"),
        new(Registered, "identity STRING NOT NULL"),
        new(Salt, "salt STRING NOT NULL"),
    ];

    /// <summary>The subject of the fact that a table is there.</summary>
    public static string SubjectOf(string table) => $"{OwnCatalog.EntitlementsSchema}.{table}";

    /// <summary>Makes a table; of the salt its row as well, which is made up where nobody sees it, once.</summary>
    public static IReadOnlyList<string> Create(OwnCatalog own, SupportTable table, InstanceMark mark)
    {
        var name = own.Entitlements(table.Name);
        var create = $"CREATE TABLE IF NOT EXISTS {name} ({table.Columns}) COMMENT {Quote.Literal(mark.Comment)}";
        return table.Name == Salt
            ? [create, $"INSERT INTO {name} SELECT sha2(concat(uuid(), uuid(), uuid(), uuid()), 256) WHERE NOT EXISTS (SELECT 1 FROM {name})"]
            : [create];
    }

    /// <summary>Removes a table.</summary>
    public static string Drop(OwnCatalog own, string table) => $"DROP TABLE IF EXISTS {own.Entitlements(table)}";
}
