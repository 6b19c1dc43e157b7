using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tags;

/// <summary>What a rename or a deletion of a tag touches.</summary>
/// <param name="Names">The tag and those below it.</param>
/// <param name="Assignments">Objects and columns that carry one of them by assignment.</param>
/// <param name="Policies">Policies that name one of them, by key: after a deletion they cover what only their platforms' tags select.</param>
/// <param name="IsDone">Whether it was done, and not only asked about.</param>
public sealed record TagEffect(IReadOnlyList<string> Names, long Assignments, IReadOnlyList<string> Policies, bool IsDone);

/// <summary>An object's or a column's tags that were given here.</summary>
public sealed record TagsView(ObjectPath Path, string? Column, IReadOnlyList<string> Tags, bool IsChanged);

/// <summary>Tags: defined, renamed, deleted, given to objects and columns.</summary>
public interface ITagUseCases
{
    /// <summary>All tags, those that only platforms know included.</summary>
    Task<IReadOnlyList<StoredTag>> ListAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>Defines a tag (<c>{name, description}</c>), or changes its description; whether it is new.</summary>
    Task<(StoredTag Tag, bool IsNew)> DefineAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>Renames a tag and those below it.</summary>
    Task<TagEffect> RenameAsync(string name, JsonElement body, bool dryRun, Caller caller, CancellationToken cancellationToken);

    /// <summary>Deletes a tag and those below it, with their assignments.</summary>
    Task<TagEffect> DeleteAsync(string name, bool dryRun, Caller caller, CancellationToken cancellationToken);

    /// <summary>Replaces the tags that were given here to an object, or to one of its columns (<c>{tags: [...]}</c>).</summary>
    Task<TagsView> AssignAsync(ObjectPath path, string? column, JsonElement body, Caller caller, CancellationToken cancellationToken);
}
