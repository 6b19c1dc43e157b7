using Sluice.Core.Catalog;

namespace Sluice.Storage.History;

/// <summary>Somebody who used an identity at a time.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Username">Their name then.</param>
public sealed record HistoricPerson(string PersonId, string Username);

/// <summary>A grant as it stood at a time.</summary>
/// <param name="Privilege">In the platform's spelling.</param>
/// <param name="Audience">The audience through which it was held; null: it was the identity's own.</param>
/// <param name="Since">From when on the identity had it: since the later of grant and membership.</param>
public sealed record HistoricGrant(string Privilege, string? Audience, DateTimeOffset Since);

/// <summary>An identity that could use an object at a time.</summary>
/// <param name="Identity">On the platform.</param>
/// <param name="People">Who used it then; nobody registered when empty.</param>
/// <param name="Grants">By which grants.</param>
public sealed record HistoricReader(string Identity, IReadOnlyList<HistoricPerson> People, IReadOnlyList<HistoricGrant> Grants);

/// <summary>What Sluice had made of an object's access at a time.</summary>
/// <param name="Readers">By identity.</param>
/// <param name="MaskedColumns">Columns with a mask.</param>
/// <param name="RowRules">How many row rules there were.</param>
public sealed record HistoricAccess(IReadOnlyList<HistoricReader> Readers, IReadOnlyList<string> MaskedColumns, int RowRules);

/// <summary>Who could use what, at any time.</summary>
public interface IAccessHistory
{
    /// <summary>What was granted on an object, by the path it had then.</summary>
    Task<HistoricAccess> AtAsync(ObjectPath path, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Ends what is in force of connections that are no more: nobody looks there any longer.</summary>
    /// <returns>How many facts that were.</returns>
    Task<int> EndGoneAsync(DateTimeOffset at, CancellationToken cancellationToken);
}
