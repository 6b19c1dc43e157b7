using Sluice.Core.Access;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Engine.Access;
using Sluice.Engine.Connections;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Enforcing;

/// <summary>Computes a connection's plan from what is asked for and what its platform shows.</summary>
internal sealed class Planner(IIntentReader intents, PlatformRegistry platforms)
{
    /// <summary>Whether policies can be enforced on a connection's platform at all.</summary>
    public bool CanEnforce(StoredConnection connection) => platforms.Of(connection.Technology) is ICompilesAccess;

    /// <summary>What a platform can't enforce as asked on an object, whoever it is about, and what it does instead. Reads nothing of the platform.</summary>
    public IReadOnlyList<Shortfall> ShortfallsOn(StoredConnection connection, StoredObject stored, GovernedObject governed, ObjectAccess asked)
    {
        if (platforms.Of(connection.Technology) is not ICompilesAccess platform) return [];
        return [.. platform.Compile(IntentOn(connection, stored, governed, asked, [])).Shortfalls.Where(s => s.Object.Equals(governed.Path))];
    }

    /// <summary>What somebody who may read an object has to do on the platform to read it; null where that is nothing. Reads nothing of the platform.</summary>
    public string? HowToRead(StoredConnection connection, StoredObject stored, GovernedObject governed, ObjectAccess asked, IReadOnlyList<string> identities, AccessWay way)
    {
        if (way == AccessWay.None || identities.Count == 0 || platforms.Of(connection.Technology) is not ITellsHowToRead platform) return null;
        var intent = IntentOn(connection, stored, governed, asked, identities);
        return platform.HowToRead(way == AccessWay.Rule ? intent : intent with { Objects = [intent.Objects[0] with { Access = asked with { Read = AccessRule.Nobody }, DirectReaders = [.. identities] }] });
    }

    /// <summary>Whom masks and row rules leave alone, by the connection's settings: users, roles or groups of the platform, by name. Lake Formation leaves nobody alone by settings.</summary>
    public IReadOnlyList<string> LeftAloneOn(StoredConnection connection) => connection.Technology == Technology.Glue ? [] : platforms.ExemptRolesOf(connection);

    /// <summary>The same, for somebody with these identities; null: nobody is left alone.</summary>
    public LeftAloneBySettings? LeftAloneOn(StoredConnection connection, IReadOnlyList<string> identities)
    {
        var names = LeftAloneOn(connection);
        if (names.Count == 0) return null;
        var spelled = platforms.Of(connection.Technology) is IFoldsIdentities folding ? folding.Identities : StringComparer.Ordinal;
        return new LeftAloneBySettings(names, names.Any(n => identities.Contains(n, spelled)));
    }

    // One object, and people for whom every rule holds.
    private AccessIntent IntentOn(StoredConnection connection, StoredObject stored, GovernedObject governed, ObjectAccess asked, IReadOnlyList<string> members)
    {
        var settings = ConnectionUseCases.SettingsOf(connection);
        return new AccessIntent
        {
            Prefix = settings.Prefix,
            OwnContainer = platforms.OwnContainerOf(connection),
            ProtectsUnregistered = settings.ProtectUnregistered,
            ExemptRoles = platforms.ExemptRolesOf(connection),
            MasksInView = settings.MasksInView,
            MaskFunctionSchemas = settings.MaskFunctionSchemas,
            Identities = [],
            MembersOf = _ => members,
            Objects = [new IntendedObject { Object = governed, NativeId = stored.NativeId, GrantMethod = stored.GrantMethod, Access = asked }],
        };
    }

    /// <summary>What is asked for, in the platform's terms. Reads nothing of the platform.</summary>
    public Task<AskedAccess> AskAsync(StoredConnection connection, CancellationToken cancellationToken) => AskAsync(connection, null, cancellationToken);

    /// <summary>What would be asked for if other objects were active.</summary>
    public async Task<AskedAccess> AskAsync(StoredConnection connection, SupposedActivity? supposed, CancellationToken cancellationToken)
    {
        var read = await intents.ReadAsync(connection, supposed, cancellationToken);
        return new AskedAccess(read, ((ICompilesAccess)platforms.Of(connection.Technology)).Compile(read.Intent));
    }

    /// <summary>What a computed plan would be if something else were asked for: what was observed is taken as it is.</summary>
    public Plan Otherwise(StoredConnection connection, ComputedPlan computed, AskedAccess asked) =>
        PlanBuilder.Build(Knowing(connection, asked, computed.Observed).Desired, computed.Observed, computed.Settings.Mode, asked.Read.Counting);

    /// <summary>What each change is in the platform's own terms.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Describe(StoredConnection connection, IEnumerable<Change> changes)
    {
        var platform = (ICompilesAccess)platforms.Of(connection.Technology);
        return [.. changes.Select(platform.Describe)];
    }

    /// <summary>The plan. Reads the platform and changes nothing.</summary>
    /// <exception cref="PlatformException">The platform could not be read.</exception>
    public async Task<ComputedPlan> ComputeAsync(StoredConnection connection, IPlatformSession session, CancellationToken cancellationToken) =>
        await ComputeAsync(connection, session, await AskAsync(connection, cancellationToken), cancellationToken);

    /// <summary>The same from what is asked for.</summary>
    public async Task<ComputedPlan> ComputeAsync(StoredConnection connection, IPlatformSession session, AskedAccess asked, CancellationToken cancellationToken)
    {
        var observed = await ((IObservesAccess)session).ObserveAsync(asked.Read.Intent, cancellationToken);
        var (read, desired) = Knowing(connection, asked, observed);
        var settings = ConnectionUseCases.SettingsOf(connection);
        var plan = PlanBuilder.Build(desired, observed, settings.Mode, read.Counting);
        return new ComputedPlan(read, plan, settings, desired, observed) { Expired = Expired() };

        ExpiredAccess? Expired()
        {
            if (read.Unexpired is not { } unexpired || plan.IsEmpty) return null;
            var otherwise = ((ICompilesAccess)platforms.Of(connection.Technology)).Compile(unexpired);
            return new ExpiredAccess(read.Intent, unexpired, PlanBuilder.Build(otherwise, observed, settings.Mode, read.Counting));
        }
    }

    // What the platform can't protect is left to those who need no protection: that is another thing to ask of it.
    private AskedAccess Knowing(StoredConnection connection, AskedAccess asked, ObservedState observed)
    {
        if (observed.Unprotectable.Count == 0) return asked;
        var intent = asked.Read.Intent.Knowing(observed.Unprotectable);
        return new AskedAccess(asked.Read with { Intent = intent, Unexpired = asked.Read.Unexpired?.Knowing(observed.Unprotectable) }, ((ICompilesAccess)platforms.Of(connection.Technology)).Compile(intent));
    }
}

/// <summary>What is asked for, read and in the platform's terms.</summary>
internal sealed record AskedAccess(ReadIntent Read, DesiredState Desired);

/// <summary>A plan and what it was computed from.</summary>
internal sealed record ComputedPlan(ReadIntent Read, Plan Plan, ConnectionSettings Settings, DesiredState Desired, ObservedState Observed)
{
    private (Plan Of, byte[] Digest)? _digest;

    /// <summary>What of it comes of expiries; null: nothing.</summary>
    public ExpiredAccess? Expired { get; init; }

    /// <summary>Of what the plan does.</summary>
    public byte[] Digest
    {
        get
        {
            // A copy with another plan takes over what is remembered here.
            if (_digest is not { } known || !ReferenceEquals(known.Of, Plan)) _digest = known = (Plan, PlanJson.DigestOf(Plan));
            return known.Digest;
        }
    }

    /// <summary>Why it has to wait for somebody's confirmation; null when it need not.</summary>
    public string? ReasonToWait => PlanGuard.ReasonToWait(Plan.Impact, Expired, Settings);
}
