using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Policies;

namespace Sluice.Core.Access;

/// <summary>
/// All decisions about a set of objects, kept up to date: a change of a person, an object or a policy recomputes what it touches, and the outcome is that of
/// computing everything anew. For one thread at a time.
/// </summary>
public sealed class AccessIndex
{
    // Audiences that were given up are forgotten when they are as many as those in use.
    private const int SpareAudiences = 64;

    private readonly Dictionary<ObjectPath, ObjectVerdict> objects;
    private readonly Dictionary<ObjectBucket, BucketAudiences> buckets = new(ReferenceEqualityComparer.Instance);
    private AccessCompiler compiler;

    /// <summary>Decides everything.</summary>
    /// <exception cref="ArgumentException">Two policies have one key, or a pattern is none.</exception>
    public AccessIndex(PeopleSnapshot people, IEnumerable<Policy> policies, IReadOnlyCollection<GovernedObject> objects)
    {
        compiler = new AccessCompiler(policies);
        Audiences = new AudienceIndex(people);
        this.objects = new Dictionary<ObjectPath, ObjectVerdict>(objects.Count);
        foreach (var target in objects) Put(target);
    }

    /// <summary>Who the rules hold for. Changes of people go here.</summary>
    public AudienceIndex Audiences { get; }

    /// <summary>What the policies ask for on an object; null for one that is not here.</summary>
    public ObjectAccess? AccessOf(ObjectPath path) => objects.TryGetValue(path, out var verdict) ? verdict.Audiences.Bucket.Access : null;

    /// <summary>Whether a person reads an object by rule. Allocates nothing.</summary>
    public bool MayRead(string personId, ObjectPath path) => objects.TryGetValue(path, out var verdict) && verdict.Audiences.Read.Contains(personId);

    /// <summary>Whether a person writes an object by rule. Allocates nothing.</summary>
    public bool MayWrite(string personId, ObjectPath path) => objects.TryGetValue(path, out var verdict) && verdict.Audiences.Write.Contains(personId);

    /// <summary>An object as it is now, or a new one. True when something else is asked for on it than before.</summary>
    public bool Put(GovernedObject target) => Place(target, compiler.BucketOf(target));

    /// <summary>An object is gone, or not active any more.</summary>
    public void Remove(ObjectPath path) => objects.Remove(path);

    /// <summary>A policy as it is now, or a new one. The objects on which something else is asked for than before.</summary>
    public IReadOnlyList<ObjectPath> Put(Policy policy) => Change(policy.Key, policy.IsStaged ? null : new PreparedPolicy(policy));

    /// <summary>A policy is gone. The objects on which something else is asked for than before.</summary>
    public IReadOnlyList<ObjectPath> RemovePolicy(string key) => Change(key, null);

    private List<ObjectPath> Change(string key, PreparedPolicy? now)
    {
        var others = compiler.Policies.Where(p => p.Policy.Key != key);
        compiler = new AccessCompiler(now is null ? others : others.Append(now));
        var changed = now is null ? null : new AccessCompiler([now]);
        var touchedBefore = buckets.Keys.Where(b => b.Set.Policies.Any(p => p.Policy.Key == key)).ToHashSet<ObjectBucket>(ReferenceEqualityComparer.Instance);
        var touched = objects.Values.Where(v => touchedBefore.Contains(v.Audiences.Bucket) || changed?.HoldsAny(v.Object) == true).ToList();

        var different = new List<ObjectPath>();
        foreach (var verdict in touched)
            if (Place(verdict.Object, compiler.BucketOf(verdict.Object))) different.Add(verdict.Object.Path);
        Forget();
        return different;
    }

    private bool Place(GovernedObject target, ObjectBucket bucket)
    {
        var audiences = AudiencesOf(bucket);
        var isSame = objects.TryGetValue(target.Path, out var before)
            && (before.Audiences == audiences || before.Audiences.Bucket.Access == bucket.Access);
        objects[target.Path] = new ObjectVerdict(target, audiences);
        return !isSame;
    }

    private BucketAudiences AudiencesOf(ObjectBucket bucket)
    {
        if (buckets.TryGetValue(bucket, out var known)) return known;
        foreach (var rule in bucket.Audiences) Audiences.Of(rule);
        var audiences = new BucketAudiences(bucket, Audiences.Of(bucket.Access.Read), Audiences.Of(bucket.Access.Write));
        buckets.Add(bucket, audiences);
        return audiences;
    }

    private void Forget()
    {
        var used = objects.Values.Select(static v => v.Audiences.Bucket).ToHashSet<ObjectBucket>(ReferenceEqualityComparer.Instance);
        foreach (var bucket in buckets.Keys.Where(b => !used.Contains(b)).ToList()) buckets.Remove(bucket);
        var rules = used.SelectMany(static b => b.Audiences).ToHashSet();
        if (Audiences.Count > rules.Count * 2 + SpareAudiences) Audiences.KeepOnly(rules);
    }

    private sealed record BucketAudiences(ObjectBucket Bucket, Audience Read, Audience Write);

    private readonly record struct ObjectVerdict(GovernedObject Object, BucketAudiences Audiences);
}
