using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Sets policies on columns and objects, exchanges them and takes them off.</summary>
/// <param name="statements">Runs SQL.</param>
/// <param name="names">How policies are called.</param>
/// <param name="references">Reads where they are set.</param>
/// <param name="intent">What is to be enforced.</param>
/// <param name="make">Makes policies that are not there yet; false where one can't be.</param>
/// <param name="parallelism">How many requests are made at once.</param>
internal sealed class PolicySetter(
    StatementClient statements,
    NativeNames names,
    PolicyReferences references,
    AccessIntent intent,
    Func<IEnumerable<SetPolicy>, CancellationToken, Task<bool>> make,
    int parallelism)
{
    private const int RoomAttempts = 3;

    private readonly Dictionary<ObjectPath, IntendedObject> _intended = intent.Objects.ToDictionary(static o => o.Object.Path);
    private readonly MaskFunctions _functions = new(Technology.Snowflake, intent.MaskFunctionSchemas, intent.OwnContainer);
    private readonly SemaphoreSlim _makingRoom = new(1);
    private readonly HashSet<string> _released = new(StringComparer.Ordinal);

    /// <summary>Policies that show nothing.</summary>
    public ClosingPolicy Closing { get; } = new(names, Protection.Passes(intent, names));

    /// <summary>Policies that showed nothing and stand no longer where they stood.</summary>
    public IReadOnlySet<string> Released => _released;

    /// <summary>The statements of changes of masks and row rules.</summary>
    public async Task<IReadOnlyList<Unit>> UnitsAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var set = await PoliciesInPlace.ReadAsync(references, changes, parallelism, cancellationToken);
        var units = new List<Unit>();
        foreach (var ofObject in changes.GroupBy(static c => c.Key.Object!))
        {
            var own = new List<Unit>();
            foreach (var change in ofObject)
            {
                var before = set.Find(change.Key);
                own.Add(
                    change.Verb != ChangeVerb.Add && before is null ? OfLost(change, set)
                    : before is not null && HeldFor(change, set) is { } held ? await HoldAsync(change, before, held, cancellationToken)
                    : OfChange(change, before));
                if (before is not null) Release(change.Key.Object!, before);
            }

            units.AddRange(WithDeferred(ofObject.Key, own, set));
        }

        return units;
    }

    private Unit OfChange(Change change, string? before)
    {
        var of = Statements.Altered(change.Key);
        if (change.Verb == ChangeVerb.Remove)
            return new Unit([change], change.Key.Kind == FactKind.Mask ? Statements.Unmask(of, change.Key.Subject) : Statements.Unfilter(of, names.Policy(before!)));
        var (policy, columns) = SetPolicy.Read(change.Definition);
        var sql = change.Key.Kind == FactKind.Mask
            ? Statements.Mask(of, change.Key.Subject, names.Policy(policy), columns, change.Verb == ChangeVerb.Replace)
            : Statements.Filter(of, before is null ? null : names.Policy(before), names.Policy(policy), columns);
        return new Unit([change], sql) { IsDone = (_, token) => IsSetAsync(change, token) };
    }

    // What would ask a column that is masked to hold the place of others waits until that mask is gone: what it would be told there is not documented.
    private SetPolicy? HeldFor(Change change, PoliciesInPlace set)
    {
        if (change is not { Verb: ChangeVerb.Replace, Key.Kind: FactKind.RowRule } || !_intended.TryGetValue(change.Key.Object!, out var item)) return null;
        var closed = item.Object.Columns.Where(c => IsClosed(item, set.Find(SetPolicy.KeyOn(item.Object, c.Name)))).ToList();
        if (closed.Count == 0) return null;
        var rows = Protection.Of(intent, names, _functions, item).Policies.FirstOrDefault(p => p.Column is null && p.Definition == change.Definition);
        return closed.Find(c => rows?.Columns.Contains(c.Name) == true) is { } masked ? Closing.Rows(masked) : null;
    }

    private async Task<Unit> HoldAsync(Change change, string before, SetPolicy held, CancellationToken cancellationToken)
    {
        if (IsClosed(_intended[change.Key.Object!], before)) return new Unit([change], "") { IsNeedless = true };
        if (await make([held], cancellationToken)) return new Unit([change], Place(held, change.Key, before));
        return new Unit([change], "")
        {
            Refusal = $"The row rule of {change.Key.Object} waits until a mask is off, and the policy that shows no row until then could not be made. The role that Sluice works with needs CREATE ROW ACCESS POLICY on {names.PolicySchema}.",
        };
    }

    private bool IsClosed(IntendedObject item, string? policy) => policy is not null && Closing.IsOne(item.Object, policy);

    // What somebody else took away is gone as it shall be; what they put in its place is theirs.
    private static Unit OfLost(Change change, PoliciesInPlace set) =>
        set.RefusalOf(change.Key.Object!) is { } refusal ? new Unit([change], "") { Refusal = refusal }
        : change.Verb != ChangeVerb.Remove || set.IsTakenByOthers(change.Key) ? NotOurs(change)
        : new Unit([change], "") { IsNeedless = true };

    private static Unit NotOurs(Change change) => new([change], "")
    {
        Refusal = $"The policy on {change.Key.Object}{(change.Key.Kind == FactKind.Mask ? $", column {change.Key.Subject}," : "")} is not this Sluice's any more, so it is not changed. Plan again to see what is there.",
    };

    private void Release(ObjectPath path, string policy)
    {
        if (_intended.TryGetValue(path, out var item) && IsClosed(item, policy)) _released.Add(policy);
    }

    // Where a policy had to wait for a mask to go, it takes the place that was held for it when the last mask has gone.
    private IEnumerable<Unit> WithDeferred(ObjectPath path, List<Unit> units, PoliciesInPlace set)
    {
        var removals = units.Where(static u => u is { Refusal: null, IsNeedless: false } && u.Changes[0].Verb == ChangeVerb.Remove).ToList();
        if (removals.Count == 0 || !_intended.TryGetValue(path, out var item)) return units;
        var deferred = Protection.Of(intent, names, _functions, item).Policies
            .Select(p => (Policy: p, Key: p.KeyOn(item.Object)))
            .Where(p => set.Find(p.Key) is { } name && name != p.Policy.Name && Closing.IsOne(item.Object, name) && !(p.Policy.Column is null && p.Policy.Columns.Any(StaysClosed)))
            .ToList();
        if (deferred.Count == 0) return units;
        _released.UnionWith(deferred.Select(p => set.Find(p.Key)!));
        var all = new Unit([.. removals.SelectMany(static u => u.Changes)], removals[0].Sql)
        {
            Following = [.. removals.Skip(1).Select(static u => u.Sql), .. deferred.Select(p => Place(p.Policy, p.Key, set.Find(p.Key)))],
        };
        return [.. units.Except(removals), all];

        // What a row rule would be told there is not documented.
        bool StaysClosed(string column) => SetPolicy.KeyOn(item.Object, column) is var mask && IsClosed(item, set.Find(mask)) && !removals.Exists(u => u.Changes[0].Key == mask);
    }

    private string Place(SetPolicy policy, FactKey key, string? before)
    {
        var (_, columns) = SetPolicy.Placed(policy.Name, policy.Columns);
        return policy.Column is { } column
            ? Statements.Mask(Statements.Altered(key), column, names.Policy(policy.Name), columns, before is not null)
            : Statements.Filter(Statements.Altered(key), before is null ? null : names.Policy(before), names.Policy(policy.Name), columns);
    }

    private async Task<bool> IsSetAsync(Change change, CancellationToken cancellationToken)
    {
        await _makingRoom.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var set = await references.OfObjectAsync(change.Key.Object!, change.Key.Detail == PolicyText.OnView, cancellationToken);
                if (set.Exists(r => references.IsInPlace(r) && Observation.KeyOf(r) == change.Key && SetPolicy.IsOf(r, change.Definition))) return true;
                if (!_intended.TryGetValue(change.Key.Object!, out var item)) return false;
                try
                {
                    return await MakeRoomAsync(item, change, set, cancellationToken);
                }
                catch (PlatformException e) when (!e.IsTransient && attempt < RoomAttempts)
                {
                    // Another of this plan's masks took the column that was free a moment ago.
                }
            }
        }
        finally
        {
            _makingRoom.Release();
        }
    }

    private async Task<bool> MakeRoomAsync(IntendedObject item, Change change, IReadOnlyList<PolicyReference> set, CancellationToken cancellationToken)
    {
        var asked = Protection.Of(intent, names, _functions, item).Policies;
        if (Wanted(item.Object, change, asked) is not { } wanted) return false;
        var steps = Collision.Steps(Stored(item), wanted, await references.WithArgumentsAsync(set, cancellationToken), references.IsInPlace, Closing, asked);
        if (steps is null || !await make(steps.Where(s => s.Name != wanted.Name), cancellationToken)) return false;
        var now = set.Where(references.IsInPlace).DistinctBy(Observation.KeyOf).ToDictionary(Observation.KeyOf, static r => r.Policy);
        foreach (var step in steps)
        {
            var key = step.KeyOn(item.Object);
            var before = now.GetValueOrDefault(key);
            using var result = await statements.RunAsync(new Statement(Place(step, key, before)), cancellationToken);
            if (before is not null && before != step.Name) Release(item.Object.Path, before);
            now[key] = step.Name;
        }

        return true;
    }

    // No policy takes a virtual column.
    private static GovernedObject Stored(IntendedObject item) => item.Unprotectable?.Computed is { Count: > 0 } computed
        ? item.Object with { Columns = [.. item.Object.Columns.Where(c => !computed.Any(v => v.Name == c.Name))] }
        : item.Object;

    // One that the intent asks for, or one that holds its place.
    private SetPolicy? Wanted(GovernedObject of, Change change, IReadOnlyList<SetPolicy> asked) =>
        asked.Concat(of.Columns.Select(c => change.Key.Kind == FactKind.Mask ? Closing.Mask(c) : Closing.Rows(c)))
            .FirstOrDefault(p => p.Definition == change.Definition && (change.Key.Kind == FactKind.RowRule || p.Column == change.Key.Subject));
}
