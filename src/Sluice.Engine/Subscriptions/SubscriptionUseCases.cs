using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.Problems;
using Sluice.Engine.Access;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Engine.People;
using Sluice.Storage.Catalog;
using Sluice.Storage.People;
using Sluice.Storage.Subscriptions;

namespace Sluice.Engine.Subscriptions;

/// <inheritdoc cref="ISubscriptionUseCases"/>
internal sealed class SubscriptionUseCases(
    ISubscriptionStore store,
    ICatalogStore catalog,
    GovernedObjectReader objects,
    AccessSnapshots snapshots,
    IPeopleStore people,
    ICallerPeople callers,
    IIdSource ids,
    TimeProvider time) : ISubscriptionUseCases
{
    private const int MostCharacters = 1000;

    public async Task<IReadOnlyList<SubscriptionView>> ListAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        RequireGoverning(caller, found);
        if (found is null) throw new RequestRefusedException(ErrorCode.NotFound, $"There is no data object '{path}'.");
        var views = new List<SubscriptionView>();
        foreach (var subscription in await store.OfObjectAsync(found.Id, cancellationToken)) views.Add(await ViewAsync(subscription, found.Path, cancellationToken));
        return views;
    }

    public async Task<SubscriptionView> GiveAsync(ObjectPath path, JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        RequireGoverning(caller, await catalog.FindAsync(path, cancellationToken));
        var (found, governed) = await objects.ReadAsync(path, cancellationToken);
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var username = members.RequiredString("user");
        var wish = ReadWish(members);
        members.RejectUnread();
        var person = username is null ? null : await callers.NamedAsync(username, cancellationToken);
        if (username is not null && person is null) members.Reject("user", $"there is nobody called '{username}'");
        if (problems.Any) throw new RequestRefusedException(problems);

        if (await IsBehindAsync(caller, person!.Id.ToString(), cancellationToken)) throw new RequestRefusedException(ErrorCode.Forbidden, "Nobody gives themselves access: ask another governor or data owner.");
        var whole = await WholeRuleAsync(governed, wish.Access, cancellationToken);
        if (!Counts(whole, SubscriptionKind.Manual))
        {
            throw new RequestRefusedException(
                ErrorCode.Forbidden, $"Policies decide about '{found.Path}', and none of them allows access by hand: a subscription policy of type manual would.");
        }

        var given = await store.PutAsync(
            new StoredSubscription(
                ids.NewId(), person.Id.ToString(), found.Id, SubscriptionKind.Manual, wish.Access, wish.Reason, time.GetUtcNow(), caller.AsActor(), wish.ExpiresAt),
            cancellationToken);
        return new SubscriptionView(given, found.Path, person.Username, IsExpired: false);
    }

    public async Task<SubscriptionView> TakeAsync(Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var subscription = await store.FindAsync(id, cancellationToken) ?? throw new RequestRefusedException(ErrorCode.NotFound, "There is no such subscription.");
        var found = await catalog.FindAsync(subscription.ObjectId, cancellationToken);
        if (subscription.PersonId != caller.PersonId?.ToString()) RequireGoverning(caller, found);
        await store.RemoveAsync(id, caller.AsActor(), cancellationToken);
        return await ViewAsync(subscription, found!.Path, cancellationToken);
    }

    public async Task<RequestView> RequestAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.PersonId is not { } personId)
            throw new RequestRefusedException(ErrorCode.Forbidden, "Access is asked for by a registered person, for themselves: this key or token stands for none.");
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var names = members.OptionalStrings("objectPath");
        if (names is null && !problems.Any) members.Reject("objectPath", "is required: a list of names");
        string? pathProblem = null;
        var path = names is null ? null : ObjectPath.FromNames(names, out pathProblem);
        if (pathProblem is not null) members.Reject("objectPath", pathProblem);
        var wish = ReadWish(members);
        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);

        var (found, governed) = await objects.ReadAsync(path!, cancellationToken);
        var whole = await WholeRuleAsync(governed, wish.Access, cancellationToken);
        if (!Counts(whole, SubscriptionKind.Approval))
        {
            throw new RequestRefusedException(
                ErrorCode.Forbidden, $"Policies decide about '{found.Path}', and none of them lets anybody ask for access: a subscription policy of type approval would.");
        }

        var request = new StoredAccessRequest(
            ids.NewId(), personId.ToString(), found.Id, wish.Access, wish.Reason, AccessRequestState.Pending, time.GetUtcNow(), wish.ExpiresAt, [], null);
        await store.AddRequestAsync(request, cancellationToken);
        return await ViewAsync(request, found.Path, cancellationToken);
    }

    public async Task<IReadOnlyList<RequestView>> RequestsAsync(AccessRequestState? state, Caller caller, CancellationToken cancellationToken)
    {
        var seen = new List<RequestView>();
        foreach (var request in await store.RequestsAsync(null, state, cancellationToken))
        {
            var found = await catalog.FindAsync(request.ObjectId, cancellationToken);
            if (found is null) continue;
            var isOwn = request.PersonId == caller.PersonId?.ToString();
            if (isOwn || caller.HasAny(Permission.Governance) || caller.IsAmong(found.Owners)) seen.Add(await ViewAsync(request, found.Path, cancellationToken));
        }

        return seen;
    }

    public async Task<RequestView> DecideAsync(Guid id, AccessRequestState state, JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        var request = await store.FindRequestAsync(id, cancellationToken);
        var found = request is null ? null : await catalog.FindAsync(request.ObjectId, cancellationToken);
        var isOwn = request is not null && await IsBehindAsync(caller, request.PersonId, cancellationToken);
        var mayDecide = caller.HasAny(Permission.Governance) || caller.IsAmong(found?.Owners ?? []);
        if (request is null || found is null || (!isOwn && !mayDecide)) throw new RequestRefusedException(ErrorCode.NotFound, "There is no such request.");
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var answer = FreeText(members, "answer");
        var expiresAt = state == AccessRequestState.Approved ? ReadExpiry(members) : null;
        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);

        if (state == AccessRequestState.Withdrawn != isOwn)
        {
            throw new RequestRefusedException(
                ErrorCode.Forbidden, isOwn ? "Nobody decides their own request: it can only be withdrawn." : "Only who asked can withdraw a request; deny it.");
        }

        var decided = state == AccessRequestState.Approved
            ? await ApproveAsync(request, found, expiresAt ?? request.ExpiresAt, answer, caller, cancellationToken)
            : await store.DecideAsync(id, state, [.. request.Approvals], caller.AsActor(), answer, null, cancellationToken);
        if (!decided) throw new RequestRefusedException(ErrorCode.WrongState, "The request was decided already.");
        return await ViewAsync((await store.FindRequestAsync(id, cancellationToken))!, found.Path, cancellationToken);
    }

    // Each approval that the policies ask for has to be given; one person gives all that they can.
    private async Task<bool> ApproveAsync(
        StoredAccessRequest request, StoredObject found, DateTimeOffset? expiresAt, string? answer, Caller caller, CancellationToken cancellationToken)
    {
        var governed = await objects.GovernedAsync(found, cancellationToken)
            ?? throw new RequestRefusedException(ErrorCode.WrongState, $"'{found.Path}' is not active any more.");
        var needed = await ApproversAsync(governed, request.Access, cancellationToken);
        var given = request.Approvals.ToHashSet();
        if (caller.HasAny(Permission.Governance)) given.Add(ApproverPermission.Governance);
        if (caller.IsAmong(found.Owners)) given.Add(ApproverPermission.Owner);
        var missing = needed.Except(given).ToList();
        if (missing.Count > 0)
        {
            if (given.SetEquals(request.Approvals)) throw new RequestRefusedException(ErrorCode.Forbidden, $"The policy asks for the approval of {Spelled(missing)}.");
            return await store.DecideAsync(request.Id, AccessRequestState.Pending, [.. given], caller.AsActor(), answer, null, cancellationToken);
        }

        var subscription = new StoredSubscription(
            ids.NewId(), request.PersonId, request.ObjectId, SubscriptionKind.Approval, request.Access, request.Reason, time.GetUtcNow(), caller.AsActor(), expiresAt);
        return await store.DecideAsync(request.Id, AccessRequestState.Approved, [.. given], caller.AsActor(), answer, subscription, cancellationToken);
    }

    // Whoever made the key that a request comes with, or the one that was made with, is behind it as well.
    private async Task<bool> IsBehindAsync(Caller caller, string personId, CancellationToken cancellationToken) =>
        (await callers.BehindAsync(caller, cancellationToken)).People.Any(p => p.ToString() == personId);

    private Task<Predicate?> WholeRuleAsync(GovernedObject governed, AccessKind access, CancellationToken cancellationToken) => snapshots.AskAsync(
        snapshot =>
        {
            var asked = snapshot.Compiler.Compile(governed);
            return access == AccessKind.Read ? asked.ReadBySubscription : asked.WriteBySubscription;
        },
        cancellationToken);

    // Where no policy says who approves, a governor does.
    private Task<HashSet<ApproverPermission>> ApproversAsync(GovernedObject governed, AccessKind access, CancellationToken cancellationToken) => snapshots.AskAsync(
        snapshot =>
        {
            var needed = snapshot.Compiler.PoliciesOn(governed).OfType<SubscriptionPolicy>()
                .Where(p => p.Kind == SubscriptionKind.Approval && p.Access == access)
                .SelectMany(static p => p.Approvals).Select(static a => a.RequiredPermission).ToHashSet();
            return needed.Count > 0 ? needed : [ApproverPermission.Governance];
        },
        cancellationToken);

    private static bool Counts(Predicate? whole, SubscriptionKind kind) => whole switch
    {
        Predicate.IsSubscribed subscribed => subscribed.Kind == kind,
        Predicate.All all => all.Terms.Any(t => Counts(t, kind)),
        Predicate.Any any => any.Terms.Any(t => Counts(t, kind)),
        _ => false,
    };

    private (AccessKind Access, DateTimeOffset? ExpiresAt, string? Reason) ReadWish(PayloadObject members)
    {
        var access = members.OptionalChoice("access", "READ", "WRITE") == "WRITE" ? AccessKind.Write : AccessKind.Read;
        return (access, ReadExpiry(members), FreeText(members, "reason"));
    }

    private static string? FreeText(PayloadObject members, string name) => PeopleText.Optional(members, name, static text => PeopleText.Fault(text, MostCharacters));

    private DateTimeOffset? ReadExpiry(PayloadObject members)
    {
        if (members.OptionalString("expiresAt") is not { } text) return null;
        if (DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at) && at > time.GetUtcNow()) return at;
        members.Reject("expiresAt", "must be a time to come, such as 2027-03-01T00:00:00Z");
        return null;
    }

    private static string Spelled(IEnumerable<ApproverPermission> missing) =>
        string.Join(" and of ", missing.Select(static m => m == ApproverPermission.Owner ? "a data owner" : $"somebody with the permission {Permission.Governance}"));

    private static void RequireGoverning(Caller caller, StoredObject? found)
    {
        if (!caller.HasAny(Permission.Governance) && !caller.IsAmong(found?.Owners ?? []))
            throw new RequestRefusedException(ErrorCode.Forbidden, $"This needs the permission {Permission.Governance}, or to be one of the object's data owners.");
    }

    private async Task<SubscriptionView> ViewAsync(StoredSubscription subscription, ObjectPath path, CancellationToken cancellationToken) => new(
        subscription, path, await UsernameAsync(subscription.PersonId, cancellationToken), subscription.ExpiresAt <= time.GetUtcNow());

    private async Task<RequestView> ViewAsync(StoredAccessRequest request, ObjectPath path, CancellationToken cancellationToken) =>
        new(request, path, await UsernameAsync(request.PersonId, cancellationToken));

    private async Task<string> UsernameAsync(string personId, CancellationToken cancellationToken) =>
        (Guid.TryParse(personId, out var id) ? await people.FindAsync(id, cancellationToken) : null)?.Username ?? personId;
}
