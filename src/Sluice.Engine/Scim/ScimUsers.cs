using System.Text.Json.Nodes;
using Sluice.Core.People.Scim;
using Sluice.Engine.Callers;
using Sluice.Engine.People;
using Sluice.Storage.People;

namespace Sluice.Engine.Scim;

/// <summary>
/// /scim/v2/Users: the people of one identity provider. Nothing but <c>active: false</c> and DELETE takes anything from a person but what the provider
/// itself said of them. A provider sees and changes its own people only.
/// </summary>
public sealed class ScimUsers(IPeopleStore people, IGroupStore groups, ICallerPeople callers, IIdSource ids)
{
    private static readonly IReadOnlySet<Guid> Nobody = new HashSet<Guid>();

    /// <summary>A page of users.</summary>
    public async Task<ScimPage> ListAsync(string source, ScimQuery query, CancellationToken cancellationToken)
    {
        var filter = query.ReadFilter();
        if (filter is null)
        {
            var page = await people.SearchAsync(new PersonQuery { Source = source, Offset = query.Offset, Size = query.Size }, cancellationToken);
            return new ScimPage(page.Count, query.Offset + 1, await WriteAsync(page.Hits, query, cancellationToken));
        }

        // What identity providers ask all day: whether somebody is there.
        var candidates = await CandidatesAsync(source, filter, cancellationToken);
        var found = (await WriteAsync(candidates, null, cancellationToken)).Where(filter.Matches).ToList();
        return new ScimPage(found.Count, query.Offset + 1, [.. found.Skip(query.Offset).Take(query.Size).Select(query.Project)]);
    }

    /// <summary>One user.</summary>
    public async Task<JsonObject> ReadAsync(string source, string id, ScimQuery query, CancellationToken cancellationToken) =>
        (await WriteAsync([await FindAsync(source, id, cancellationToken)], query, cancellationToken))[0];

    /// <summary>Registers a user.</summary>
    public async Task<JsonObject> AddAsync(string source, JsonObject user, Caller caller, CancellationToken cancellationToken)
    {
        var (said, attributes) = ScimUserJson.Read(user, null, source);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        if (attributes.Count > 0 && behind.IsMeantBy(said)) throw OwnRecord(said);
        var added = await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).AddAsync(ids.NewId(), said, cancellationToken));
        if (attributes.Count > 0)
            await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).ChangeAttributesAsync(added.Id, source, _ => attributes, null, behind.People, cancellationToken));
        return await ReadAsync(source, added.Id.ToString(), All, cancellationToken);
    }

    /// <summary>Replaces a user. Whether they are enabled changes only when <c>active</c> says so.</summary>
    public async Task<JsonObject> ReplaceAsync(string source, string id, JsonObject user, Caller caller, CancellationToken cancellationToken)
    {
        var person = await FindAsync(source, id, cancellationToken);
        var (said, attributes) = ScimUserJson.Read(user, person.Details, source);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        if (!behind.People.Contains(person.Id) && person.Details != said && behind.IsMeantBy(said)) throw OwnRecord(said);
        if (person.Details != said)
        {
            // To be put out is no entitlement.
            var self = said == person.Details with { IsEnabled = false } ? Nobody : behind.People;
            await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).UpdateAsync(person.Id, _ => said, [person.Revision], self, cancellationToken));
        }

        var before = (await people.AttributesAsync(person.Id, cancellationToken)).Where(a => a.Source == source).ToHashSet();
        if (!before.SetEquals(attributes))
            await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).ChangeAttributesAsync(person.Id, source, _ => attributes, null, behind.People, cancellationToken));
        return await ReadAsync(source, id, All, cancellationToken);
    }

    /// <summary>Patches a user.</summary>
    public async Task<JsonObject> PatchAsync(string source, string id, JsonObject patch, Caller caller, CancellationToken cancellationToken)
    {
        var user = await ReadAsync(source, id, All, cancellationToken);
        ScimPatchBody.Apply(user, patch);
        return await ReplaceAsync(source, id, user, caller, cancellationToken);
    }

    /// <summary>Deletes a user.</summary>
    public async Task DeleteAsync(string source, string id, Caller caller, CancellationToken cancellationToken)
    {
        var person = await FindAsync(source, id, cancellationToken);
        await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).DeleteAsync(person.Id, null, Nobody, cancellationToken));
    }

    internal static readonly ScimQuery All = new(null, 1, null, null, []);

    private async Task<StoredPerson> FindAsync(string source, string id, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var guid) && await people.FindAsync(guid, cancellationToken) is { } person && person.Details.Source == source
            ? person : throw ScimRefusedException.NotFound(PeopleText.Shown(id));

    private async Task<IReadOnlyList<StoredPerson>> CandidatesAsync(string source, ScimFilter filter, CancellationToken cancellationToken)
    {
        if (filter is ScimFilter.Comparison { Operator: ScimOperator.Eq, Attribute.Sub: null } eq && JsonNode.Parse(eq.Value) is JsonValue value)
        {
            var text = value.ToString();
            IReadOnlyList<StoredPerson>? found = eq.Attribute.Name.ToLowerInvariant() switch
            {
                "username" => await people.FindAsync(text, cancellationToken) is { } one ? [one] : [],
                "externalid" => await people.FindLinkedAsync(text, null, cancellationToken),
                "id" => Guid.TryParse(text, out var id) && await people.FindAsync(id, cancellationToken) is { } one ? [one] : [],
                _ => null,
            };
            if (found is not null) return [.. found.Where(p => p.Details.Source == source)];
        }

        return (await people.SearchAsync(new PersonQuery { Source = source, Size = int.MaxValue }, cancellationToken)).Hits;
    }

    private async Task<List<JsonObject>> WriteAsync(IReadOnlyList<StoredPerson> found, ScimQuery? query, CancellationToken cancellationToken)
    {
        var everyone = found.Select(p => p.Id).ToList();
        var attributes = await people.AttributesOfAsync(everyone, cancellationToken);
        var memberOf = await groups.DirectGroupsOfAsync(everyone, cancellationToken);
        return [.. found.Select(person =>
        {
            var user = ScimUserJson.Write(person, [.. attributes[person.Id]], [.. memberOf[person.Id].Where(g => g.Source == person.Details.Source)]);
            return query is null ? user : query.Project(user);
        })];
    }

    private static Errors.RequestRefusedException OwnRecord(PersonDetails said) => new(
        Errors.ErrorCode.OwnEntitlement, $"'{said.Username}' is whoever made this token. Make it with a key that is no person's, such as the administrator's.");
}
