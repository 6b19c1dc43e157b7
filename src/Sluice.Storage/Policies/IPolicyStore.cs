using Sluice.Storage.Connections;

namespace Sluice.Storage.Policies;

/// <summary>A policy as stored.</summary>
/// <param name="Key">Its <c>policyKey</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Type"><c>subscription</c> or <c>data</c>.</param>
/// <param name="IsStaged">Whether it takes part in simulations alone.</param>
/// <param name="DocumentJson">The canonical document.</param>
/// <param name="Revision">Grows with every update; the ETag.</param>
/// <param name="CreatedAt">When it was first put.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="UpdatedBy">By whom.</param>
public sealed record StoredPolicy(
    string Key, string Name, string Type, bool IsStaged, string DocumentJson, long Revision, DateTimeOffset CreatedAt, Actor CreatedBy, DateTimeOffset UpdatedAt, Actor UpdatedBy);

/// <summary>A policy to be put.</summary>
/// <param name="Key">Its <c>policyKey</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Type"><c>subscription</c> or <c>data</c>.</param>
/// <param name="IsStaged">Whether it takes part in simulations alone.</param>
/// <param name="DocumentJson">The canonical document.</param>
/// <param name="IfRevision">The revisions it must have; null: whatever it is now, or new.</param>
public sealed record PolicyPut(string Key, string Name, string Type, bool IsStaged, string DocumentJson, IReadOnlyList<long>? IfRevision = null);

/// <summary>What became of a put policy.</summary>
public enum PolicyPutOutcome
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>Its document is another.</summary>
    Updated,

    /// <summary>It was the same before.</summary>
    Unchanged,
}

/// <summary>Policies, as documents.</summary>
public interface IPolicyStore
{
    /// <summary>All, by key.</summary>
    Task<IReadOnlyList<StoredPolicy>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One; null when there is none.</summary>
    Task<StoredPolicy?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Puts and deletes in one transaction, or nothing. What is the same already is not written.</summary>
    /// <returns>What became of each that was put, in order.</returns>
    /// <exception cref="StaleRevisionException">One has none of the revisions asked for.</exception>
    Task<IReadOnlyList<PolicyPutOutcome>> WriteAsync(IReadOnlyList<PolicyPut> puts, IReadOnlyList<string> deletes, Actor by, CancellationToken cancellationToken);

    /// <summary>Deletes one; false when there is none.</summary>
    /// <exception cref="StaleRevisionException">It has none of the revisions asked for.</exception>
    Task<bool> DeleteAsync(string key, IReadOnlyList<long>? ifRevision, Actor by, CancellationToken cancellationToken);
}
