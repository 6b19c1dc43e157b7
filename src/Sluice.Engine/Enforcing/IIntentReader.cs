using Sluice.Core.Planning;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Enforcing;

/// <summary>What the policies ask for on one connection, at one moment.</summary>
/// <param name="Intent">For its platform.</param>
/// <param name="Counting">Who counts for a plan's impact.</param>
/// <param name="Revision">The access revision it was read at, or an earlier one: what changed meanwhile is read again.</param>
/// <param name="NextExpiry">When something it rests on expires.</param>
internal sealed record ReadIntent(AccessIntent Intent, ImpactScope Counting, long Revision, DateTimeOffset? NextExpiry);

/// <summary>Reads what is asked for.</summary>
internal interface IIntentReader
{
    /// <summary>Reads it.</summary>
    Task<ReadIntent> ReadAsync(StoredConnection connection, CancellationToken cancellationToken) => ReadAsync(connection, null, cancellationToken);

    /// <summary>Reads what would be asked for if other objects were active.</summary>
    Task<ReadIntent> ReadAsync(StoredConnection connection, SupposedActivity? supposed, CancellationToken cancellationToken);
}
