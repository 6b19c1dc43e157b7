using System.Collections.Concurrent;
using Sluice.Core.Planning;
using Sluice.Platforms.Http;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>Grants and revokes in batches. Entries that only failed for now are sent again; those that failed are told by themselves.</summary>
internal sealed class GrantBatches(LakeFormationWriter lake, Retrier retrier, RetryPolicy retry, AwsLimits limits)
{
    /// <summary>The entries in batches of what AWS takes, several at once. Permissions of one principal on one resource share an entry.</summary>
    public async Task SendAsync(
        IReadOnlyList<(Change Change, LakePermission Entry)> wanted, bool isRevoke, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var entries = wanted.GroupBy(w => EntryKey.Of(w.Entry)).Select(g => new Merged(Sum(g.Select(w => w.Entry)), [.. g.Select(w => w.Change)]));
        await Parallel.ForEachAsync(
            entries.Chunk(limits.GrantsPerBatch),
            new ParallelOptions { MaxDegreeOfParallelism = limits.WritesAtOnce, CancellationToken = cancellationToken },
            async (batch, token) =>
            {
                var failures = await SendAsync([.. batch.Select(b => b.Entry)], isRevoke, token);
                for (var i = 0; i < batch.Length; i++)
                    foreach (var change in batch[i].Changes) tell(new ChangeOutcome(change, failures.GetValueOrDefault(i)?.Message, failures.GetValueOrDefault(i)?.IsTransient == true));
            });
    }

    /// <summary>Sends one batch; answers by place what failed for good, or still failed at the end of all tries.</summary>
    public async Task<IReadOnlyDictionary<int, PlatformException>> SendAsync(IReadOnlyList<LakePermission> batch, bool isRevoke, CancellationToken cancellationToken)
    {
        var failed = new ConcurrentDictionary<int, PlatformException>();
        var left = Enumerable.Range(0, batch.Count).ToList();
        try
        {
            await retrier.RunAsync(retry, AttemptAsync, cancellationToken);
        }
        catch (PlatformException e)
        {
            foreach (var place in left) failed.TryAdd(place, e);
        }

        return failed;

        async Task<bool> AttemptAsync(CancellationToken token)
        {
            IReadOnlyList<LakePermission> entries = [.. left.Select(i => batch[i])];
            var failures = isRevoke ? await lake.BatchRevokeAsync(entries, token) : await lake.BatchGrantAsync(entries, token);
            var again = new List<int>();
            PlatformException? transient = null;
            for (var i = 0; i < left.Count; i++)
            {
                if (!failures.TryGetValue(i, out var failure) || (isRevoke && IsGone(failure))) continue;
                if (failure.IsTransient)
                {
                    transient = failure;
                    again.Add(left[i]);
                }
                else failed[left[i]] = failure;
            }

            left = again;
            return transient is null ? true : throw transient;
        }
    }

    // A grant that is not there any more is what was asked for. So is one on what is not there: AWS says the same of what is hidden, and then the next
    // observation does not show it either.
    private static bool IsGone(PlatformException failure) =>
        failure.Failure == PlatformFailure.NotFound
        || (failure.Code == AwsErrorCodes.InvalidInput && failure.Message.Contains("No permissions revoked", StringComparison.OrdinalIgnoreCase));

    private static LakePermission Sum(IEnumerable<LakePermission> entries) =>
        entries.Aggregate((one, other) => one with { Granted = one.Granted | other.Granted, Grantable = one.Grantable | other.Grantable });

    private sealed record Merged(LakePermission Entry, IReadOnlyList<Change> Changes);

    // Of permissions, only those on whole tables can meet in one entry: SELECT on some columns stands alone.
    private readonly record struct EntryKey(string Principal, string Resource)
    {
        public static EntryKey Of(LakePermission entry) => new(entry.Principal, entry.Resource switch
        {
            LakeResource.Database database => database.Name,
            LakeResource.Table table => $"{table.DatabaseName}/{table.Name}",
            LakeResource.SomeColumns some => $"{some.DatabaseName}/{some.Name}/{(some.IsExcluding ? '-' : '+')}{string.Join('/', some.Columns)}",
            LakeResource.TagPolicy policy => $"?{string.Join('/', policy.Expression.Select(t => $"{t.Key}={string.Join(',', t.Values)}"))}",
            _ => throw new ArgumentException($"Sluice grants nothing on a resource of kind {entry.Resource.GetType().Name}.", nameof(entry)),
        });
    }
}
