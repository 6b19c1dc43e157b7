using System.Runtime.CompilerServices;
using Sluice.Core.Audit;

namespace Sluice.Storage.Audit;

/// <summary>The trail read from end to end: to check it, and to take it elsewhere.</summary>
public sealed class AuditTrail(IAuditStore store, IAuditKeys keys)
{
    private const int PageSize = 1000;

    /// <summary>Checks every stream, against the checkpoints given and, where <paramref name="known"/> names one, a stream that is gone altogether.</summary>
    /// <param name="known">Checkpoints from elsewhere.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<AuditReport>> VerifyAsync(IReadOnlyList<AuditCheckpoint> known, CancellationToken cancellationToken)
    {
        var byId = await keys.AllAsync(cancellationToken);
        var reports = new List<AuditReport>();
        var heads = await store.HeadsAsync(cancellationToken);
        foreach (var head in heads) reports.Add(await VerifyAsync(head, byId, known, cancellationToken));
        var there = heads.Select(static h => h.Stream).ToHashSet();
        foreach (var gone in known.Select(static c => c.Stream).Where(s => !there.Contains(s)).Distinct())
            reports.Add(AuditVerifier.Verify(gone, [], head: null, byId.GetValueOrDefault, checkpoints: known));
        return reports;
    }

    /// <summary>Every row: stream by stream, each in order.</summary>
    public async IAsyncEnumerable<AuditRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var head in await store.HeadsAsync(cancellationToken))
            await foreach (var row in ReadAsync(head.Stream, cancellationToken)) yield return row;
    }

    private async Task<AuditReport> VerifyAsync(
        AuditHead head, IReadOnlyDictionary<string, AuditKey> byId, IReadOnlyList<AuditCheckpoint> known, CancellationToken cancellationToken)
    {
        var own = await store.CheckpointsAsync(head.Stream, cancellationToken);
        var prunedTo = own.FirstOrDefault(c => c.Sequence == head.PrunedThrough);
        // What was deleted for its age can't be compared any more.
        var kept = own.Concat(known).Where(c => c.Stream != head.Stream || c.Sequence > head.PrunedThrough).ToList();
        var verifier = new AuditVerifier(head.Stream, byId.GetValueOrDefault, prunedTo, kept);
        await foreach (var row in ReadAsync(head.Stream, cancellationToken))
        {
            // Rows that came since the head was read are left for the next time; rows that nobody wrote are not.
            if (row.Event.Sequence > head.Sequence && await IsNewAsync(head, row, cancellationToken)) break;
            verifier.Take(row);
        }

        return verifier.Finish(head.Sequence == 0 ? null : head);
    }

    private async Task<bool> IsNewAsync(AuditHead head, AuditRow row, CancellationToken cancellationToken) =>
        (await store.HeadsAsync(cancellationToken)).Any(h => h.Stream == head.Stream && h.Sequence >= row.Event.Sequence);

    private async IAsyncEnumerable<AuditRow> ReadAsync(AuditStream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await store.ReadAsync(stream, after, PageSize, cancellationToken);
            foreach (var row in page) yield return row;
            if (page.Count < PageSize) yield break;
            after = page[^1].Event.Sequence;
        }
    }
}
