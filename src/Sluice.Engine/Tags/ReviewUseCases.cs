using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Catalog;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tags;

/// <inheritdoc cref="IReviewUseCases"/>
internal sealed class ReviewUseCases(IObjectReviews reviews, ICatalogStore catalog) : IReviewUseCases
{
    public async Task<IReadOnlyList<VanishedTag>> VanishedAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        if (!caller.HasAny(Reading.Permissions) && !caller.IsAmong(found?.Owners ?? [])) throw Caller.Missing(Reading.Permissions);
        return await reviews.VanishedBelowAsync(found ?? throw NotFound(path), cancellationToken);
    }

    public async Task<int> ConfirmVanishedAsync(ObjectPath path, string? column, string? tag, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var found = await catalog.FindAsync(path, cancellationToken) ?? throw NotFound(path);
        return await reviews.ConfirmVanishedAsync(found, column, tag, caller.AsActor(), cancellationToken);
    }

    public async Task<int> ClearDiscoveredAsync(ObjectPath path, string? column, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        if (!caller.HasAny(Permission.Governance) && !caller.IsAmong(found?.Owners ?? []))
            throw new RequestRefusedException(ErrorCode.Forbidden, $"This needs the permission {Permission.Governance}, or to be one of the object's data owners.");
        return await reviews.ClearDiscoveredAsync(found ?? throw NotFound(path), column, caller.AsActor(), cancellationToken);
    }

    private static RequestRefusedException NotFound(ObjectPath path) => new(ErrorCode.NotFound, $"There is no data object '{path}'.");
}
