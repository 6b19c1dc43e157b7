using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.People;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.People;
using Sluice.Storage.Subscriptions;

namespace Sluice.Engine.Access;

/// <inheritdoc cref="IAccessUseCases"/>
internal sealed class AccessUseCases(
    AccessSnapshots snapshots,
    GovernedObjectReader objects,
    ICatalogStore catalog,
    IConnectionStore connections,
    ISubscriptionStore subscriptions,
    ICallerPeople callers,
    Simulator simulator,
    Planner planner,
    SessionOpener sessions,
    PlatformRegistry platforms,
    TimeProvider time) : IAccessUseCases
{
    public async Task<ExplainedAccess> ExplainAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        var question = Read(body, static members => (Column: members.OptionalString("column"), Observe: members.OptionalBoolean("observe") ?? false));
        var (person, found, governed) = await MeantAsync(question, caller, cancellationToken);
        if (question.Rest.Column is { } column && !governed.Columns.Any(c => c.Name == column))
        {
            var near = NearestName.Of(column, governed.Columns.Select(static c => c.Name)) is { } name ? $"; did you mean '{name}'?" : "";
            throw new RequestRefusedException(ErrorCode.NotFound, $"'{found.Path}' has no column '{column}'{near}.");
        }

        var held = await HeldAsync(found.Id, cancellationToken);
        var connection = await connections.FindAsync(found.ConnectionId, cancellationToken);
        var (explanation, identities, isEnabled, shortfalls, howTo) = await snapshots.AskAsync(
            snapshot =>
            {
                var who = snapshot.People.Snapshot.People.FirstOrDefault(p => p.Id == person.Id.ToString()) ?? throw Nobody(question.User);
                var explainer = new Explainer(snapshot.Compiler, snapshot.People.Snapshot);
                var told = explainer.Explain(who, governed, held.Of(who.Id, AccessKind.Read), held.Of(who.Id, AccessKind.Write), question.Rest.Column);
                var (asked, known) = (snapshot.Compiler.Compile(governed), IdentitiesOf(snapshot, found.ConnectionId, who.Id));
                var instead = connection is null ? [] : planner.ShortfallsOn(connection, found, governed, asked);
                var how = connection is null ? null : planner.HowToRead(connection, found, governed, asked, known, told.Read.Way);
                return (told, known, who.IsEnabled, instead, how);
            },
            cancellationToken);
        var isProtected = explanation.RowRules.Count > 0 || explanation.Columns.Any(static c => c.Masks.Count > 0);
        var leftAlone = isProtected && connection is not null ? planner.LeftAloneOn(connection, identities) : null;
        var platform = question.Rest.Observe ? await ObserveAsync(found, identities, cancellationToken) : null;
        return new ExplainedAccess(person.Username, found.Path, isEnabled, explanation, identities, shortfalls, platform) { Technology = connection?.Technology, HowToRead = howTo, LeftAlone = leftAlone };
    }

    public async Task<AccessCheck> CheckAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        var question = Read(body, static members => members.OptionalChoice("access", "READ", "WRITE"));
        var (person, found, governed) = await MeantAsync(question, caller, cancellationToken);
        var access = question.Rest == "WRITE" ? AccessKind.Write : AccessKind.Read;
        var held = await HeldAsync(found.Id, cancellationToken);
        var way = await snapshots.AskAsync(snapshot => WayOf(snapshot, snapshot.Compiler.Compile(governed), access, person.Id.ToString(), held), cancellationToken);
        return new AccessCheck(way != AccessWay.None, way);
    }

    public async Task<IReadOnlyList<PersonWithAccess>> PeopleAsync(ObjectPath path, AccessKind access, Caller caller, CancellationToken cancellationToken)
    {
        if (!MayAskOfOthers(caller) && !caller.IsAmong((await catalog.FindAsync(path, cancellationToken))?.Owners ?? [])) throw NotOthers();
        var (found, governed) = await objects.ReadAsync(path, cancellationToken);
        var held = await HeldAsync(found.Id, cancellationToken);
        return await snapshots.AskAsync<IReadOnlyList<PersonWithAccess>>(
            snapshot =>
            {
                var asked = snapshot.Compiler.Compile(governed);
                return
                [
                    .. snapshot.People.Snapshot.People
                        .Select(p => (Person: p, Way: WayOf(snapshot, asked, access, p.Id, held))).Where(static p => p.Way != AccessWay.None)
                        .OrderBy(static p => p.Person.Username, StringComparer.Ordinal)
                        .Select(p => new PersonWithAccess(p.Person.Id, p.Person.Username, p.Way, IdentitiesOf(snapshot, found.ConnectionId, p.Person.Id))),
                ];
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<ObjectWithAccess>> ObjectsAsync(string idOrUsername, Caller caller, CancellationToken cancellationToken)
    {
        var person = await callers.NamedAsync(idOrUsername, cancellationToken);
        if (person is null || person.Id != caller.PersonId)
        {
            if (!MayAskOfOthers(caller)) throw NotOthers();
        }

        if (person is null) throw Nobody(idOrUsername);
        var id = person.Id.ToString();
        var reached = new List<ObjectWithAccess>();
        foreach (var connection in await connections.ListAsync(cancellationToken))
        {
            var platform = platforms.Of(connection.Technology);
            var governed = await catalog.GovernedAsync(connection.Id, connection.Hostname(), below: null, cancellationToken);
            var held = (await subscriptions.OfConnectionAsync(connection.Id, time.GetUtcNow(), cancellationToken)).ToLookup(static s => s.ObjectId);
            reached.AddRange(await snapshots.AskAsync(
                snapshot => governed
                    .Select(g => (g.Object.Path, Asked: snapshot.Compiler.Compile(g.Object.Typed(platform)), Held: new HeldSubscriptions(held[g.Id])))
                    .Select(g => new ObjectWithAccess(
                        g.Path, WayOf(snapshot, g.Asked, AccessKind.Read, id, g.Held), WayOf(snapshot, g.Asked, AccessKind.Write, id, g.Held)))
                    .Where(static o => o.Read != AccessWay.None || o.Write != AccessWay.None).ToList(),
                cancellationToken));
        }

        return [.. reached.OrderBy(static o => o.Path.ToString(), StringComparer.Ordinal)];
    }

    public Task<Simulation> SimulateAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        return simulator.RunAsync(body, cancellationToken);
    }

    private async Task<PlatformAccess?> ObserveAsync(StoredObject found, IReadOnlyList<string> identities, CancellationToken cancellationToken)
    {
        if (await connections.FindAsync(found.ConnectionId, cancellationToken) is not { } connection || !planner.CanEnforce(connection)) return null;
        try
        {
            await using var session = await sessions.OpenAsync(connection, cancellationToken);
            var plan = (await planner.ComputeAsync(connection, session, cancellationToken)).Plan;
            return new PlatformAccess(
                [.. plan.Residuals.Where(r => r.Object.Equals(found.Path) && (r.Identity.Length == 0 || identities.Contains(r.Identity)))],
                [.. plan.Changes.Where(c => found.Path.Equals(c.Key.Object) || (c.Key.Kind == FactKind.Member && identities.Contains(c.Key.Detail)))],
                [.. plan.Shortfalls.Where(s => s.Object.Equals(found.Path))]);
        }
        catch (PlatformException e)
        {
            throw RequestRefusedException.Of(e);
        }
    }

    private async Task<(StoredPerson Person, StoredObject Found, GovernedObject Governed)> MeantAsync<T>(
        Question<T> question, Caller caller, CancellationToken cancellationToken)
    {
        var person = await callers.NamedAsync(question.User, cancellationToken);
        var isSelf = person is not null && person.Id == caller.PersonId;
        if (!isSelf && !MayAskOfOthers(caller) && !caller.IsAmong((await catalog.FindAsync(question.Path, cancellationToken))?.Owners ?? [])) throw NotOthers();
        if (person is null) throw Nobody(question.User);
        var (found, governed) = await objects.ReadAsync(question.Path, cancellationToken);
        return (person, found, governed);
    }

    private async Task<HeldSubscriptions> HeldAsync(long objectId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return new HeldSubscriptions((await subscriptions.OfObjectAsync(objectId, cancellationToken)).Where(s => s.ExpiresAt is null || s.ExpiresAt > now));
    }

    private static AccessWay WayOf(AccessSnapshot snapshot, ObjectAccess asked, AccessKind access, string personId, HeldSubscriptions held)
    {
        var (rule, whole) = access == AccessKind.Read ? (asked.Read, asked.ReadBySubscription) : (asked.Write, asked.WriteBySubscription);
        if (snapshot.Audiences.Of(rule).Contains(personId)) return AccessWay.Rule;
        return whole is not null && snapshot.Audiences.Holds(whole, personId, held.Of(personId, access)) ? AccessWay.Subscription : AccessWay.None;
    }

    private static IReadOnlyList<string> IdentitiesOf(AccessSnapshot snapshot, Guid connectionId, string personId) =>
        [.. (snapshot.People.Identities.GetValueOrDefault(connectionId) ?? []).Where(i => i.Holders.Any(h => h.Id == personId)).Select(static i => i.Name).Order(StringComparer.Ordinal)];

    private static Question<T> Read<T>(JsonElement body, Func<PayloadObject, T> rest)
    {
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var user = members.RequiredString("user");
        var names = members.OptionalStrings("objectPath");
        if (names is null && !problems.Any) members.Reject("objectPath", "is required: a list of names");
        string? pathProblem = null;
        var path = names is null ? null : ObjectPath.FromNames(names, out pathProblem);
        if (pathProblem is not null) members.Reject("objectPath", pathProblem);
        var read = rest(members);
        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);
        return new Question<T>(user!, path!, read);
    }

    private static bool MayAskOfOthers(Caller caller) => caller.HasAny(Permission.Governance, Permission.Audit);

    private static RequestRefusedException NotOthers() => new(
        ErrorCode.Forbidden, $"To ask about others needs the permission {Permission.Governance} or {Permission.Audit}, or to be one of the object's data owners.");

    private static RequestRefusedException Nobody(string user) => new(ErrorCode.NotFound, $"There is nobody called '{user}'.");

    private sealed record Question<T>(string User, ObjectPath Path, T Rest);
}
