using System.Collections.Concurrent;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// What is set on the objects from which changes take a policy away, or put another in its place: such a statement takes away whatever is set, so it has to be ours still.
/// </summary>
internal sealed class PoliciesInPlace
{
    /// <summary>Of changes that only add something.</summary>
    public static readonly PoliciesInPlace Unasked = new([], new Dictionary<ObjectPath, OnObject>());

    private readonly Dictionary<FactKey, string> _ours;
    private readonly IReadOnlyDictionary<ObjectPath, OnObject> _looked;

    private PoliciesInPlace(Dictionary<FactKey, string> ours, IReadOnlyDictionary<ObjectPath, OnObject> looked) => (_ours, _looked) = (ours, looked);

    /// <summary>Reads it by as few requests as there can be: one for each object, or one for each policy of ours.</summary>
    /// <exception cref="PlatformException">Nothing can be read at the moment.</exception>
    public static async Task<PoliciesInPlace> ReadAsync(PolicyReferences references, IEnumerable<Change> changes, int parallelism, CancellationToken cancellationToken)
    {
        var taken = changes.Where(static c => c.Verb != ChangeVerb.Add).ToList();
        if (taken.Count == 0) return Unasked;
        var (names, others) = await references.NamesAsync(cancellationToken);
        var views = taken.GroupBy(static c => c.Key.Object!).ToDictionary(static g => g.Key, static g => g.Any(static c => c.Key.Detail == PolicyText.OnView));
        var looked = new ConcurrentDictionary<ObjectPath, OnObject>();
        var ours = new ConcurrentDictionary<FactKey, string>();
        var together = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        if (views.Count > names.Count)
        {
            await Parallel.ForEachAsync(names, together, async (name, token) =>
            {
                try
                {
                    foreach (var reference in await references.OfPolicyAsync(name, token)) ours[Observation.KeyOf(reference)] = name;
                }
                catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
                {
                    // Dropped since it was listed: the objects are looked at.
                }
            });
        }

        // One that is set and no more listed was ours: an object that was dropped came back with it.
        await Parallel.ForEachAsync(taken.Where(c => !ours.ContainsKey(c.Key)).Select(static c => c.Key.Object!).Distinct(), together, async (path, token) =>
        {
            var on = looked[path] = await LookAsync(references, path, views[path], token);
            foreach (var reference in on.Set.Where(r => references.IsInPlace(r) && !others.Contains(r.Policy))) ours[Observation.KeyOf(reference)] = reference.Policy;
        });
        return new PoliciesInPlace(ours.ToDictionary(), looked);
    }

    /// <summary>The policy of ours that is set there; null where none is.</summary>
    public string? Find(FactKey key) => _ours.GetValueOrDefault(key);

    /// <summary>Whether somebody else's policy is set where ours was.</summary>
    public bool IsTakenByOthers(FactKey key) => _looked.TryGetValue(key.Object!, out var on) && on.Set.Any(r => r.IsMaskOrRows && Observation.KeyOf(r) == key);

    /// <summary>Why an object can't be looked at, as that it is there no more; null when it could be.</summary>
    public string? RefusalOf(ObjectPath path) => _looked.GetValueOrDefault(path)?.Refusal;

    // An object that somebody dropped or renamed keeps no other waiting.
    private static async Task<OnObject> LookAsync(PolicyReferences references, ObjectPath path, bool isView, CancellationToken cancellationToken)
    {
        try
        {
            return new OnObject(await references.OfObjectAsync(path, isView, cancellationToken), null);
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            return new OnObject([], e.Message);
        }
    }

    private sealed record OnObject(IReadOnlyList<PolicyReference> Set, string? Refusal);
}
