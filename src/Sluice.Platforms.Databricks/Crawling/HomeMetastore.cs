using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// Sees to it that a crawl reads the metastore that was registered. A workspace can be assigned to another one at any time, and everything that is
/// stored would look gone. What tells it is Sluice's own catalog: no other metastore has one with this instance's mark.
/// </summary>
/// <param name="unity">Reads.</param>
/// <param name="identified">The metastore that this session was told of, where it asked.</param>
/// <param name="catalog">The catalog of Sluice's own, as it was spelled.</param>
/// <param name="name">The same as Unity Catalog keeps it.</param>
/// <param name="mark">This instance's.</param>
/// <param name="time">The clock.</param>
internal sealed class HomeMetastore(
    UnityClient unity, Memo<MetastoreAssignment> identified, string catalog, string name, InstanceMark mark, TimeProvider time)
{
    // A crawl asks for each of its catalogs. However often it were asked, a workspace can be moved just after.
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(1);

    // Null before it was proven; a timestamp of the clock.
    private long? _proven;

    /// <summary>Ends a crawl that would read something else. What was proven holds for a minute.</summary>
    /// <exception cref="PlatformException">It is another metastore, or that it is the same is not proven.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (_proven is { } proven && time.GetElapsedTime(proven) < Holds) return;
        var asked = time.GetTimestamp();
        var assigned = await unity.AssignmentAsync(cancellationToken);
        if (identified.Known is { } known && !known.MetastoreId.Equals(assigned.MetastoreId, StringComparison.OrdinalIgnoreCase))
            throw Another($"it was {known.MetastoreId} and is {assigned.MetastoreId}");
        CatalogEntry own;
        try
        {
            own = await unity.CatalogAsync(name, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied)
        {
            throw Another($"{assigned.MetastoreId} shows no catalog {catalog} of Sluice's. {e.Message.TrimEnd('.')}");
        }

        if (mark.OwnerOf(own.Comment) != MarkOwner.ThisInstance) throw Another($"the catalog {catalog} in {assigned.MetastoreId} is not this Sluice instance's");
        _proven = asked;
    }

    private PlatformException Another(string why) => new(
        PlatformFailure.Refused,
        $"Whether {unity.Host} still belongs to the metastore that was registered is not proven: {why}. Nothing was read. If the workspace was moved, register its "
        + "metastore as another connection; if only Sluice's catalog is missing, run the setup script again.");
}
