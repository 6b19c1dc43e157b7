namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>What a caller has on one securable, own grants and inherited ones together.</summary>
internal readonly record struct Holding
{
    /// <summary>Granted here or above, to the caller or a group of theirs.</summary>
    public Privilege Held { get; init; }

    /// <summary>The caller owns the securable itself: all privileges on it, but not on what it contains.</summary>
    public bool Owns { get; init; }

    /// <summary>The caller owns a container of it that they can reach: they may grant, drop and rename, but not read.</summary>
    public bool OwnsAbove { get; init; }

    public bool IsMetastoreAdmin { get; init; }

    /// <summary>USE CATALOG and USE SCHEMA are held on every container.</summary>
    public bool Reachable { get; init; }

    /// <summary>The first container the caller may not use, for the refusal's text.</summary>
    public (Privilege Privilege, string Kind, string Name)? Missing { get; init; }

    /// <summary>The privilege is held on this securable, wherever from; says nothing of its containers.</summary>
    public bool Has(Privilege privilege) =>
        Owns && privilege != Privilege.ExternalUseSchema
        || (Held & privilege) != 0
        || (Held.HasFlag(Privilege.AllPrivileges) && (privilege & Applicability.NotInAll) == 0);

    /// <summary>The privilege can be put to use: containers included.</summary>
    public bool Can(Privilege privilege) => Reachable && Has(privilege);

    /// <summary>May grant, transfer, drop, rename and alter.</summary>
    public bool Manages => IsMetastoreAdmin || OwnsAbove || (Reachable && (Owns || Has(Privilege.Manage)));

    /// <summary>May set and unset tags: who owns it, or holds APPLY TAG; MANAGE and the metastore admin's role are no help.</summary>
    public bool Tags => Can(Privilege.ApplyTag);

    /// <summary>A schema or catalog that lists show without include_browse.</summary>
    public bool Uses(Privilege use) => Manages || Can(use);

    /// <summary>A relation that REST shows without include_browse.</summary>
    public bool Reads => Manages || Can(Privilege.Select);

    /// <summary>A relation that the information schema shows: any privilege on its rows will do.</summary>
    public bool Interacts => Manages || (Reachable && Has(Privilege.Select | Privilege.Modify | Privilege.ApplyTag));

    /// <summary>Metadata alone: BROWSE on the catalog needs no USE on the way.</summary>
    public bool Browses => (Held & Privilege.Browse) != 0;
}
