using Sluice.Core.Access;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Engine.Access;
using Sluice.Engine.Connections;
using Sluice.Engine.Platforms;
using Sluice.Engine.Policies;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.History;
using Sluice.Storage.People;
using Sluice.Storage.Plans;
using Sluice.Storage.Subscriptions;

namespace Sluice.Engine.Enforcing;

/// <inheritdoc cref="IIntentReader"/>
internal sealed class IntentReader(
    StoredPolicies policies,
    IPeopleSnapshots people,
    ICatalogStore catalog,
    ISubscriptionStore subscriptions,
    IPlanStore plans,
    OwnGrants own,
    IChangeHistory history,
    PlatformRegistry platforms,
    TimeProvider time) : IIntentReader
{
    // Connection and database, then schema where there is one, then the table.
    private const int TableDepth = 3;
    private const int GlueTableDepth = 2;

    public async Task<ReadIntent> ReadAsync(StoredConnection connection, SupposedActivity? supposed, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // First of all: what changes while the rest is read belongs to a later revision, and is read again.
        var revision = await plans.AccessRevisionAsync(cancellationToken);
        var settledAt = (await plans.EnforcementAsync(connection.Id, cancellationToken))?.SettledAt;
        var everybody = await people.ReadAsync(now, settledAt ?? now, cancellationToken);
        var subscribed = await subscriptions.OfConnectionAsync(connection.Id, settledAt ?? now, cancellationToken);
        var governed = await catalog.GovernedAsync(connection.Id, connection.Hostname(), below: null, supposed, cancellationToken);
        var compiler = new AccessCompiler(await policies.ReadAsync(cancellationToken));

        var platform = platforms.Of(connection.Technology);
        var settings = ConnectionUseCases.SettingsOf(connection);
        var container = platforms.OwnContainerOf(connection);
        var exempt = platforms.ExemptRolesOf(connection);
        var made = await own.OfAsync(connection, cancellationToken);
        var inForce = platform is ICopiesProtections ? await history.InForceAsync(connection.Id, cancellationToken) : null;
        var objects = governed.Select(g => g with { Object = g.Object.Typed(platform) })
            .Select(g => (Id: g.Id, Intended: new IntendedObject { Object = g.Object, NativeId = g.NativeId, GrantMethod = g.GrantMethod, Access = compiler.Compile(g.Object) })).ToList();
        var current = subscribed.Where(s => s.ExpiresAt is not { } end || end > now).ToList();
        var intent = IntentOf(everybody.Snapshot, everybody.Identities, current);
        var hasExpired = everybody.Unexpired is not null || current.Count < subscribed.Count;

        var depth = connection.Technology == Technology.Glue ? GlueTableDepth : TableDepth;
        var expiry = Earliest(everybody.NextExpiryAt, await subscriptions.NextExpiryAsync(now, cancellationToken));
        var disabled = intent.Identities.Where(static i => i.Holders.All(static h => !h.IsEnabled)).Select(static i => i.Name).ToHashSet(StringComparer.Ordinal);
        var counting = new ImpactScope(depth, disabled, subject => ((ICompilesAccess)platform).IsDirectAudience(settings.Prefix, subject))
        {
            Departed = everybody.Departed[connection.Id].ToHashSet(StringComparer.Ordinal),
            DirectGrants = made.Where(static g => g.IsDirect).Select(static g => g.Key).ToHashSet(),
        };
        return new ReadIntent(intent, counting, revision, now, expiry)
        {
            SettledAt = settledAt,
            Unexpired = hasExpired ? IntentOf(everybody.Unexpired?.Snapshot ?? everybody.Snapshot, everybody.Unexpired?.Identities ?? everybody.Identities, subscribed) : null,
        };

        AccessIntent IntentOf(PeopleSnapshot snapshot, IReadOnlyDictionary<Guid, IReadOnlyList<IdentityHolders>> byConnection, IReadOnlyList<StoredSubscription> subscriptions)
        {
            var identities = byConnection.GetValueOrDefault(connection.Id) ?? [];
            if (platform is IFoldsIdentities folds) identities = Spellings.Merge(identities, folds.Identities);
            var audiences = new IdentityAudiences(new AudienceIndex(snapshot), identities);
            var bySubscription = subscriptions.ToLookup(static s => s.ObjectId);
            return new AccessIntent
            {
                OwnGrants = made.Select(static g => g.Key).ToHashSet(),
                Prefix = settings.Prefix,
                OwnContainer = container,
                InForce = inForce,
                ProtectsUnregistered = settings.ProtectUnregistered,
                ExemptRoles = exempt,
                MasksInView = settings.MasksInView,
                GroupBudget = settings.GroupBudget,
                Scope = ConnectionScope.Of(connection.Id),
                MaskFunctionSchemas = settings.MaskFunctionSchemas,
                Identities = identities,
                KnownGroups = snapshot.KnownGroups,
                KnownAttributes = snapshot.KnownAttributes,
                MembersOf = audiences.MembersOf,
                Objects = [.. objects.Select(o => Subscribed(o.Intended, bySubscription[o.Id], audiences))],
            };
        }
    }

    private static IntendedObject Subscribed(IntendedObject intended, IEnumerable<StoredSubscription> subscribed, IdentityAudiences audiences)
    {
        var access = intended.Access;
        if (access.ReadBySubscription is null && access.WriteBySubscription is null) return intended;
        return intended with
        {
            DirectReaders = Direct(access.ReadBySubscription, access.Read, AccessKind.Read, subscribed, audiences),
            DirectWriters = Direct(access.WriteBySubscription, access.Write, AccessKind.Write, subscribed, audiences),
        };
    }

    private static ValueList<string> Direct(
        Predicate? whole, AccessRule rule, AccessKind access, IEnumerable<StoredSubscription> subscribed, IdentityAudiences audiences)
    {
        if (whole is null) return [];
        var held = new HeldSubscriptions(subscribed);
        var ways = held.People(access).ToDictionary(static p => p, p => held.Of(p, access), StringComparer.Ordinal);
        return ways.Count == 0 ? [] : audiences.DirectlySubscribed(whole, rule, ways);
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;
}
