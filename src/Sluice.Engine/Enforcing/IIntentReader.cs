using Sluice.Core.Planning;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Enforcing;

/// <summary>What the policies ask for on one connection, at one moment.</summary>
/// <param name="Intent">For its platform.</param>
/// <param name="Counting">Who counts for a plan's impact.</param>
/// <param name="Revision">The access revision it was read at, or an earlier one: what changed meanwhile is read again.</param>
/// <param name="At">The moment at which it was asked what has expired.</param>
/// <param name="NextExpiry">When something it rests on expires.</param>
internal sealed record ReadIntent(AccessIntent Intent, ImpactScope Counting, long Revision, DateTimeOffset At, DateTimeOffset? NextExpiry)
{
    /// <summary>The moment of which the platform was last seen, or made, to be in order; null: never yet.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>What would be asked for had nothing expired since the platform was last in order; null: nothing has.</summary>
    public AccessIntent? Unexpired { get; init; }
}

/// <summary>Reads what is asked for.</summary>
internal interface IIntentReader
{
    /// <summary>Reads it.</summary>
    Task<ReadIntent> ReadAsync(StoredConnection connection, CancellationToken cancellationToken) => ReadAsync(connection, null, cancellationToken);

    /// <summary>Reads what would be asked for if other objects were active.</summary>
    Task<ReadIntent> ReadAsync(StoredConnection connection, SupposedActivity? supposed, CancellationToken cancellationToken);
}
