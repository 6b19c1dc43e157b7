using Sluice.Core.Access;
using Sluice.Core.Connections;
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
        var everybody = await people.ReadAsync(now, cancellationToken);
        var identities = everybody.Identities.GetValueOrDefault(connection.Id) ?? [];
        var subscribed = await subscriptions.OfConnectionAsync(connection.Id, now, cancellationToken);
        var governed = await catalog.GovernedAsync(connection.Id, connection.Hostname(), below: null, supposed, cancellationToken);
        var compiler = new AccessCompiler(await policies.ReadAsync(cancellationToken));
        var audiences = new IdentityAudiences(new AudienceIndex(everybody.Snapshot), identities);

        var platform = platforms.Of(connection.Technology);
        var settings = ConnectionUseCases.SettingsOf(connection);
        var bySubscription = subscribed.ToLookup(static s => s.ObjectId);
        var made = await own.OfAsync(connection, cancellationToken);
        var intent = new AccessIntent
        {
            OwnGrants = made.Select(static g => g.Key).ToHashSet(),
            Prefix = settings.Prefix,
            ProtectsUnregistered = settings.ProtectUnregistered,
            ExemptRoles = settings.ExemptRoles,
            MasksInView = settings.MasksInView,
            Identities = identities,
            MembersOf = audiences.MembersOf,
            Objects = [.. governed.Select(g => g with { Object = g.Object.Typed(platform) }).Select(g => Intended(g, compiler.Compile(g.Object), bySubscription[g.Id], audiences))],
        };
        var disabled = identities.Where(static i => i.Holders.All(static h => !h.IsEnabled)).Select(static i => i.Name).ToHashSet(StringComparer.Ordinal);
        var depth = connection.Technology == Technology.Glue ? GlueTableDepth : TableDepth;
        var expiry = Earliest(everybody.NextExpiryAt, await subscriptions.NextExpiryAsync(now, cancellationToken));
        var counting = new ImpactScope(depth, disabled, subject => ((ICompilesAccess)platform).IsDirectAudience(settings.Prefix, subject))
        {
            DirectGrants = made.Where(static g => g.IsDirect).Select(static g => g.Key).ToHashSet(),
        };
        return new ReadIntent(intent, counting, revision, expiry);
    }

    private static IntendedObject Intended(StoredGovernedObject stored, ObjectAccess access, IEnumerable<StoredSubscription> subscribed, IdentityAudiences audiences) => new()
    {
        Object = stored.Object,
        NativeId = stored.NativeId,
        GrantMethod = stored.GrantMethod,
        Access = access,
        DirectReaders = Direct(access.ReadBySubscription, access.Read, AccessKind.Read, subscribed, audiences),
        DirectWriters = Direct(access.WriteBySubscription, access.Write, AccessKind.Write, subscribed, audiences),
    };

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
