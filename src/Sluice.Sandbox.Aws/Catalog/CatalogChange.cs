using System.Text.Json.Serialization;

namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>A change of the catalog made behind the back of every client, as the owner of the account would.</summary>
/// <param name="Do">What is done.</param>
/// <param name="Database">The database it is done to.</param>
public sealed record CatalogChange(CatalogChangeKind Do, string Database)
{
    /// <summary>The table, where one is meant.</summary>
    public string? Table { get; init; }

    /// <summary>The new name, of a rename.</summary>
    public string? To { get; init; }

    /// <summary>The column, where one is meant.</summary>
    public string? Column { get; init; }

    /// <summary>The column's type; "string" when left out.</summary>
    public string? Type { get; init; }

    /// <summary>The columns of a new table; id bigint and name string when left out.</summary>
    public IReadOnlyList<CatalogColumn> Columns { get; init; } = [];
}

/// <summary>A column of a new table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the catalog's words, such as decimal(12,2).</param>
/// <param name="Comment">Its comment.</param>
public sealed record CatalogColumn(string Name, string Type, string? Comment = null);

/// <summary>The kinds of <see cref="CatalogChange"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CatalogChangeKind>))]
public enum CatalogChangeKind
{
    /// <summary>Adds an empty database, governed by Lake Formation and without tags.</summary>
    CreateDatabase,

    /// <summary>Drops a database, its tables, their tags and the grants on them.</summary>
    DropDatabase,

    /// <summary>Renames a database; tables, tags and grants follow.</summary>
    RenameDatabase,

    /// <summary>Adds a table.</summary>
    CreateTable,

    /// <summary>Drops a table, its tags and the grants on it.</summary>
    DropTable,

    /// <summary>Renames a table; tags and grants follow.</summary>
    RenameTable,

    /// <summary>Adds a column at the end of a table.</summary>
    AddColumn,

    /// <summary>Drops a column of a table.</summary>
    DropColumn,
}
