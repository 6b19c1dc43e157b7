using Sluice.Engine.Callers;
using Sluice.Engine.People;
using Sluice.Storage.People;

namespace Sluice.Server.Tests.Fakes;

/// <summary>A server without people.</summary>
internal sealed class NobodyRegistered : ICallerPeople
{
    public Task<CallerLink> FindAsync(string callerId, string? email, CancellationToken cancellationToken) => Task.FromResult(CallerLink.None);

    public Task<StoredPerson?> NamedAsync(string idOrUsername, CancellationToken cancellationToken) => Task.FromResult<StoredPerson?>(null);

    public Task<Behind> BehindAsync(Caller caller, CancellationToken cancellationToken) =>
        Task.FromResult(new Behind(new HashSet<Guid>(), new HashSet<string>(), null));
}
