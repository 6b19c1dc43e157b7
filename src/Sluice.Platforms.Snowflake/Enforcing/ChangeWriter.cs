using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Setup;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Makes the changes of a phase: what others rest on first, within that as many requests at once as Snowflake bears, and several statements in each. A
/// request that is refused is sent again in halves, so that one change that can't be made keeps no other from being made.
/// </summary>
internal sealed class ChangeWriter(StatementClient statements, NativeNames names, PolicyReferences references, InstanceMark mark, SnowflakeOptions options, AccessIntent intent)
{
    private const int SaltBytes = 32;

    /// <summary>Makes them, and tells how each ended.</summary>
    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
        ToldOutcomes.OfAsync((tell, token) => MakeAsync(phase, tell, token), cancellationToken);

    private async Task MakeAsync(IReadOnlyList<Change> phase, Action<ChangeOutcome> tellOne, CancellationToken cancellationToken)
    {
        var closing = Closing.Of(names, intent, phase);
        if (closing is not null && await CloseAsync(closing, cancellationToken) is { } refusal)
        {
            // Neither then: each without the other might show too much.
            foreach (var change in phase) tellOne(refusal with { Change = change });
            return;
        }

        string? unknown = null;
        var unmasked = new ConcurrentDictionary<ObjectPath, string>();
        await MakeStepsAsync(phase, Tell, RefusalOf, cancellationToken);
        if (closing is not null && unknown is null && unmasked.IsEmpty) await ForgetAsync(closing, cancellationToken);

        // What is closed stays so while not everything that its policy will ask is known, and rows while a mask is still the old one.
        void Tell(ChangeOutcome outcome)
        {
            if (closing is not null && outcome.Error is { } error)
            {
                if (PeopleWriter.IsAboutPeople(outcome.Change)) Interlocked.CompareExchange(ref unknown, error, null);
                else if (outcome.Change is { Verb: ChangeVerb.Replace, Key.Kind: FactKind.Mask }) unmasked.TryAdd(outcome.Change.Key.Object!, error);
            }

            tellOne(outcome);
        }

        string? RefusalOf(Change change)
        {
            if (closing?.Replaced.Contains(change) != true) return null;
            if (unknown is { } why) return $"what it asks about people could not be written: {why}";
            return change.Key.Kind == FactKind.RowRule && unmasked.TryGetValue(change.Key.Object!, out var mask) ? $"the mask that comes with it could not be set: {mask}" : null;
        }
    }

    private async Task<ChangeOutcome?> CloseAsync(Closing closing, CancellationToken cancellationToken)
    {
        ChangeOutcome? refusal = null;
        var policies = closing.Policies.Select(p => new Change(ChangePhase.Know, ChangeVerb.Add, new FactKey(FactKind.Support, null, p.Key, PolicyText.Detail), p.Value, ""));
        await MakeStepsAsync([.. policies, .. closing.Changes], o => refusal ??= o.Error is null ? null : o, static _ => null, cancellationToken);
        return refusal;
    }

    // What stays is seen by the next observation, and goes then.
    private async Task ForgetAsync(Closing closing, CancellationToken cancellationToken)
    {
        var policies = closing.Policies.Select(p => new Change(ChangePhase.Know, ChangeVerb.Remove, new FactKey(FactKind.Support, null, p.Key, PolicyText.Detail), p.Value, ""));
        await MakeStepsAsync([.. policies], static _ => { }, static _ => null, cancellationToken);
    }

    private async Task MakeStepsAsync(IReadOnlyList<Change> phase, Action<ChangeOutcome> tell, Func<Change, string?> refusalOf, CancellationToken cancellationToken)
    {
        foreach (var step in phase.GroupBy(StepOf).OrderBy(g => g.Key))
        {
            foreach (var change in step.Where(IsBase)) await WriteBaseAsync(change, tell, cancellationToken);
            await new PeopleWriter(statements, names).WriteAsync(step.Where(PeopleWriter.IsAboutPeople), tell, cancellationToken);
            var others = step.Where(c => !IsBase(c) && !PeopleWriter.IsAboutPeople(c)).ToLookup(c => refusalOf(c));
            foreach (var kept in others.Where(g => g.Key is not null)) foreach (var change in kept) tell(new ChangeOutcome(change, kept.Key, IsTransient: true));
            var all = await UnitsAsync([.. others[null]], cancellationToken);
            foreach (var refused in all.Where(u => u.Refusal is not null)) tell(new ChangeOutcome(refused.Changes[0], refused.Refusal));
            foreach (var needless in all.Where(static u => u.IsNeedless)) tell(new ChangeOutcome(needless.Changes[0], null));
            var units = all.Where(static u => u.Refusal is null && !u.IsNeedless);
            await Parallel.ForEachAsync(
                units.Chunk(options.StatementsPerRequest),
                new ParallelOptions { MaxDegreeOfParallelism = options.Statements.Maximum, CancellationToken = cancellationToken },
                async (batch, token) => await RunAsync(batch, tell, token));
        }
    }

    private static int StepOf(Change change) => (change.Key.Kind, change.Verb == ChangeVerb.Remove, change.Key) switch
    {
        _ when PeopleWriter.IsAboutPeople(change) => 3,
        (FactKind.Support, false, { Object: not null }) => 0,
        (FactKind.Support, false, { Detail: "" }) => 1,
        (FactKind.Support, false, { Detail: PolicyText.Detail }) => 2,
        (FactKind.Audience, false, _) => 2,
        (FactKind.RowRule, false, _) when change.Verb == ChangeVerb.Replace => 4,
        (_, false, _) => 3,
        (FactKind.Audience, true, _) => 6,
        (FactKind.Support, true, { Object: not null }) => 9,
        (FactKind.Support, true, { Detail: "" }) => 8,
        (FactKind.Support, true, { Detail: PolicyText.Detail }) => 7,
        _ => 5,
    };

    private static bool IsBase(Change change) => change.Key is { Kind: FactKind.Support, Object: null, Detail: "" };

    private async Task<List<Unit>> UnitsAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var units = new List<Unit>();
        var set = await SetAsync(changes, cancellationToken);
        foreach (var grants in changes.Where(c => c.Key.Object is not null && c.Key.Kind is FactKind.Grant or FactKind.Support).GroupBy(c => (c.Key.Object, c.Key.Subject, c.Verb)))
            units.AddRange(OfGrants([.. grants]));
        foreach (var change in changes)
        {
            if (change.Key.Object is not null && change.Key.Kind is FactKind.Grant or FactKind.Support) continue;
            units.Add(change.Key.Kind switch
            {
                FactKind.Audience => OfAudience(change),
                FactKind.Member => new Unit([change], change.Verb == ChangeVerb.Remove ? Statements.RemoveMember(change.Key.Subject, change.Key.Detail) : Statements.AddMember(change.Key.Subject, change.Key.Detail)),
                FactKind.Support => OfPolicy(change),
                FactKind.Mask or FactKind.RowRule when change.Verb != ChangeVerb.Add && !set.ContainsKey(change.Key) => await OfLostAsync(change, cancellationToken),
                FactKind.Mask => OfMask(change),
                FactKind.RowRule => OfRows(change, set),
                _ => throw new ArgumentException($"A change of {change.Key.Kind} is none of Snowflake's.", nameof(changes)),
            });
        }

        return units;
    }

    private static IEnumerable<Unit> OfGrants(IReadOnlyList<Change> changes)
    {
        var (path, role) = (changes[0].Key.Object!, changes[0].Key.Subject);
        if (changes[0].Verb == ChangeVerb.Replace) return changes.Select(c => new Unit([c], Statements.WithoutGrantOption(path, Privilege.Parse(c.Key.Detail), role)));
        return changes.GroupBy(c => Privilege.Parse(c.Key.Detail).On, StringComparer.Ordinal).Select(ofKind =>
        {
            var privileges = ofKind.Select(c => Privilege.Parse(c.Key.Detail)).ToList();
            return new Unit([.. ofKind], changes[0].Verb == ChangeVerb.Remove ? Statements.Revoke(path, privileges, role) : Statements.Grant(path, privileges, role));
        });
    }

    private Unit OfAudience(Change change) => change.Verb == ChangeVerb.Remove
        ? new Unit([change], Statements.DropRole(change.Key.Subject))
        : new Unit([change], Statements.CreateRole(change.Key.Subject, mark.Comment)) { IsDone = (e, token) => IsOursAsync(e, "ROLES", change.Key.Subject, token) };

    private Unit OfPolicy(Change change)
    {
        var (kind, policy) = (NativeNames.KindOf(change.Key.Subject), names.Policy(change.Key.Subject));
        return change.Verb switch
        {
            ChangeVerb.Remove => new Unit([change], Statements.DropPolicy(kind, policy)),
            ChangeVerb.Replace => new Unit([change], Statements.SetBody(kind, policy, ChangeText.BodyOf(change.Definition))),
            _ => new Unit([change], Statements.CreatePolicy(kind, policy, change.Definition, mark.Comment)) { IsDone = (e, token) => IsMadeAsync(e, kind, change, token) },
        };
    }

    // What is replaced or taken away has to be ours still: the statement takes away whatever is set.
    private async Task<Dictionary<FactKey, string>> SetAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        if (!changes.Any(static c => c.Key.Kind is FactKind.Mask or FactKind.RowRule && c.Verb != ChangeVerb.Add)) return [];
        var (ours, _) = await references.OwnAsync(cancellationToken);
        return ours.SelectMany(p => p.Set.Select(r => (Key: Observation.KeyOf(r), p.Name))).DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Name);
    }

    private Unit OfMask(Change change)
    {
        var of = Statements.Altered(change.Key);
        if (change.Verb == ChangeVerb.Remove) return new Unit([change], Statements.Unmask(of, change.Key.Subject));
        var (policy, columns) = SetPolicy.Read(change.Definition);
        return new Unit([change], Statements.Mask(of, change.Key.Subject, names.Policy(policy), columns, change.Verb == ChangeVerb.Replace))
        {
            IsDone = (_, token) => IsSetAsync(change, policy, token),
        };
    }

    private Unit OfRows(Change change, Dictionary<FactKey, string> set)
    {
        var of = Statements.Altered(change.Key);
        var before = set.GetValueOrDefault(change.Key);
        if (change.Verb == ChangeVerb.Remove) return new Unit([change], Statements.Unfilter(of, names.Policy(before!)));
        var (policy, columns) = SetPolicy.Read(change.Definition);
        return new Unit([change], Statements.Filter(of, before is null ? null : names.Policy(before), names.Policy(policy), columns)) { IsDone = (_, token) => IsSetAsync(change, policy, token) };
    }

    // What somebody else took away is gone as it shall be; what they put in its place is theirs.
    private async Task<Unit> OfLostAsync(Change change, CancellationToken cancellationToken)
    {
        if (change.Verb != ChangeVerb.Remove) return NotOurs(change);
        var set = await references.OfObjectAsync(change.Key.Object!, change.Key.Detail == PolicyText.OnView, cancellationToken);
        return set.Exists(r => Observation.KeyOf(r) == change.Key) ? NotOurs(change) : new Unit([change], "") { IsNeedless = true };
    }

    private static Unit NotOurs(Change change) => new([change], "")
    {
        Refusal = $"The policy on {change.Key.Object}{(change.Key.Kind == FactKind.Mask ? $", column {change.Key.Subject}," : "")} is not this Sluice's any more, so it is not changed. Plan again to see what is there.",
    };

    private bool IsOurs(PolicyReference reference) =>
        reference.Database == names.Database && reference.Schema == DatabaseLayout.PolicySchema && names.IsPolicy(reference.Policy);

    private async Task RunAsync(IReadOnlyList<Unit> units, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        PlatformException refusal;
        try
        {
            await SendAsync(units, cancellationToken);
            foreach (var change in units.SelectMany(u => u.Changes)) tell(new ChangeOutcome(change, null));
            return;
        }
        catch (PlatformException e) when (units.Count == 1 || e.IsTransient)
        {
            refusal = e;
        }
        catch (PlatformException)
        {
            var half = units.Count / 2;
            await RunAsync([.. units.Take(half)], tell, cancellationToken);
            await RunAsync([.. units.Skip(half)], tell, cancellationToken);
            return;
        }

        var isDone = units is [{ IsDone: { } ask }] && !refusal.IsTransient && await IsDoneAsync(ask, refusal, cancellationToken);
        foreach (var change in units.SelectMany(u => u.Changes)) tell(isDone ? new ChangeOutcome(change, null) : new ChangeOutcome(change, refusal.Message, refusal.IsTransient));
    }

    private async Task SendAsync(IReadOnlyList<Unit> units, CancellationToken cancellationToken)
    {
        if (units.Count == 1)
        {
            using var result = await statements.RunAsync(new Statement(units[0].Sql), cancellationToken);
            return;
        }

        var several = new Statement(string.Join(";\n", units.Select(u => u.Sql))) { Count = units.Count };
        foreach (var result in await statements.RunAllAsync(several, cancellationToken)) result.Dispose();
    }

    private static async Task<bool> IsDoneAsync(Func<PlatformException, CancellationToken, Task<bool>> ask, PlatformException refusal, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(refusal, cancellationToken);
        }
        catch (PlatformException)
        {
            // The refusal itself says more.
            return false;
        }
    }

    // What was made by an apply that was stopped before it heard of it.
    private async Task<bool> IsOursAsync(PlatformException refusal, string kinds, string name, CancellationToken cancellationToken)
    {
        if (refusal.Code != SnowflakeCodes.AlreadyExists) return false;
        var place = kinds == "ROLES" ? "" : $" IN SCHEMA {names.PolicySchema}";
        var filter = kinds == "ROLES" ? $" STARTS WITH {Quote.Literal(name)}" : "";
        using var result = await statements.RunAsync(new Statement($"SHOW {kinds}{filter}{place}"), cancellationToken);
        var (named, comment) = (result.Column("name"), result.Column("comment"));
        await foreach (var row in result.RowsAsync(cancellationToken))
            if (row[named] == name) return mark.OwnerOf(row[comment]) == MarkOwner.ThisInstance;
        return false;
    }

    private async Task<bool> IsMadeAsync(PlatformException refusal, string kind, Change change, CancellationToken cancellationToken)
    {
        if (!await IsOursAsync(refusal, kind.Replace("POLICY", "POLICIES", StringComparison.Ordinal), change.Key.Subject, cancellationToken)) return false;
        using var result = await statements.RunAsync(
            new Statement(Statements.SetBody(kind, names.Policy(change.Key.Subject), ChangeText.BodyOf(change.Definition))), cancellationToken);
        return true;
    }

    private async Task<bool> IsSetAsync(Change change, string policy, CancellationToken cancellationToken)
    {
        var set = await references.OfObjectAsync(change.Key.Object!, change.Key.Detail == PolicyText.OnView, cancellationToken);
        var column = change.Key.Kind == FactKind.Mask ? change.Key.Subject : null;
        return set.Exists(r => IsOurs(r) && r.Policy == policy && r.Column == column && r.Status == PolicyReference.Active);
    }

    private async Task WriteBaseAsync(Change change, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        try
        {
            var support = new Support(names);
            foreach (var sql in change.Verb == ChangeVerb.Remove ? support.Drop : support.Make(mark)) await RunAsync(new Statement(sql), cancellationToken);
            if (change.Verb != ChangeVerb.Remove)
            {
                // A salt that is there stays: what was hashed with it goes on being the same.
                var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));
                await RunAsync(new Statement(support.PutSalt) { Bindings = [salt] }, cancellationToken);
            }

            tell(new ChangeOutcome(change, null));
        }
        catch (PlatformException e)
        {
            tell(new ChangeOutcome(change, e.Message, e.IsTransient));
        }
    }

    private async Task RunAsync(Statement statement, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(statement, cancellationToken);
    }
}
