using System.Text.Json.Nodes;
using Sluice.Core.People.Scim;
using Sluice.Engine.Callers;
using Sluice.Engine.People;
using Sluice.Storage.People;

namespace Sluice.Engine.Scim;

/// <summary>/scim/v2/Groups: the groups of one identity provider. A list without members, or an empty one, takes nobody out of a group.</summary>
public sealed class ScimGroups(IGroupStore groups, IPeopleStore people, ICallerPeople callers, IIdSource ids)
{
    private const string Schema = "urn:ietf:params:scim:schemas:core:2.0:Group";

    /// <summary>A page of groups.</summary>
    public async Task<ScimPage> ListAsync(string source, ScimQuery query, CancellationToken cancellationToken)
    {
        var filter = query.ReadFilter();
        if (filter is null)
        {
            var page = await groups.SearchAsync(new GroupQuery(null, source, query.Offset, query.Size), cancellationToken);
            return new ScimPage(page.Count, query.Offset + 1, await WriteAsync(page.Hits, query.Wants("members"), query, cancellationToken));
        }

        var all = (await groups.SearchAsync(new GroupQuery(null, source, 0, int.MaxValue), cancellationToken)).Hits;
        // Members are read for those alone that pass, unless the filter may ask for them.
        var asksForMembers = query.Filter!.Contains("members", StringComparison.OrdinalIgnoreCase);
        var byId = all.ToDictionary(g => g.Id.ToString());
        var passing = (await WriteAsync(all, asksForMembers, null, cancellationToken)).Where(filter.Matches).Select(g => byId[g["id"]!.ToString()]).ToList();
        var written = await WriteAsync([.. passing.Skip(query.Offset).Take(query.Size)], query.Wants("members"), query, cancellationToken);
        return new ScimPage(passing.Count, query.Offset + 1, written);
    }

    /// <summary>One group.</summary>
    public async Task<JsonObject> ReadAsync(string source, string id, ScimQuery query, CancellationToken cancellationToken) =>
        (await WriteAsync([await FindAsync(source, id, cancellationToken)], query.Wants("members"), query, cancellationToken))[0];

    /// <summary>Makes a group.</summary>
    public async Task<JsonObject> AddAsync(string source, JsonObject group, Caller caller, CancellationToken cancellationToken)
    {
        var (name, externalId) = Read(group);
        var members = await MembersAsync(source, group, cancellationToken) ?? [];
        var behind = await callers.BehindAsync(caller, cancellationToken);
        var added = await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).AddAsync(ids.NewId(), source, name, externalId, [.. members], behind.People, cancellationToken));
        return await ReadAsync(source, added.Id.ToString(), ScimUsers.All, cancellationToken);
    }

    /// <summary>Replaces a group. Without <c>members</c> its members stay.</summary>
    public async Task<JsonObject> ReplaceAsync(string source, string id, JsonObject group, Caller caller, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(source, id, cancellationToken);
        var members = await MembersAsync(source, group, cancellationToken);
        if (members is { Count: 0 } && (await groups.MembersAsync(stored.Id, cancellationToken)).Count > 0)
            throw ScimRefusedException.Invalid("An empty list takes nobody out: name the members to remove in a PATCH, or delete the group.");
        return await WriteAsync(stored, group, members, caller, cancellationToken);
    }

    /// <summary>Patches a group. A removal names whom it removes, or removes <c>members</c> altogether.</summary>
    public async Task<JsonObject> PatchAsync(string source, string id, JsonObject patch, Caller caller, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(source, id, cancellationToken);
        var group = await ReadAsync(source, id, ScimUsers.All, cancellationToken);
        ScimPatchBody.Apply(group, patch);
        if (group["members"] is JsonArray { Count: 0 } && !Removes(patch))
            throw ScimRefusedException.Invalid("An empty list takes nobody out: remove members by name, or members altogether.");
        return await WriteAsync(stored, group, await MembersAsync(source, group, cancellationToken) ?? [], caller, cancellationToken);
    }

    /// <summary>Deletes a group; its members stay.</summary>
    public async Task DeleteAsync(string source, string id, Caller caller, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(source, id, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).DeleteAsync(stored.Id, null, behind.People, cancellationToken));
    }

    private static bool Removes(JsonObject patch) =>
        ScimValues.Of(patch, new ScimAttribute("Operations", "op")).Any(o => o.ToString().Equals("remove", StringComparison.OrdinalIgnoreCase));

    private async Task<JsonObject> WriteAsync(
        StoredGroup stored, JsonObject group, HashSet<Guid>? members, Caller caller, CancellationToken cancellationToken)
    {
        var (name, externalId) = Read(group);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        if (name != stored.Name || externalId != stored.ExternalId)
            await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).RenameAsync(stored.Id, name, externalId, [stored.Revision], behind.People, cancellationToken));
        if (members is not null && !members.SetEquals((await groups.MembersAsync(stored.Id, cancellationToken)).Select(m => m.Id)))
            await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).ChangeMembersAsync(stored.Id, _ => members, null, behind.People, cancellationToken));
        return await ReadAsync(stored.Source!, stored.Id.ToString(), ScimUsers.All, cancellationToken);
    }

    private static (string Name, string? ExternalId) Read(JsonObject group) => (
        ScimUserJson.Text(group, "displayName", t => PeopleText.Fault(t, PeopleText.LongestGroup)) ?? throw ScimRefusedException.Invalid("displayName is required."),
        ScimUserJson.Text(group, "externalId", t => PeopleText.Fault(t, PeopleText.LongestGroup)));

    private async Task<HashSet<Guid>?> MembersAsync(string source, JsonObject group, CancellationToken cancellationToken)
    {
        if (ScimValues.Member(group, "members") is not { } node) return null;
        if (node is not JsonArray items) throw ScimRefusedException.Invalid("members must be a list.");
        var members = new HashSet<Guid>();
        foreach (var item in items)
        {
            var text = ScimValues.Member(item, "value")?.ToString() ?? "";
            var isOurs = Guid.TryParse(text, out var id)
                && (members.Contains(id)
                    || (await people.FindAsync(id, cancellationToken))?.Details.Source == source
                    || (await groups.FindAsync(id, cancellationToken))?.Source == source);
            if (!isOurs) throw ScimRefusedException.Invalid($"The member '{PeopleText.Shown(text)}' is no user or group of this identity provider.");
            members.Add(id);
        }

        return members;
    }

    private async Task<StoredGroup> FindAsync(string source, string id, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var guid) && await groups.FindAsync(guid, cancellationToken) is { } group && group.Source == source
            ? group : throw ScimRefusedException.NotFound(PeopleText.Shown(id));

    private async Task<List<JsonObject>> WriteAsync(IReadOnlyList<StoredGroup> found, bool withMembers, ScimQuery? query, CancellationToken cancellationToken)
    {
        var written = new List<JsonObject>(found.Count);
        foreach (var group in found)
        {
            var json = new JsonObject { ["schemas"] = new JsonArray(Schema), ["id"] = group.Id.ToString(), ["displayName"] = group.Name };
            if (group.ExternalId is not null) json["externalId"] = group.ExternalId;
            if (withMembers)
            {
                var members = await groups.MembersAsync(group.Id, cancellationToken);
                json["members"] = new JsonArray([.. members.Select(m => new JsonObject
                {
                    ["value"] = m.Id.ToString(), ["display"] = m.Name, ["type"] = m.IsGroup ? "Group" : "User", ["$ref"] = $"/scim/v2/{(m.IsGroup ? "Groups" : "Users")}/{m.Id}",
                })]);
            }

            json["meta"] = ScimMeta.Write("Group", "Groups", group.Id, group.CreatedAt, group.UpdatedAt);
            written.Add(query is null ? json : query.Project(json));
        }

        return written;
    }
}
