using System.Collections.Concurrent;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>Makes audiences as values of LF-Tags, and assigns them to tables and columns.</summary>
internal sealed class TagWriter(
    LakeFormationClient reading, LakeFormationWriter lake, GrantBatches batches, Func<CancellationToken, Task<string>> caller, AwsLimits limits)
{
    /// <summary>Makes the values, and grants each to Sluice's own principal with the grant option: AWS shows the grants on an expression to who has that.</summary>
    public async Task MakeAsync(IReadOnlyList<Change> audiences, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var made = new List<(Change, LakePermission)>();
        if (audiences.Count == 0) return;
        var self = await caller(cancellationToken);
        foreach (var key in audiences.GroupBy(c => TagOf(c).Key, StringComparer.Ordinal))
        {
            await EachAsync(
                [.. key],
                async changes => await AddValuesAsync(key.Key, [.. changes.Select(c => TagOf(c).Value)], cancellationToken),
                outcome =>
                {
                    if (outcome.Error is not null) tell(outcome);
                    else made.Add((outcome.Change, Own(self, TagOf(outcome.Change))));
                });
        }

        await batches.SendAsync(made, isRevoke: false, tell, cancellationToken);
    }

    /// <summary>Deletes values that nothing carries any more, and keys that have none but the one that is nobody's.</summary>
    public async Task DeleteAsync(IReadOnlyList<Change> audiences, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        await DeleteValuesAsync([.. audiences.Where(c => TagOf(c).Value != AudienceTag.None)], tell, cancellationToken);
        foreach (var key in audiences.Where(c => TagOf(c).Value == AudienceTag.None)) await TellAsync([key], () => DeleteKeyAsync(TagOf(key).Key, cancellationToken), tell);
    }

    private async Task DeleteKeyAsync(string key, CancellationToken cancellationToken)
    {
        // Whoever made an audience of it meanwhile keeps it.
        if (await ValuesAsync(key, cancellationToken) is { } values && values.All(v => v == AudienceTag.None)) await lake.DeleteLFTagAsync(key, cancellationToken);
    }

    private async Task DeleteValuesAsync(IReadOnlyList<Change> audiences, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        if (audiences.Count == 0) return;
        var self = await caller(cancellationToken);
        var revoked = new ConcurrentQueue<Change>();
        await batches.SendAsync(
            [.. audiences.Select(c => (c, Own(self, TagOf(c))))],
            isRevoke: true,
            outcome =>
            {
                if (outcome.Error is null) revoked.Enqueue(outcome.Change);
                else tell(outcome);
            },
            cancellationToken);
        foreach (var key in revoked.GroupBy(c => TagOf(c).Key, StringComparer.Ordinal))
        {
            await EachAsync(
                [.. key],
                async changes =>
                {
                    var there = await ValuesAsync(key.Key, cancellationToken) ?? [];
                    string[] deleted = [.. changes.Select(c => TagOf(c).Value).Intersect(there, StringComparer.Ordinal)];
                    if (deleted.Length > 0) await lake.UpdateLFTagAsync(key.Key, [], deleted, cancellationToken);
                },
                tell);
        }
    }

    /// <summary>Assigns and takes off: one table's changes one after the other, several tables at once.</summary>
    /// <param name="changes">Of grants to audiences and of masks.</param>
    /// <param name="staysIn">Whether a table shall go on having a key, with another value.</param>
    /// <param name="tell">Is told how each ended.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task AssignAsync(IReadOnlyList<Change> changes, Func<ObjectPath, string, bool> staysIn, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            changes.GroupBy(c => c.Key.Object!),
            new ParallelOptions { MaxDegreeOfParallelism = limits.WritesAtOnce, CancellationToken = cancellationToken },
            async (table, token) =>
            {
                // Columns are covered before the table joins, and uncovered after it left.
                foreach (var step in table.GroupBy(StepOf).OrderBy(s => s.Key))
                {
                    foreach (var same in step.GroupBy(TagOf))
                        await TellAsync([.. same], () => ChangeAsync(table.Key, same.Key, [.. same], staysIn, token), tell);
                }
            });

    private Task ChangeAsync(ObjectPath path, AudienceTag audience, IReadOnlyList<Change> changes, Func<ObjectPath, string, bool> staysIn, CancellationToken cancellationToken)
    {
        var isRemoved = changes[0].Verb == ChangeVerb.Remove;
        var isTable = changes[0].Key.Kind == FactKind.Grant;
        LakeResource resource = isTable
            ? new LakeResource.Table(path.Names[1], path.Name)
            : new LakeResource.SomeColumns(path.Names[1], path.Name) { Columns = [.. changes.Select(c => c.Key.Subject).Order(StringComparer.Ordinal)] };
        if (!isRemoved) return lake.AssignAsync(resource, audience.Tag, cancellationToken);
        return isTable && audience.Value != AudienceTag.None && !staysIn(path, audience.Key)
            ? LeaveKeyAsync(resource, audience, cancellationToken)
            : TakeOffAsync(resource, audience, cancellationToken);
    }

    // Whatever the table has of the key by now, it is nobody's from the first call on.
    private async Task LeaveKeyAsync(LakeResource table, AudienceTag audience, CancellationToken cancellationToken)
    {
        var none = audience with { Value = AudienceTag.None };
        await lake.AssignAsync(table, none.Tag, cancellationToken);
        await TakeOffAsync(table, none, cancellationToken);
    }

    // Takes off this value alone: what was assigned in its place in the meantime stays.
    private async Task TakeOffAsync(LakeResource resource, AudienceTag audience, CancellationToken cancellationToken)
    {
        try
        {
            await lake.TakeOffAsync(resource, audience.Tag, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
        {
            if (resource is not LakeResource.SomeColumns { Columns.Count: > 1 } some) return;
            foreach (var column in some.Columns) await TakeOffAsync(some with { Columns = [column] }, audience, cancellationToken);
        }
    }

    private async Task AddValuesAsync(string key, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        if (await ValuesAsync(key, cancellationToken) is not { } there)
        {
            await lake.CreateLFTagAsync(new LFTag(key, [AudienceTag.None]), cancellationToken);
            there = [AudienceTag.None];
        }

        string[] missing = [.. values.Append(AudienceTag.None).Except(there, StringComparer.Ordinal)];
        foreach (var chunk in missing.Chunk(limits.TagValuesPerUpdate)) await lake.UpdateLFTagAsync(key, chunk, [], cancellationToken);
    }

    private async Task<string[]?> ValuesAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // moto answers an unknown key with no values where AWS says EntityNotFound.
            return await reading.GetLFTagAsync(key, cancellationToken) is { Values: { Length: > 0 } values } ? values : null;
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
        {
            return null;
        }
    }

    // What a call with many values is refused for may be one of them.
    private async Task EachAsync(IReadOnlyList<Change> changes, Func<IReadOnlyList<Change>, Task> make, Action<ChangeOutcome> tell)
    {
        foreach (var chunk in changes.Chunk(limits.TagValuesPerUpdate))
        {
            try
            {
                await make(chunk);
                foreach (var change in chunk) tell(new ChangeOutcome(change, null));
            }
            catch (PlatformException e) when (chunk.Length > 1 && !e.IsTransient)
            {
                foreach (var change in chunk) await TellAsync([change], () => make([change]), tell);
            }
            catch (PlatformException e)
            {
                foreach (var change in chunk) tell(new ChangeOutcome(change, e.Message, e.IsTransient));
            }
        }
    }

    private static async Task TellAsync(IReadOnlyList<Change> changes, Func<Task> make, Action<ChangeOutcome> tell)
    {
        PlatformException? failure = null;
        try
        {
            await make();
        }
        catch (PlatformException e)
        {
            failure = e;
        }

        foreach (var change in changes) tell(new ChangeOutcome(change, failure?.Message, failure?.IsTransient == true));
    }

    private static LakePermission Own(string self, AudienceTag audience) => new(self, audience.Tables, audience.Permissions, audience.Permissions);

    private static AudienceTag TagOf(Change change) =>
        change.Key.Kind == FactKind.Mask ? new AudienceTag(change.Key.Detail, change.Definition) : AudienceTag.Read(change.Key.Subject)!.Value;

    private static int StepOf(Change change) => (change.Key.Kind, change.Verb) switch
    {
        (FactKind.Mask, not ChangeVerb.Remove) => 1,
        (_, not ChangeVerb.Remove) => 2,
        (FactKind.Grant, _) => 3,
        _ => 4,
    };
}
