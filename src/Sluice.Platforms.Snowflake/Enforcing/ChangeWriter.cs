using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Makes the changes of a phase: what others rest on first, within that as many requests at once as Snowflake bears, and several statements in each. A
/// request that is refused is sent again in halves, so that one change that can't be made keeps no other from being made.
/// </summary>
internal sealed class ChangeWriter
{
    private const int SaltBytes = 32;

    private readonly StatementClient _statements;
    private readonly NativeNames _names;
    private readonly InstanceMark _mark;
    private readonly SnowflakeOptions _options;
    private readonly AccessIntent _intent;
    private readonly PolicySetter _setter;
    private readonly PolicyReferences _references;

    public ChangeWriter(StatementClient statements, NativeNames names, PolicyReferences references, InstanceMark mark, SnowflakeOptions options, AccessIntent intent)
    {
        (_statements, _names, _mark, _options, _intent, _references) = (statements, names, mark, options, intent, references);
        _setter = new PolicySetter(statements, names, references, intent, MakePoliciesAsync, options.Statements.Maximum);
    }

    /// <summary>Makes them, and tells how each ended.</summary>
    public IAsyncEnumerable<ChangeOutcome> ApplyAsync(IReadOnlyList<Change> phase, CancellationToken cancellationToken) =>
        ToldOutcomes.OfAsync((tell, token) => MakeAsync(phase, tell, token), cancellationToken);

    private async Task MakeAsync(IReadOnlyList<Change> phase, Action<ChangeOutcome> tellOne, CancellationToken cancellationToken)
    {
        var closing = Closing.Of(_setter.Closing, _intent, phase);
        var kept = closing is null ? [] : await Unclosed.KeptAsync(phase, await CloseAsync(closing, cancellationToken), _references, cancellationToken);
        foreach (var outcome in kept) tellOne(outcome);
        var isKept = kept.Select(static o => o.Change).ToHashSet();
        var unknown = kept.FirstOrDefault(static o => Unclosed.IsKnown(o.Change))?.Error;
        var unmasked = new ConcurrentDictionary<ObjectPath, string>();
        await MakeStepsAsync([.. phase.Where(c => !isKept.Contains(c))], Tell, RefusalOf, cancellationToken);
        // One that was made and could not be set, for its column is masked still, holds nothing: another held the place.
        await ForgetAsync(_setter.Released.Concat(closing?.Policies.Select(static p => p.Name) ?? []).Distinct(), cancellationToken);

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

    // Tells of each object that could not be closed why.
    private async Task<IReadOnlyDictionary<ObjectPath, ChangeOutcome>> CloseAsync(Closing closing, CancellationToken cancellationToken)
    {
        var refusals = new ConcurrentDictionary<ObjectPath, ChangeOutcome>();
        await MakeStepsAsync([.. closing.Policies.Select(static p => OfPolicy(ChangeVerb.Add, p.Name, p.Text)), .. closing.Changes], Note, static _ => null, cancellationToken);
        return refusals;

        // Where a policy can't be made, setting it is refused too.
        void Note(ChangeOutcome outcome)
        {
            if (outcome is { Error: not null, Change.Key.Object: { } path }) refusals.TryAdd(path, outcome);
        }
    }

    private async Task<bool> MakePoliciesAsync(IEnumerable<SetPolicy> policies, CancellationToken cancellationToken)
    {
        ChangeOutcome? refusal = null;
        await MakeStepsAsync([.. policies.Select(static p => OfPolicy(ChangeVerb.Add, p.Name, p.Text))], o => refusal ??= o.Error is null ? null : o, static _ => null, cancellationToken);
        return refusal is null;
    }

    // What stays is set elsewhere, or seen by the next observation, and goes then.
    private Task ForgetAsync(IEnumerable<string> policies, CancellationToken cancellationToken) =>
        MakeStepsAsync([.. policies.Select(static p => OfPolicy(ChangeVerb.Remove, p, ""))], static _ => { }, static _ => null, cancellationToken);

    private static Change OfPolicy(ChangeVerb verb, string name, string text) => new(ChangePhase.Know, verb, new FactKey(FactKind.Support, null, name, PolicyText.Detail), text, "");

    private async Task MakeStepsAsync(IReadOnlyList<Change> phase, Action<ChangeOutcome> tell, Func<Change, string?> refusalOf, CancellationToken cancellationToken)
    {
        foreach (var step in phase.GroupBy(StepOf).OrderBy(g => g.Key))
        {
            foreach (var change in step.Where(IsBase)) await WriteBaseAsync(change, tell, cancellationToken);
            await new PeopleWriter(_statements, _names).WriteAsync(step.Where(PeopleWriter.IsAboutPeople), tell, cancellationToken);
            var others = step.Where(c => !IsBase(c) && !PeopleWriter.IsAboutPeople(c)).ToLookup(c => refusalOf(c));
            foreach (var kept in others.Where(g => g.Key is not null)) foreach (var change in kept) tell(new ChangeOutcome(change, kept.Key, IsTransient: true));
            var all = await UnitsAsync([.. others[null]], cancellationToken);
            foreach (var refused in all.Where(u => u.Refusal is not null)) tell(new ChangeOutcome(refused.Changes[0], refused.Refusal));
            foreach (var needless in all.Where(static u => u.IsNeedless)) tell(new ChangeOutcome(needless.Changes[0], null));
            var units = all.Where(static u => u.Refusal is null && !u.IsNeedless);
            await Parallel.ForEachAsync(
                units.Chunk(_options.StatementsPerRequest),
                new ParallelOptions { MaxDegreeOfParallelism = _options.Statements.Maximum, CancellationToken = cancellationToken },
                async (batch, token) => await RunAsync(batch, tell, token));
        }
    }

    private static int StepOf(Change change) => (change.Key.Kind, change.Verb == ChangeVerb.Remove, change.Key) switch
    {
        _ when PeopleWriter.IsAboutPeople(change) => 4,
        (FactKind.Support, false, { Object: not null }) => 0,
        (FactKind.Support, false, { Detail: "" }) => 1,
        (FactKind.Support, false, { Detail: CallingFunction.Detail }) => 2,
        (FactKind.Support, false, { Detail: PolicyText.Detail }) => 3,
        (FactKind.Audience, false, _) => 3,
        (FactKind.RowRule, false, _) when change.Verb == ChangeVerb.Replace => 5,
        (_, false, _) => 4,
        (FactKind.Audience, true, _) => 7,
        (FactKind.Support, true, { Object: not null }) => 11,
        (FactKind.Support, true, { Detail: "" }) => 10,
        (FactKind.Support, true, { Detail: CallingFunction.Detail }) => 9,
        (FactKind.Support, true, { Detail: PolicyText.Detail }) => 8,
        _ => 6,
    };

    private static bool IsSetting(Change change) => change.Key.Kind is FactKind.Mask or FactKind.RowRule;

    private static bool IsBase(Change change) => change.Key is { Kind: FactKind.Support, Object: null, Detail: "" };

    private async Task<List<Unit>> UnitsAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var units = new List<Unit>(await _setter.UnitsAsync([.. changes.Where(IsSetting)], cancellationToken));
        foreach (var grants in changes.Where(c => c.Key.Object is not null && c.Key.Kind is FactKind.Grant or FactKind.Support).GroupBy(c => (c.Key.Object, c.Key.Subject, c.Verb)))
            units.AddRange(OfGrants([.. grants]));
        foreach (var change in changes)
        {
            if (IsSetting(change) || (change.Key.Object is not null && change.Key.Kind is FactKind.Grant or FactKind.Support)) continue;
            units.Add(change.Key.Kind switch
            {
                FactKind.Audience => OfAudience(change),
                FactKind.Member => new Unit([change], change.Verb == ChangeVerb.Remove ? Statements.RemoveMember(change.Key.Subject, change.Key.Detail) : Statements.AddMember(change.Key.Subject, change.Key.Detail)),
                FactKind.Support when change.Key.Detail == CallingFunction.Detail => CallingFunction.UnitOf(change, _names.Function(change.Key.Subject), _mark),
                FactKind.Support => OfPolicy(change),
                _ => throw new ArgumentException($"A change of {change.Key.Kind} is none of Snowflake's.", nameof(changes)),
            });
        }

        return units;
    }

    private static IEnumerable<Unit> OfGrants(IReadOnlyList<Change> changes)
    {
        var (path, role) = (changes[0].Key.Object!, changes[0].Key.Subject);
        if (changes[0].Verb == ChangeVerb.Replace) return changes.Select(c => new Unit([c], Statements.WithoutGrantOption(path, Privilege.Parse(c.Key.Detail), role)));
        if (changes[0] is { Verb: ChangeVerb.Add, Restore: not null }) return changes.Select(static c => new Unit([c], KeptGrant.Of(c.Key, c.Definition)));
        var isRemoved = changes[0].Verb == ChangeVerb.Remove;
        return changes.Select(static c => (Change: c, Privilege: Privilege.Parse(c.Key.Detail))).GroupBy(c => (c.Privilege.On, c.Privilege.IsOfUser, IsPassedOn: isRemoved && Statements.IsPassedOn(c.Change))).Select(alike =>
        {
            var privileges = alike.Select(static c => c.Privilege).ToList();
            return new Unit([.. alike.Select(static c => c.Change)], isRemoved ? Statements.Revoke(path, privileges, role, alike.Key.IsPassedOn) : Statements.Grant(path, privileges, role));
        });
    }

    private Unit OfAudience(Change change) => change.Verb == ChangeVerb.Remove
        ? new Unit([change], Statements.DropRole(change.Key.Subject))
        : new Unit([change], Statements.CreateRole(change.Key.Subject, _mark.Comment)) { IsDone = (e, token) => IsOursAsync(e, "ROLES", change.Key.Subject, token) };

    private Unit OfPolicy(Change change)
    {
        var (kind, policy) = (NativeNames.KindOf(change.Key.Subject), _names.Policy(change.Key.Subject));
        return change.Verb switch
        {
            ChangeVerb.Remove => new Unit([change], Statements.DropPolicy(kind, policy)),
            ChangeVerb.Replace => new Unit([change], Statements.SetBody(kind, policy, ChangeText.BodyOf(change.Definition))),
            _ => new Unit([change], Statements.CreatePolicy(kind, policy, change.Definition, _mark.Comment, _setter.Closing.IsMask(change.Key.Subject))) { IsDone = (e, token) => IsMadeAsync(e, kind, change, token) },
        };
    }

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
        if (!isDone && !refusal.IsTransient && units is [{ Instead: { } instead, Changes: var kept }] && await IsDoneAsync((_, token) => PutAsync(instead, token), refusal, cancellationToken))
        {
            foreach (var change in kept) tell(new ChangeOutcome(change, instead.Tell(refusal)) { IsContained = true });
            return;
        }

        foreach (var change in units.SelectMany(u => u.Changes)) tell(isDone ? new ChangeOutcome(change, null) : new ChangeOutcome(change, refusal.Message, refusal.IsTransient));
    }

    private async Task<bool> PutAsync(Stopgap instead, CancellationToken cancellationToken)
    {
        await RunAsync(new Statement(instead.Sql), cancellationToken);
        return true;
    }

    private async Task SendAsync(IReadOnlyList<Unit> units, CancellationToken cancellationToken)
    {
        string[] all = [.. units.SelectMany(static u => u.Following.Prepend(u.Sql))];
        if (all is [var only])
        {
            using var result = await _statements.RunAsync(new Statement(only), cancellationToken);
            return;
        }

        var several = new Statement(string.Join(";\n", all)) { Count = all.Length };
        await _statements.RunAllAsync(several, cancellationToken);
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
        var place = kinds == "ROLES" ? "" : $" IN SCHEMA {_names.PolicySchema}";
        var filter = kinds == "ROLES" ? $" STARTS WITH {Quote.Literal(name)}" : "";
        using var result = await _statements.RunAsync(new Statement($"SHOW {kinds}{filter}{place}"), cancellationToken);
        var (named, comment) = (result.Column("name"), result.Column("comment"));
        await foreach (var row in result.RowsAsync(cancellationToken))
            if (row[named] == name) return _mark.OwnerOf(row[comment]) == MarkOwner.ThisInstance;
        return false;
    }

    private async Task<bool> IsMadeAsync(PlatformException refusal, string kind, Change change, CancellationToken cancellationToken)
    {
        if (!await IsOursAsync(refusal, kind.Replace("POLICY", "POLICIES", StringComparison.Ordinal), change.Key.Subject, cancellationToken)) return false;
        using var result = await _statements.RunAsync(
            new Statement(Statements.SetBody(kind, _names.Policy(change.Key.Subject), ChangeText.BodyOf(change.Definition))), cancellationToken);
        return true;
    }

    private async Task WriteBaseAsync(Change change, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        try
        {
            var support = new Support(_names);
            foreach (var sql in change.Verb == ChangeVerb.Remove ? support.Drop : support.Make(_mark)) await RunAsync(new Statement(sql), cancellationToken);
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
        using var result = await _statements.RunAsync(statement, cancellationToken);
    }
}
