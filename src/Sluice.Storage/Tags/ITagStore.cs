using Sluice.Storage.Connections;

namespace Sluice.Storage.Tags;

/// <summary>A tag that can be given.</summary>
/// <param name="Name">Dotted.</param>
/// <param name="Description">For people.</param>
/// <param name="IsDefined">Whether it was made here; else it is only known from platforms.</param>
/// <param name="Uses">How many objects and columns carry exactly this tag, given here or by their platform.</param>
public sealed record StoredTag(string Name, string? Description, bool IsDefined, long Uses);

/// <summary>A tag on an object or a column, given here.</summary>
/// <param name="Column">Null: the object itself.</param>
/// <param name="Tag">Dotted.</param>
public sealed record AssignedTag(string? Column, string Tag);

/// <summary>What a rename of a tag touches.</summary>
/// <param name="Assignments">Objects and columns that carry it, or one below it.</param>
/// <param name="Names">The tags that are renamed or deleted: it and those below it.</param>
public sealed record TagChange(long Assignments, IReadOnlyList<string> Names);

/// <summary>Tags of Sluice's own, on objects and columns of every platform.</summary>
public interface ITagStore
{
    /// <summary>All tags that are defined here or known from platforms, by name.</summary>
    Task<IReadOnlyList<StoredTag>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Defines a tag, or changes its description.</summary>
    /// <returns>Whether it is new.</returns>
    Task<bool> DefineAsync(string name, string? description, Actor by, CancellationToken cancellationToken);

    /// <summary>What a rename or a deletion of a tag would touch.</summary>
    Task<TagChange> TouchedAsync(string name, CancellationToken cancellationToken);

    /// <summary>Renames a tag and those below it, assignments included; false when it is not defined, or the new name is.</summary>
    Task<bool> RenameAsync(string name, string newName, Actor by, CancellationToken cancellationToken);

    /// <summary>Deletes a tag and those below it with their assignments; false when it is not defined.</summary>
    Task<bool> DeleteAsync(string name, Actor by, CancellationToken cancellationToken);

    /// <summary>What was given here to an object and its columns.</summary>
    Task<IReadOnlyList<AssignedTag>> OfObjectAsync(long objectId, CancellationToken cancellationToken);

    /// <summary>Replaces what was given here to an object (<paramref name="column"/> null) or to one of its columns.</summary>
    /// <returns>Whether anything changed.</returns>
    Task<bool> AssignAsync(long objectId, string? column, IReadOnlyCollection<string> tags, Actor by, CancellationToken cancellationToken);
}
