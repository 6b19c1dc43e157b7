using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>
/// What ListPermissions shows: where IAM_ALLOWED_PRINCIPALS has permissions, and what the caller may grant on. It shows only what the
/// caller's own permissions cover and no implicit ones, so absence proves nothing where the caller has nothing.
/// </summary>
/// <remarks>
/// AWS documents the filter twice: others' permissions on a resource are shown to whoever has one there with the grant option (Lake Formation
/// guide, Viewing permissions), and of those only the permissions the caller has too (API reference, ListPermissions). Neither says whether
/// Super (ALL) is hidden from one who holds DESCRIBE. It is read as shown: every principal that IAM lets in is a member of
/// IAM_ALLOWED_PRINCIPALS, so where that group has Super the caller has it too. See docs/adr/0006.
/// </remarks>
internal sealed class PermissionIndex(string accountId, string callerArn)
{
    /// <summary>The group that stands for "whatever IAM allows".</summary>
    public const string IamAllowedPrincipals = "IAM_ALLOWED_PRINCIPALS";

    private readonly Dictionary<string, DatabasePermissions> _databases = new(StringComparer.Ordinal);
    private readonly List<(LakeResource.TagPolicy Policy, LakePermissions Grantable)> _policies = [];
    private readonly HashSet<string> _ownTagKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _tagsWhole = new(StringComparer.Ordinal);
    private LakePermissions _catalogGranted;
    private LakePermissions _catalogGrantable;
    private readonly UnplacedIam _unplaced = new();
    private bool _iamOnCatalog;

    /// <summary>Whether the caller administers the data lake: it sees every permission and may grant any.</summary>
    public bool IsAdministrator { get; set; }

    /// <summary>Why nothing could be read, in AWS's words; null when it could.</summary>
    public string? Unreadable { get; init; }

    /// <summary>Whether reading was ended before the last page, so that something can be missing.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Whether the caller may create LF-Tags.</summary>
    public bool IsTagCreator => IsAdministrator || (_catalogGranted & (LakePermissions.CreateLFTag | LakePermissions.SuperUser)) != LakePermissions.None;

    /// <summary>The keys of LF-Tags on which the caller's own permissions rest: they are certainly in use.</summary>
    public IReadOnlyCollection<string> OwnTagKeys => _ownTagKeys;

    /// <summary>
    /// The keys of LF-Tags of which the caller was granted single values and not all (<c>*</c>): AWS shows it those values alone, on the tag and
    /// on whatever carries it (Lake Formation guide, Listing LF-Tags).
    /// </summary>
    public IEnumerable<string> TagKeysInPart => IsAdministrator ? [] : _tagsWhole.Where(t => !t.Value).Select(t => t.Key).Order(StringComparer.Ordinal);

    /// <summary>Whether the caller may grant anything at all on some table.</summary>
    public bool GrantsAnything =>
        IsAdministrator || Widened(_catalogGrantable) != LakePermissions.None
        || _databases.Values.Any(d => d.EveryTable != LakePermissions.None)
        || _databases.Values.Any(d => d.Tables.Values.Any(p => p != LakePermissions.None))
        || _policies.Any(p => p.Policy.OfTables && p.Grantable != LakePermissions.None);

    /// <summary>Whether the caller may grant DESCRIBE, which people need, on some database itself.</summary>
    public bool DescribesDatabases =>
        IsAdministrator || Widened(_catalogGrantable) != LakePermissions.None
        || _databases.Values.Any(d => (d.Database & (LakePermissions.Describe | LakePermissions.All)) != LakePermissions.None)
        || _policies.Any(p => !p.Policy.OfTables && (p.Grantable & (LakePermissions.Describe | LakePermissions.All)) != LakePermissions.None);

    /// <summary>Takes up one entry.</summary>
    public void Add(LakePermission entry)
    {
        // An entry on a resource of another catalog (shared, linked) says nothing of this one.
        if (entry.Resource.CatalogId is { } catalog && catalog != accountId) return;
        if (entry.Principal == IamAllowedPrincipals) AddIam(entry);
        else if (IsOwn(entry.Principal))
        {
            // Whether a condition holds for the caller is not known: by such an entry it has nothing for certain.
            AddOwn(entry.IsConditional ? entry with { Granted = LakePermissions.None, Grantable = LakePermissions.None } : entry);
        }
    }

    /// <summary>Whether IAM_ALLOWED_PRINCIPALS has permissions on a database.</summary>
    public bool IsIamOnDatabase(string database) =>
        _iamOnCatalog || (_databases.TryGetValue(database, out var permissions) && permissions.IamOnDatabase);

    /// <summary>Whether IAM_ALLOWED_PRINCIPALS has permissions on a table, by itself or with all of its database.</summary>
    public bool IsIamOnTable(string database, string table) =>
        _databases.TryGetValue(database, out var permissions) && (permissions.IamOnEveryTable || permissions.IamTables.Contains(table));

    /// <summary>Whether IAM_ALLOWED_PRINCIPALS has permissions that may reach a database, in a form that doesn't tell.</summary>
    public bool MayBeIamOnDatabase(IReadOnlyList<ObjectTag> tags) => _unplaced.MayReachDatabase(tags);

    /// <summary>Whether IAM_ALLOWED_PRINCIPALS has permissions that may reach a table, in a form that doesn't tell.</summary>
    public bool MayBeIamOnTable(string database, string table, IReadOnlyList<ObjectTag> tags) => _unplaced.MayReachTable(database, table, tags);

    /// <summary>What the caller may grant on a table.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="table">Its name.</param>
    /// <param name="tags">Its LF-Tags, inheritance resolved.</param>
    public LakePermissions GrantableOnTable(string database, string table, IReadOnlyList<ObjectTag> tags)
    {
        if (IsAdministrator) return LakePermissions.EveryTablePermission;
        var grantable = Widened(_catalogGrantable);
        if (_databases.TryGetValue(database, out var permissions))
            grantable |= permissions.EveryTable | permissions.Tables.GetValueOrDefault(table);
        grantable |= GrantableByTags(ofTables: true, tags);
        return Widen(grantable, LakePermissions.EveryTablePermission);
    }

    /// <summary>What the caller may grant on a database itself.</summary>
    public LakePermissions GrantableOnDatabase(string database, IReadOnlyList<ObjectTag> tags)
    {
        if (IsAdministrator) return LakePermissions.EveryDatabasePermission;
        var grantable = Widened(_catalogGrantable);
        if (_databases.TryGetValue(database, out var permissions)) grantable |= permissions.Database;
        grantable |= GrantableByTags(ofTables: false, tags);
        return Widen(grantable, LakePermissions.EveryDatabasePermission);
    }

    // A group of Lake Formation's for every principal of the account counts as the caller's own.
    private bool IsOwn(string principal) => principal == callerArn || principal == $"{accountId}:IAMPrincipals";

    private void AddIam(LakePermission entry)
    {
        switch (entry.Resource)
        {
            case LakeResource.Catalog:
                AddIamOnCatalog(entry.Granted | entry.Grantable);
                break;
            case LakeResource.Database database:
                Of(database.Name).IamOnDatabase = true;
                break;
            case LakeResource.Table { Name: null } every:
                Of(every.DatabaseName).IamOnEveryTable = true;
                break;
            case LakeResource.Table table:
                Of(table.DatabaseName).IamTables.Add(table.Name!);
                break;
            case LakeResource.SomeColumns { Name: null } every:
                Of(every.DatabaseName).IamOnEveryTable = true;
                break;
            case LakeResource.SomeColumns columns:
                Of(columns.DatabaseName).IamTables.Add(columns.Name!);
                break;
            case LakeResource.TagValues or LakeResource.NoData:
                break;
            default:
                _unplaced.Add(entry.Resource);
                break;
        }
    }

    // AWS's default for a new account is CREATE_DATABASE on the catalog: by it nobody reads anything that is there.
    private void AddIamOnCatalog(LakePermissions permissions)
    {
        const LakePermissions harmless = LakePermissions.CreateOther | LakePermissions.CreateLFTag;
        if (Widened(permissions) != LakePermissions.None) _iamOnCatalog = true;
        else if ((permissions & ~harmless) != LakePermissions.None) _unplaced.Add(new LakeResource.Other());
    }

    private void AddOwn(LakePermission entry)
    {
        switch (entry.Resource)
        {
            case LakeResource.Catalog:
                _catalogGranted |= entry.Granted | entry.Grantable;
                _catalogGrantable |= entry.Grantable;
                break;
            case LakeResource.Database database:
                Of(database.Name).Database |= entry.Grantable;
                break;
            case LakeResource.Table { Name: null } every:
                Of(every.DatabaseName).EveryTable |= entry.Grantable;
                break;
            case LakeResource.Table table:
                var tables = Of(table.DatabaseName).Tables;
                tables[table.Name!] = tables.GetValueOrDefault(table.Name!) | entry.Grantable;
                break;
            case LakeResource.TagPolicy policy:
                foreach (var part in policy.Expression) _ownTagKeys.Add(part.Key);
                _policies.Add((policy, entry.Grantable));
                break;
            case LakeResource.TagValues tag:
                _tagsWhole[tag.Key] = _tagsWhole.GetValueOrDefault(tag.Key) || tag.Values.Contains("*", StringComparer.Ordinal);
                break;
        }
    }

    private LakePermissions GrantableByTags(bool ofTables, IReadOnlyList<ObjectTag> tags)
    {
        var grantable = LakePermissions.None;
        foreach (var (policy, permissions) in _policies)
        {
            if (policy.OfTables == ofTables && (grantable | permissions) != grantable && policy.Matches(tags))
                grantable |= permissions;
        }

        return grantable;
    }

    // ALL or SUPER_USER on the catalog reaches everything in it; the other permissions on it are about the catalog only.
    private static LakePermissions Widened(LakePermissions onCatalog) =>
        (onCatalog & (LakePermissions.All | LakePermissions.SuperUser)) == LakePermissions.None ? LakePermissions.None : LakePermissions.All;

    private static LakePermissions Widen(LakePermissions permissions, LakePermissions all) =>
        permissions.HasFlag(LakePermissions.All) ? permissions | all : permissions;

    private DatabasePermissions Of(string database)
    {
        if (!_databases.TryGetValue(database, out var permissions)) _databases.Add(database, permissions = new DatabasePermissions());
        return permissions;
    }

    private sealed class DatabasePermissions
    {
        public bool IamOnDatabase { get; set; }

        public bool IamOnEveryTable { get; set; }

        public HashSet<string> IamTables { get; } = new(StringComparer.Ordinal);

        public LakePermissions Database { get; set; }

        public LakePermissions EveryTable { get; set; }

        public Dictionary<string, LakePermissions> Tables { get; } = new(StringComparer.Ordinal);
    }
}
