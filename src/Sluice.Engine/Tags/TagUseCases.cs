using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Core.Tags;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Engine.People;
using Sluice.Storage.Catalog;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tags;

/// <inheritdoc cref="ITagUseCases"/>
internal sealed class TagUseCases(ITagStore tags, ICatalogStore catalog, IPolicyTags policies) : ITagUseCases
{
    private const int MostTags = 100;
    private const int MostCharacters = 1000;

    public Task<IReadOnlyList<StoredTag>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Reading.Permissions);
        return tags.ListAsync(cancellationToken);
    }

    public async Task<(StoredTag Tag, bool IsNew)> DefineAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var name = RequiredName(members, "name");
        var description = PeopleText.Optional(members, "description", static text => PeopleText.Fault(text, MostCharacters));
        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);
        var isNew = await tags.DefineAsync(name!, description, caller.AsActor(), cancellationToken);
        return ((await tags.ListAsync(cancellationToken)).Single(t => t.Name == name), isNew);
    }

    public async Task<TagEffect> RenameAsync(string name, JsonElement body, bool dryRun, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var newName = RequiredName(members, "name");
        members.RejectUnread();
        if (newName is not null && TagName.IsAtOrBelow(newName, name)) members.Reject("name", $"must be neither '{name}' nor a tag below it");
        if (problems.Any) throw new RequestRefusedException(problems);

        var effect = await EffectAsync(name, cancellationToken);
        if (effect.Policies.Count > 0 && !dryRun)
        {
            throw new RequestRefusedException(
                ErrorCode.WrongState, $"Policies name '{name}' or a tag below it: {string.Join(", ", effect.Policies)}. Define '{newName}' and give it to what carries '{name}', change these policies, then delete '{name}'.");
        }

        if (dryRun) return effect;
        if (!await tags.RenameAsync(name, newName!, caller.AsActor(), cancellationToken))
            throw new RequestRefusedException(ErrorCode.WrongState, $"There is a tag '{newName}' already.");
        return effect with { IsDone = true };
    }

    public async Task<TagEffect> DeleteAsync(string name, bool dryRun, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var effect = await EffectAsync(name, cancellationToken);
        if (dryRun) return effect;
        if (effect.Policies.Count > 0)
        {
            throw new RequestRefusedException(
                ErrorCode.WrongState, $"Policies name '{name}' or a tag below it: {string.Join(", ", effect.Policies)}. What they protect would be uncovered; change or delete them first.");
        }

        await tags.DeleteAsync(name, caller.AsActor(), cancellationToken);
        return effect with { IsDone = true };
    }

    public async Task<TagsView> AssignAsync(ObjectPath path, string? column, JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        var isGovernor = caller.HasAny(Permission.Governance);
        if (!isGovernor && !caller.IsAmong(found?.Owners ?? []))
            throw new RequestRefusedException(ErrorCode.Forbidden, $"This needs the permission {Permission.Governance}, or to be one of the object's data owners.");
        if (found is null) throw new RequestRefusedException(ErrorCode.NotFound, $"There is no data object '{path}'.");
        var wanted = await ReadAsync(body, cancellationToken);
        if (column is not null)
        {
            var columns = await catalog.ColumnsAsync(found.Id, cancellationToken);
            if (!columns.Any(c => c.Column.Name == column))
                throw new RequestRefusedException(ErrorCode.NotFound, $"'{path}' has no column '{column}'{Near(column, columns.Select(static c => c.Column.Name))}.");
        }

        if (!isGovernor) await RefuseRemovalAsync(found.Id, column, wanted, cancellationToken);
        var isChanged = await tags.AssignAsync(found.Id, column, wanted, caller.AsActor(), cancellationToken);
        return new TagsView(found.Path, column, [.. wanted.Order(StringComparer.Ordinal)], isChanged);
    }

    private async Task<IReadOnlyCollection<string>> ReadAsync(JsonElement body, CancellationToken cancellationToken)
    {
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var names = members.OptionalStrings("tags");
        members.RejectUnread();
        if (names is null && !problems.Any) members.Reject("tags", "is required: a list of names, which may be empty");
        if (names?.Count > MostTags) members.Reject("tags", $"has {names.Count} tags; an object or column carries at most {MostTags}");
        var known = (await tags.ListAsync(cancellationToken)).Where(static t => t.IsDefined).Select(static t => t.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < names?.Count; i++)
            if (!known.Contains(names[i])) problems.Add($"$.tags[{i}]", $"there is no tag '{names[i]}'{Near(names[i], known)}: define it with POST /api/v1/tags");
        if (problems.Any) throw new RequestRefusedException(problems);
        return names!.ToHashSet(StringComparer.Ordinal);
    }

    // A data owner may add, and remove what no policy uses: a governor's rule must not be lifted by taking its tag away.
    private async Task RefuseRemovalAsync(long objectId, string? column, IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        var removed = (await tags.OfObjectAsync(objectId, cancellationToken)).Where(t => t.Column == column && !wanted.Contains(t.Tag)).Select(static t => t.Tag);
        foreach (var tag in removed)
        {
            if (await policies.UsingAsync(tag, cancellationToken) is { Count: > 0 } users)
                throw new RequestRefusedException(ErrorCode.Forbidden, $"The tag '{tag}' is used by policies ({string.Join(", ", users)}): to remove it needs the permission {Permission.Governance}.");
        }
    }

    private async Task<TagEffect> EffectAsync(string name, CancellationToken cancellationToken)
    {
        if (TagName.Problem(name) is { } problem) throw new RequestRefusedException(ErrorCode.NotFound, $"There is no such tag: its name {problem}.");
        var touched = await tags.TouchedAsync(name, cancellationToken);
        if (!touched.Names.Contains(name, StringComparer.Ordinal))
        {
            var known = (await tags.ListAsync(cancellationToken)).Where(static t => t.IsDefined).Select(static t => t.Name);
            throw new RequestRefusedException(ErrorCode.NotFound, $"There is no tag '{name}'{Near(name, known)}.");
        }

        return new TagEffect(touched.Names, touched.Assignments, await policies.NamingAsync(name, cancellationToken), IsDone: false);
    }

    private static string? RequiredName(PayloadObject members, string member)
    {
        if (members.RequiredString(member) is not { } name) return null;
        if (TagName.Problem(name) is not { } problem) return name;
        members.Reject(member, problem);
        return null;
    }

    private static string Near(string typed, IEnumerable<string> known) => NearestName.Of(typed, known) is { } near ? $"; did you mean '{near}'?" : "";
}
