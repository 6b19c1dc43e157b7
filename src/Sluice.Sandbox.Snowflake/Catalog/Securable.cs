namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>Anything privileges can be granted on. Its id outlives renames; grants and tags hang on it.</summary>
internal abstract class Securable(long id, Domain domain, string name)
{
    public long Id => id;

    public Domain Domain { get; set; } = domain;

    public string Name { get; set; } = name;

    /// <summary>The role that owns it; null belongs to Snowflake itself.</summary>
    public RoleState? Owner { get; set; }

    public string? Comment { get; set; }

    public DateTimeOffset CreatedOn { get; set; }

    public DateTimeOffset LastAltered { get; set; }

    public DateTimeOffset LastDdl { get; set; }

    public string LastDdlBy { get; set; } = "";

    public bool IsDropped { get; set; }

    /// <summary>What CREATE and ALTER SET gave beside what has a place of its own, by upper-case key.</summary>
    public SortedDictionary<string, string> Options { get; } = new(StringComparer.Ordinal);

    /// <summary>The name with those of its containers, as SHOW GRANTS writes it.</summary>
    public virtual string FullName => Sql.Quoting.Identifier(Name);

    public virtual Securable? Parent => null;
}
