namespace Sluice.Sandbox.Snowflake.Catalog;

internal sealed class DatabaseState(long id, string name) : Securable(id, Domain.Database, name)
{
    /// <summary>STANDARD, IMPORTED DATABASE or APPLICATION, as SHOW DATABASES says.</summary>
    public string Kind { get; init; } = "STANDARD";

    /// <summary>The share or listing it came from.</summary>
    public string Origin { get; init; } = "";

    public bool IsTransient { get; set; }

    public int RetentionDays { get; set; } = 1;

    /// <summary>Shared and application databases can't be changed by who consumes them.</summary>
    public bool IsReadOnly => Kind != "STANDARD";

    public SortedDictionary<string, SchemaState> Schemas { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, RoleState> Roles { get; } = new(StringComparer.Ordinal);
}
