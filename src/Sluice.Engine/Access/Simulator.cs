using System.Text;
using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Core.Problems;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Engine.Policies;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.People;
using Sluice.Storage.Subscriptions;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Access;

/// <summary>Answers what would come of a change: what is, and what is supposed, compared on every active object. Subscriptions of single people stay as they are.</summary>
internal sealed class Simulator(
    StoredPolicies stored,
    IPeopleSnapshots people,
    ICatalogStore catalog,
    ISubscriptionStore subscriptions,
    ITagStore tags,
    IConnectionStore connections,
    PolicyContextReader contexts,
    PlatformRegistry platforms,
    TimeProvider time)
{
    private const int MostListed = 100;

    /// <summary>Reads what is supposed, and compares.</summary>
    /// <exception cref="RequestRefusedException">What is supposed is not valid.</exception>
    public async Task<Simulation> RunAsync(JsonElement body, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var everybody = (await people.ReadAsync(now, cancellationToken)).Snapshot;
        var policies = await stored.ReadAsync(cancellationToken);
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var supposed = await SupposedPoliciesAsync(members, policies, problems, cancellationToken);
        var then = SupposedPeople(members, everybody, problems);
        var supposedTags = await FoundAsync(SupposedTags(members, problems), problems, cancellationToken);
        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);

        var comparison = new AccessComparison(everybody, policies, then, supposed, MostListed);
        foreach (var connection in await connections.ListAsync(cancellationToken))
        {
            var platform = platforms.Of(connection.Technology);
            var held = (await subscriptions.OfConnectionAsync(connection.Id, now, cancellationToken)).ToLookup(static s => s.ObjectId);
            foreach (var governed in await catalog.GovernedAsync(connection.Id, connection.Hostname(), below: null, cancellationToken))
            {
                var before = governed.Object.Typed(platform);
                comparison.Add(before, supposedTags.Where(t => t.Path.Covers(before.Path)).Aggregate(before, Tagged), new HeldSubscriptions(held[governed.Id]).ByPerson());
            }
        }

        return Named(comparison.Difference, everybody);
    }

    private static Simulation Named(AccessDifference difference, PeopleSnapshot people)
    {
        var usernames = people.People.ToDictionary(static p => p.Id, static p => p.Username, StringComparer.Ordinal);
        return new Simulation(Pairs(difference.Gained), Pairs(difference.Lost), Sights(difference.Uncovered), Sights(difference.Covered), difference.Changed);

        Counted<SimulatedPair> Pairs(Counted<ReachChange> pairs) => new(pairs.Count, [.. pairs.First.Select(p => new SimulatedPair(usernames[p.PersonId], p.Path, p.Access))]);

        Counted<SimulatedSight> Sights(Counted<SightChange> sights) =>
            new(sights.Count, [.. sights.First.Select(s => new SimulatedSight(usernames[s.PersonId], s.Path, s.Columns, s.HasRows))]);
    }

    // A supposed policy is in force whether it is staged or not: that is what is asked.
    private async Task<List<Policy>> SupposedPoliciesAsync(
        PayloadObject members, IReadOnlyList<Policy> policies, ProblemList problems, CancellationToken cancellationToken)
    {
        var drafts = new List<Policy>();
        if (members.Raw("policies") is { } raw)
        {
            var found = new PolicyProblems();
            var documents = PolicyJson.Read(Encoding.UTF8.GetBytes(raw.GetRawText()), found);
            var read = PolicyReader.ReadAll(documents, found);
            drafts.AddRange(read.OfType<Policy>().Select(static p => p with { IsStaged = false }));
            var context = await contexts.ReadAsync(drafts, cancellationToken);
            foreach (var (policy, document) in read.Zip(documents))
                if (policy is not null) PolicyValidation.Check(policy, context, found, document);
            foreach (var problem in found.Where(static p => p.Severity == PolicySeverity.Error)) problems.Add(members.PathOf("policies") + problem.Path.TrimStart('$'), problem.Message);
        }

        var removed = members.OptionalStrings("remove") ?? [];
        for (var i = 0; i < removed.Count; i++)
            if (!policies.Any(p => p.Key == removed[i])) problems.Add($"$.remove[{i}]", $"there is no policy '{removed[i]}'");
        var keys = drafts.Select(static d => d.Key).Concat(removed).ToHashSet(StringComparer.Ordinal);
        return [.. policies.Where(p => !keys.Contains(p.Key)), .. drafts];
    }

    private static PeopleSnapshot SupposedPeople(PayloadObject members, PeopleSnapshot now, ProblemList problems)
    {
        var byName = now.People.ToDictionary(static p => p.Username, StringComparer.OrdinalIgnoreCase);
        var names = now.KnownAttributes.ToHashSet(StringComparer.Ordinal);
        foreach (var item in Items(members, "attributes", problems))
        {
            var user = item.RequiredString("user");
            var name = item.RequiredString("name");
            var values = item.OptionalStrings("values");
            item.RejectUnread();
            if (user is null || name is null) continue;
            if (!byName.TryGetValue(user, out var person))
            {
                item.Reject("user", $"there is nobody called '{user}'");
                continue;
            }

            names.Add(name);
            byName[user] = person with
            {
                Attributes = person.Attributes.Where(a => a.Name != name).Concat((values ?? []).Select(v => new PersonAttribute(name, v))).ToHashSet(),
            };
        }

        return now with { People = [.. now.People.Select(p => byName[p.Username])], KnownAttributes = names };
    }

    private static List<SupposedTag> SupposedTags(PayloadObject members, ProblemList problems)
    {
        var tags = new List<SupposedTag>();
        foreach (var item in Items(members, "tags", problems))
        {
            var names = item.OptionalStrings("objectPath");
            string? problem = "is required: a list of names";
            var path = names is null ? null : ObjectPath.FromNames(names, out problem);
            if (path is null) item.Reject("objectPath", problem!);
            var (column, added, removed) = (item.OptionalString("column"), item.OptionalStrings("add") ?? [], item.OptionalStrings("remove") ?? []);
            item.RejectUnread();
            if (path is not null) tags.Add(new SupposedTag(item, path, column, added, removed));
        }

        return tags;
    }

    private static IEnumerable<PayloadObject> Items(PayloadObject members, string name, ProblemList problems)
    {
        if (members.Raw(name) is not { } list) yield break;
        if (list.ValueKind != JsonValueKind.Array)
        {
            members.Reject(name, "must be a list");
            yield break;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray()) yield return new PayloadObject(item, $"{members.PathOf(name)}[{index++}]", problems);
    }

    private static GovernedObject Tagged(GovernedObject governed, SupposedTag tag)
    {
        if (tag.Column is null) return governed with { Tags = Changed(governed.Tags, tag) };
        return governed with { Columns = governed.Columns.Select(c => c.Name == tag.Column ? c with { Tags = Changed(c.Tags, tag) } : c).ToValueList() };
    }

    private static ValueList<string> Changed(ValueList<string> tags, SupposedTag tag) =>
        tags.Except(tag.Removed, StringComparer.Ordinal).Union(tag.Added, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList();

    // As the catalog spells their objects.
    private async Task<List<SupposedTag>> FoundAsync(List<SupposedTag> supposed, ProblemList problems, CancellationToken cancellationToken)
    {
        if (supposed.Count == 0) return supposed;
        var found = new List<SupposedTag>();
        var known = (await tags.ListAsync(cancellationToken)).Select(static t => t.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var tag in supposed)
        {
            foreach (var name in tag.Added.Where(n => !known.Contains(n))) problems.Add(tag.From.PathOf("add"), $"there is no tag '{name}'");
            if (await catalog.FindAsync(tag.Path, cancellationToken) is not { } target) problems.Add(tag.From.PathOf("objectPath"), $"there is no object {tag.Path}");
            else if (tag.Column is { } column && !(await catalog.ColumnsAsync(target.Id, cancellationToken)).Any(c => c.Column.Name == column)) problems.Add(tag.From.PathOf("column"), $"there is no column '{column}' on {tag.Path}");
            else found.Add(tag with { Path = target.Path });
        }

        return found;
    }

    private sealed record SupposedTag(PayloadObject From, ObjectPath Path, string? Column, IReadOnlyList<string> Added, IReadOnlyList<string> Removed);
}
