using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Engine.Policies;
using Sluice.Storage.People;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Access;

/// <summary>People and policies at one revision, ready to decide. For one user at a time; see <see cref="AccessSnapshots"/>.</summary>
/// <param name="Revision">The access revision.</param>
/// <param name="People">Everybody.</param>
/// <param name="Policies">All policies, staged ones included.</param>
/// <param name="Compiler">Of those that are in force.</param>
/// <param name="Audiences">Who rules hold for.</param>
internal sealed record AccessSnapshot(long Revision, PeopleState People, IReadOnlyList<Policy> Policies, AccessCompiler Compiler, AudienceIndex Audiences);

/// <summary>Keeps the newest snapshot: questions are asked far more often than people and policies change.</summary>
internal sealed class AccessSnapshots(StoredPolicies policies, IPeopleSnapshots people, IPlanStore plans, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private AccessSnapshot? _newest;

    /// <summary>Asks the snapshot of this moment.</summary>
    public async Task<T> AskAsync<T>(Func<AccessSnapshot, T> question, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var revision = await plans.AccessRevisionAsync(cancellationToken);
            if (_newest is null || _newest.Revision != revision || _newest.People.NextExpiryAt <= now) _newest = await ReadAsync(revision, now, cancellationToken);
            return question(_newest);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<AccessSnapshot> ReadAsync(long revision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var everybody = await people.ReadAsync(now, cancellationToken);
        var all = await policies.ReadAsync(cancellationToken);
        return new AccessSnapshot(revision, everybody, all, new AccessCompiler(all), new AudienceIndex(everybody.Snapshot));
    }
}
