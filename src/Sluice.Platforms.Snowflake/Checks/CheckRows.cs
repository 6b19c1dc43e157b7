namespace Sluice.Platforms.Snowflake.Checks;

/// <summary>Who a session is.</summary>
internal sealed record SessionRow(string User, string? Role, string? Warehouse, string Version);

/// <summary>A warehouse that the role may see.</summary>
internal sealed record WarehouseRow(string Name, string State, bool ResumesByItself);

/// <summary>Something that was granted to a role or to one of the roles it has.</summary>
/// <param name="Privilege">Such as USAGE.</param>
/// <param name="On">The kind of object, such as ACCOUNT or TABLE.</param>
/// <param name="Name">The object's name as SHOW GRANTS spells it.</param>
internal sealed record GrantRow(string Privilege, string On, string Name);

/// <summary>What a role has; or why that could not be read.</summary>
internal sealed record RoleGrants(IReadOnlyList<GrantRow> Grants, string? Unread = null);

/// <summary>What was read under the connection's role.</summary>
internal sealed record CrawlerFacts
{
    public required SessionRow Session { get; init; }

    /// <summary>The warehouse, where the role may see it.</summary>
    public required WarehouseRow? Warehouse { get; init; }

    /// <summary>Why a statement that needs the warehouse was refused; null when it ran, or there was none to run.</summary>
    public required string? WarehouseRefusal { get; init; }

    /// <summary>The databases the role sees.</summary>
    public required IReadOnlyList<Crawling.DatabaseRow> Databases { get; init; }

    public required RoleGrants Grants { get; init; }
}

/// <summary>What was read under the system role; or why there is no session under it.</summary>
internal sealed record SystemFacts
{
    /// <summary>Why the user can't log in with the role; null when it can.</summary>
    public PlatformException? Refusal { get; init; }

    /// <summary>The comment on the role; null where it has none, or the account does not show it.</summary>
    public string? RoleComment { get; init; }

    public RoleGrants Grants { get; init; } = new([]);

    /// <summary>Sluice's database, where the role sees it.</summary>
    public Crawling.DatabaseRow? Database { get; init; }

    /// <summary>Why masking policies can't be listed; null when they can.</summary>
    public PlatformException? PoliciesRefusal { get; init; }

    /// <summary>Why the account's own views can't be read; null when they can, or need not be.</summary>
    public PlatformException? ViewsRefusal { get; init; }

    /// <summary>Why grants straight to users can't be read; null when they can.</summary>
    public PlatformException? UserGrantsRefusal { get; init; }
}
