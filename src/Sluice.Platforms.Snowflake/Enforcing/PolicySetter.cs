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
    private readonly Dictionary<ObjectPath, IntendedObject> _intended = intent.Objects.ToDictionary(static o => o.Object.Path);
    private readonly MaskFunctions _functions = new(Technology.Snowflake, intent.MaskFunctionSchemas, intent.OwnContainer);
    private readonly SemaphoreSlim _makingRoom = new(1);
    private readonly HashSet<string> _released = new(StringComparer.Ordinal);

    /// <summary>Policies that show nothing.</summary>
    public ClosingPolicy Closing { get; } = new(names);

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
                own.Add(change.Verb != ChangeVerb.Add && before is null ? OfLost(change, set) : OfChange(change, before, set));
                if (before is not null) Release(change.Key.Object!, before);
            }

            units.AddRange(WithDeferred(ofObject.Key, own, set));
        }

        return units;
    }

    private Unit OfChange(Change change, string? before, PoliciesInPlace set)
    {
        var of = Statements.Altered(change.Key);
        if (change.Verb == ChangeVerb.Remove)
            return new Unit([change], change.Key.Kind == FactKind.Mask ? Statements.Unmask(of, change.Key.Subject) : Statements.Unfilter(of, names.Policy(before!)));
        var (policy, columns) = SetPolicy.Read(change.Definition);
        if (change.Key.Kind == FactKind.Mask)
            return new Unit([change], Statements.Mask(of, change.Key.Subject, names.Policy(policy), columns, change.Verb == ChangeVerb.Replace)) { IsDone = (_, token) => IsSetAsync(change, token) };
        var covering = MasksBehind(change.Key.Object!, set, ref before);
        var rows = Statements.Filter(of, before is null ? null : names.Policy(before), names.Policy(policy), columns);
        string[] all = [.. covering, rows];
        return new Unit([change], all[0]) { Following = all[1..], IsDone = (_, token) => IsSetAsync(change, token) };
    }

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
        if (_intended.TryGetValue(path, out var item) && Closing.IsOne(item.Object, policy)) _released.Add(policy);
    }

    // Where a policy had to wait for a mask to go, it takes the place that was held for it when the last mask has gone.
    private IEnumerable<Unit> WithDeferred(ObjectPath path, List<Unit> units, PoliciesInPlace set)
    {
        var removals = units.Where(static u => u is { Refusal: null, IsNeedless: false } && u.Changes[0].Verb == ChangeVerb.Remove).ToList();
        if (removals.Count == 0 || !_intended.TryGetValue(path, out var item)) return units;
        var deferred = Protection.Of(intent, names, _functions, item).Policies
            .Select(p => (Policy: p, Key: p.KeyOn(item.Object)))
            .Where(p => set.Find(p.Key) is { } name && name != p.Policy.Name && Closing.IsOne(item.Object, name))
            .ToList();
        var rowsKey = SetPolicy.KeyOn(item.Object, column: null);
        var rows = set.Find(rowsKey);
        var covering = MasksBehind(path, set, ref rows);
        if (deferred.Count == 0 && covering.Count == 0) return units;
        _released.UnionWith(deferred.Select(p => set.Find(p.Key)!));
        var (filters, masks) = (removals.Where(static u => u.Changes[0].Key.Kind == FactKind.RowRule), removals.Where(static u => u.Changes[0].Key.Kind == FactKind.Mask));
        string[] all =
        [
            .. masks.Select(static u => u.Sql), .. covering, .. filters.Select(_ => Statements.Unfilter(Statements.Altered(rowsKey), names.Policy(rows!))),
            .. deferred.Select(p => Place(p.Policy, p.Key, p.Policy.Column is null ? rows : set.Find(p.Key))),
        ];
        return [.. units.Except(removals), new Unit([.. removals.SelectMany(static u => u.Changes)], all[0]) { Following = all[1..] }];
    }

    // Masks that wait behind a policy that shows no row are set before another does: it leaves their columns for one that no mask needs any more.
    private List<string> MasksBehind(ObjectPath path, PoliciesInPlace set, ref string? rows)
    {
        if (!_intended.TryGetValue(path, out var item) || !IsClosed(item, rows)) return [];
        var waiting = MissingMasks(item, set.Find).ToList();
        if (waiting.Count == 0 || RowsOfRest(item) is not { } held) return [];
        var placed = Place(held, held.KeyOn(item.Object), rows);
        _released.Add(rows = held.Name);
        return [placed, .. waiting.Select(p => Place(p, p.KeyOn(item.Object), null))];
    }

    private bool IsClosed(IntendedObject item, string? rows) => rows is not null && Closing.IsOne(item.Object, rows);

    private IEnumerable<SetPolicy> MissingMasks(IntendedObject item, Func<FactKey, string?> find) =>
        Protection.Of(intent, names, _functions, item).Policies.Where(p => p.Column is not null && find(p.KeyOn(item.Object)) is null);

    private SetPolicy? RowsOfRest(IntendedObject item) =>
        Collision.RestOf(item.Object, Protection.Of(intent, names, _functions, item).Policies) is { } column ? Closing.Rows(column) : null;

    private string Place(SetPolicy policy, FactKey key, string? before)
    {
        var (_, columns) = SetPolicy.Placed(policy.Name, policy.Columns);
        return policy.Column is { } column
            ? Statements.Mask(Statements.Altered(key), column, names.Policy(policy.Name), columns, before is not null)
            : Statements.Filter(Statements.Altered(key), before is null ? null : names.Policy(before), names.Policy(policy.Name), columns);
    }

    private async Task<bool> IsSetAsync(Change change, CancellationToken cancellationToken)
    {
        var wanted = SetPolicy.Read(change.Definition);
        await _makingRoom.WaitAsync(cancellationToken);
        try
        {
            var set = await references.OfObjectAsync(change.Key.Object!, change.Key.Detail == PolicyText.OnView, cancellationToken);
            return set.Exists(r => references.IsInPlace(r) && Observation.KeyOf(r) == change.Key && SetPolicy.Placed(r.Policy, r.Columns) == wanted && r.Status == PolicyReference.Active)
                || (_intended.TryGetValue(change.Key.Object!, out var item) && await MakeRoomAsync(item, change, set, cancellationToken));
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
        var now = set.Where(references.IsInPlace).DistinctBy(Observation.KeyOf).ToDictionary(Observation.KeyOf, static r => r.Policy);
        if (Collision.Steps(item.Object, wanted, set, references.IsInPlace, Closing, asked) is not { } room) return false;
        if (room.IsBehindRows && !asked.Contains(wanted)) return false;
        if (wanted.Column is null && room.Steps.Contains(wanted) && IsClosed(item, now.GetValueOrDefault(wanted.KeyOn(item.Object))) && MissingMasks(item, now.GetValueOrDefault).Any()) return false;
        if (!await make(room.Steps.Where(s => s.Name != wanted.Name).Concat(room.IsBehindRows && RowsOfRest(item) is { } rest ? [rest] : []), cancellationToken)) return false;
        foreach (var step in room.Steps)
        {
            var key = step.KeyOn(item.Object);
            using var result = await statements.RunAsync(new Statement(Place(step, key, now.GetValueOrDefault(key))), cancellationToken);
        }

        return true;
    }

    // One that the intent asks for, or one that holds its place.
    private SetPolicy? Wanted(GovernedObject of, Change change, IReadOnlyList<SetPolicy> asked) =>
        asked.Concat(of.Columns.Select(c => change.Key.Kind == FactKind.Mask ? Closing.Mask(c) : Closing.Rows(c)))
            .FirstOrDefault(p => p.Definition == change.Definition && (change.Key.Kind == FactKind.RowRule || p.Column == change.Key.Subject));
}
