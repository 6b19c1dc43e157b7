using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>
/// Permissions of IAM_ALLOWED_PRINCIPALS that name no database or table: an expression of LF-Tags, a data cells filter, a kind that is newer
/// than this code. What they may reach is not proven to be governed, and not proven to be ungoverned either.
/// </summary>
internal sealed class UnplacedIam
{
    private readonly List<LakeResource.TagPolicy> _policies = [];
    private readonly HashSet<(string Database, string Table)> _tables = [];
    private bool _everywhere;

    /// <summary>Takes up what such a permission is on.</summary>
    public void Add(LakeResource resource)
    {
        switch (resource)
        {
            case LakeResource.TagPolicy policy:
                _policies.Add(policy);
                break;
            case LakeResource.SomeCells cells:
                _tables.Add((cells.DatabaseName, cells.TableName));
                break;
            default:
                _everywhere = true;
                break;
        }
    }

    /// <summary>Whether one may reach a database, and with it its tables.</summary>
    public bool MayReachDatabase(IReadOnlyList<ObjectTag> tags) =>
        _everywhere || _policies.Exists(p => !p.OfTables && p.MayMatchInPart(tags));

    /// <summary>Whether one may reach a table or a part of it.</summary>
    public bool MayReachTable(string database, string table, IReadOnlyList<ObjectTag> tags) =>
        _everywhere || _tables.Contains((database, table)) || _policies.Exists(p => p.OfTables && p.MayMatchInPart(tags));
}
