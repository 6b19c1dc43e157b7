using System.Data.Common;
using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>
/// The pieces of SQL that read objects. In all of them <c>o</c> is the object, <c>p1</c> to <c>p3</c> what lies above it, nearest first, and
/// <c>c</c> its connection: three look-ups by primary key, since no path is longer.
/// </summary>
internal static class ObjectSql
{
    /// <summary>What lies above an object.</summary>
    public const string Above = """
         LEFT JOIN connections c ON c.id = o.connection_id
        LEFT JOIN data_objects p1 ON p1.id = o.parent_id
        LEFT JOIN data_objects p2 ON p2.id = p1.parent_id
        LEFT JOIN data_objects p3 ON p3.id = p2.parent_id
        """;

    /// <summary>What was asked for: the nearest override. Needs <see cref="Above"/>. In code: <see cref="Activation.IsWanted"/>.</summary>
    public const string IsWanted = "COALESCE(o.is_active, p1.is_active, p2.is_active, p3.is_active, false)";

    /// <summary>Whether the platform honours our grants, or that it might was accepted.</summary>
    public const string IsHonoured = "(o.governance = 0 OR (o.governance = 2 AND c.accept_unknown_governance))";

    /// <summary>Needs <see cref="Above"/>. In code: <see cref="Activation.IsActive"/>.</summary>
    public const string IsActive = $"({IsWanted} AND o.missing_since IS NULL AND {IsHonoured})";

    /// <summary>In code: <see cref="ObjectKinds.IsReadable"/>.</summary>
    public const string IsReadable = "(o.kind >= 10 AND o.kind <> 18)";

    /// <summary>Whether something can lie below it: what is not readable. A link to a database is one of these.</summary>
    public const string IsContainer = "(o.kind < 10 OR o.kind = 18)";

    /// <summary>In code: <see cref="Lineage.End"/>.</summary>
    public const string LineageEnd = "substr(o.lineage, 1, length(o.lineage) - 1) || '0'";

    /// <summary>How many columns <see cref="Columns"/> has.</summary>
    public const int ColumnCount = 33;

    private const string IsBelow = $"NOT d.hidden AND d.lineage > o.lineage AND d.lineage < {LineageEnd}";

    /// <summary>Whether something below it, which a path leads to, is to be active.</summary>
    public const string HasActiveOverrideBelow = $"EXISTS (SELECT 1 FROM data_objects d WHERE d.is_active IS NOT NULL AND d.is_active AND {IsBelow})";

    /// <summary>The columns that <see cref="Read"/> reads. Needs <see cref="Above"/>.</summary>
    public const string Columns = $"""
        o.id, o.connection_id, o.parent_id, o.lineage, o.name, o.kind, o.native_id, o.comment, o.governance, o.governance_reason, o.grant_method,
        o.is_active, o.activate_new_children, o.data_owners, o.discovered_new, o.missing_since, o.discovered_at,
        p1.name, p2.name, p3.name, c.technology, {IsWanted},
        COALESCE(o.activate_new_children, p1.activate_new_children, p2.activate_new_children, p3.activate_new_children),
        CASE WHEN {IsContainer} THEN (SELECT count(*) FROM data_objects x WHERE x.parent_id = o.id AND NOT x.replaced) ELSE 0 END,
        {IsContainer} AND EXISTS (SELECT 1 FROM data_objects d WHERE d.is_active IS NOT NULL AND {IsBelow}),
        {IsContainer} AND EXISTS (SELECT 1 FROM data_objects d WHERE d.activate_new_children IS NOT NULL AND {IsBelow}),
        {IsContainer} AND EXISTS (SELECT 1 FROM data_objects d WHERE d.data_owners IS NOT NULL AND {IsBelow}),
        (SELECT max(s.finished_at) FROM object_syncs s WHERE s.object_id IN (o.id, p1.id, p2.id, p3.id)),
        c.accept_unknown_governance, c.revision, p1.data_owners, p2.data_owners, p3.data_owners
        """;

    private static readonly string[] LocateByDepth = [.. Enumerable.Range(0, ObjectPath.MaxDepth).Select(Locate)];

    /// <summary>A query for the id of the object at a path: one step of an index per name.</summary>
    public static string Locate(ObjectPath path) => LocateByDepth[path.Depth];

    /// <summary>The parameters of <see cref="Locate(ObjectPath)"/>.</summary>
    public static (string Name, object? Value)[] Names(ObjectPath path) =>
    [
        ("@key", ConnectionKey.Normalized(path.ConnectionKey)),
        .. path.Names.Skip(1).Select((name, i) => ($"@n{i + 1}", (object?)NameKey.Of(name))),
    ];

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static StoredObject Read(DbDataReader row)
    {
        var name = row.GetString(4);
        IReadOnlyList<string>?[] owners = [Owners(row.Text(13)), Owners(row.Text(30)), Owners(row.Text(31)), Owners(row.Text(32))];
        return new()
        {
            Id = row.GetInt64(0),
            ConnectionId = row.GetGuid(1),
            ParentId = row.IsDBNull(2) ? null : row.GetInt64(2),
            Lineage = row.GetString(3),
            Path = Path(name, row.Text(17), row.Text(18), row.Text(19)),
            Technology = new Technology(row.GetString(20)),
            Kind = (ObjectKind)row.GetInt32(5),
            NativeId = row.Text(6),
            Comment = row.Text(7),
            Governance = (Governance)row.GetInt32(8),
            GovernanceReason = row.Text(9),
            GrantMethod = row.Text(10),
            Overrides = new ObjectOverrides(row.Flag(11), row.Flag(12), owners[0]),
            Effective = new ObjectOverrides(row.GetBoolean(21), row.Flag(22), owners.FirstOrDefault(o => o is not null)),
            Owners = [.. owners.SelectMany(o => o ?? []).Distinct(StringComparer.Ordinal)],
            Descendants = new DescendantOverrides(row.GetBoolean(24), row.GetBoolean(25), row.GetBoolean(26)),
            IsDiscoveredNew = row.GetBoolean(14),
            MissingSince = row.Moment(15),
            DiscoveredAt = UtcTicks.Moment(row.GetInt64(16)),
            ChildCount = row.GetInt64(23),
            LastCrawledAt = row.Moment(27),
            AcceptsUnknownGovernance = row.GetBoolean(28),
            ConnectionRevision = row.GetInt64(29),
        };
    }

    /// <summary>A path from an object's name and those above it, nearest first.</summary>
    public static ObjectPath Path(string name, string? above, string? above2, string? above3)
    {
        if (above is null) return new ObjectPath(name);
        if (above2 is null) return new ObjectPath(above, name);
        return above3 is null ? new ObjectPath(above2, above, name) : new ObjectPath(above3, above2, above, name);
    }

    private static IReadOnlyList<string>? Owners(string? json) => json is null ? null : JsonSerializer.Deserialize<string[]>(json);

    private static string Locate(int depth)
    {
        if (depth == 0) return "SELECT c.root_object_id AS id FROM connections c WHERE c.key_normalized = @key";
        var steps = Enumerable.Range(1, depth).Select(i =>
            $"JOIN data_objects n{i} ON n{i}.parent_id = {(i == 1 ? "c.root_object_id" : $"n{i - 1}.id")} AND n{i}.name_key = @n{i} AND NOT n{i}.replaced");
        return $"SELECT n{depth}.id AS id FROM connections c {string.Join(' ', steps)} WHERE c.key_normalized = @key";
    }
}
