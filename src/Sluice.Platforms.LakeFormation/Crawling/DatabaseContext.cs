using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Crawling;

/// <summary>A database with what bears on its tables; makes the discovered objects of both.</summary>
internal sealed class DatabaseContext
{
    private readonly PermissionIndex _permissions;
    private readonly TagIndex _index;
    private readonly ObjectTag[] _tags;
    private readonly string? _tagsUnknown;
    private readonly Evidence _evidence;

    public DatabaseContext(
        ObjectPath path, GlueDatabase database, PermissionIndex permissions, TagIndex index, ObjectTag[] tags, string? tagsUnknown)
    {
        Path = path;
        Database = database;
        _permissions = permissions;
        _index = index;
        _tags = tags;
        _tagsUnknown = index.TagsUnknown ?? tagsUnknown;
        _evidence = EvidenceOf(database, permissions, tags);
    }

    public ObjectPath Path { get; }

    public GlueDatabase Database { get; }

    /// <summary>
    /// Whether a table must be asked for its tags: searches can't be used, or those by the keys of the database did not find it, or left
    /// something out.
    /// </summary>
    public bool MustAsk(GlueTable table) =>
        _index.AsksEach
        || (table.Kind != ObjectKind.ResourceLink
            && (_index.HidesOnColumns(Database.Name, table.Name)
                || TagResolution.HiddenOnTable(_index.OfTable(Database.Name, table.Name), _tags) is not null));

    /// <summary>
    /// Glue has no id of its own that tells a re-creation from the same object; name and time of creation do. Null where AWS gives no time
    /// (federated sources): known by name alone.
    /// </summary>
    public static string? NativeId(string name, long? createTime) => createTime is { } time ? $"{name}@{time}" : null;

    /// <summary>The database itself.</summary>
    public DiscoveredObject ToObject()
    {
        var evidence = _evidence | (_tagsUnknown is null ? Evidence.None : Evidence.TagsUnknown);
        var verdict = Database.Target is { } target
            ? Verdict.OnLink(target)
            : Verdict.OnDatabase(
                evidence, _permissions.GrantableOnDatabase(Database.Name, _tags), _permissions.IsTagCreator, _tagsUnknown);
        return new DiscoveredObject
        {
            Path = Path,
            Kind = Database.Target is null ? ObjectKind.Database : ObjectKind.ResourceLink,
            NativeId = NativeId(Database.Name, Database.CreateTime),
            Comment = Database.Description,
            Tags = _tags,
            Governance = verdict.Governance,
            GovernanceReason = verdict.Reason,
            GrantMethod = verdict.GrantMethod,
        };
    }

    /// <summary>One of its tables.</summary>
    /// <param name="table">As Glue has it.</param>
    /// <param name="asked">What the table said of its tags when it was asked itself; null when the index answers.</param>
    public DiscoveredObject ToObject(GlueTable table, (ObjectTag[] Tags, string? Unknown)? asked)
    {
        var tags = asked?.Tags ?? _index.OfTable(Database.Name, table.Name);
        var tagsUnknown = _tagsUnknown ?? asked?.Unknown ?? (TagResolution.HiddenOnTable(tags, _tags) is { } key ? TagIndex.ValueHidden(key) : null);
        var verdict = table.Kind == ObjectKind.ResourceLink ? Verdict.OnLink(table.Target ?? "an unnamed target") : Judge(table, tags, tagsUnknown);
        return new DiscoveredObject
        {
            Path = Path.Child(table.Name),
            Kind = table.Kind,
            NativeId = NativeId(table.Name, table.CreateTime),
            Comment = table.Description,
            Columns = table.Columns,
            Tags = tags,
            Governance = verdict.Governance,
            GovernanceReason = verdict.Reason,
            GrantMethod = verdict.GrantMethod,
        };
    }

    private Verdict Judge(GlueTable table, IReadOnlyList<ObjectTag> tags, string? tagsUnknown)
    {
        var grantable = _permissions.GrantableOnTable(Database.Name, table.Name, tags);
        var evidence = _evidence;
        if (_permissions.IsIamOnTable(Database.Name, table.Name)) evidence |= Evidence.IamOnTable;
        if (_permissions.MayBeIamOnTable(Database.Name, table.Name, tags)) evidence |= Evidence.IamMayReach;
        if (table.IsRegistered is null) evidence |= Evidence.RegistrationUnknown;
        else if (table.IsRegistered == false) evidence |= table.Kind == ObjectKind.View ? Evidence.ViewNotManaged : Evidence.NotRegistered;

        // ListPermissions shows nothing of a table on which the caller has nothing: its silence would prove nothing.
        if (_permissions.Unreadable is null && grantable == LakePermissions.None) evidence |= Evidence.NotCovered;
        if (tagsUnknown is not null) evidence |= Evidence.TagsUnknown;
        return Verdict.OnTable(evidence, grantable, _permissions.IsTagCreator, tagsUnknown);
    }

    private static Evidence EvidenceOf(GlueDatabase database, PermissionIndex permissions, IReadOnlyList<ObjectTag> tags)
    {
        var evidence = Evidence.None;
        if (permissions.IsIamOnDatabase(database.Name)) evidence |= Evidence.IamOnDatabase;
        if (permissions.MayBeIamOnDatabase(tags)) evidence |= Evidence.IamMayReach;
        if (permissions.Unreadable is not null) evidence |= Evidence.PermissionsUnreadable;

        // As with a table: where the caller can grant nothing, AWS keeps from it what IAM_ALLOWED_PRINCIPALS has, and silence is no proof.
        else if (permissions.GrantableOnDatabase(database.Name, tags) == LakePermissions.None) evidence |= Evidence.DatabaseNotCovered;
        foreach (var principal in database.DefaultPrincipals)
            evidence |= principal == PermissionIndex.IamAllowedPrincipals ? Evidence.IamByDefault : Evidence.OthersByDefault;
        return evidence;
    }
}
