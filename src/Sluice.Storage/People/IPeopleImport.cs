using Sluice.Storage.Connections;

namespace Sluice.Storage.People;

/// <summary>A user to register or to change. What is null stays as it is.</summary>
/// <param name="NewId">Their id when they are new.</param>
/// <param name="Username">By which they are known; ignoring case.</param>
/// <param name="Said">What is said of them, from what was said before; null: they are new.</param>
/// <param name="Attributes">All attributes kept here.</param>
/// <param name="Groups">All groups kept here that they are in directly, by name.</param>
public sealed record ImportedPerson(
    Guid NewId, string Username, Func<PersonDetails?, PersonDetails> Said, IReadOnlyList<StoredAttribute>? Attributes, IReadOnlyList<string>? Groups);

/// <summary>What an import did, or would do.</summary>
/// <param name="Added">So many are new.</param>
/// <param name="Changed">So many were changed.</param>
/// <param name="Unchanged">So many were so before.</param>
public sealed record ImportCounts(int Added, int Changed, int Unchanged);

/// <summary>Why an import can't be: what is wrong with which of its users.</summary>
public sealed class ImportRefusedException(IReadOnlyList<(int Index, string Problem)> problems) : Exception("The import was refused.")
{
    /// <summary>By place in the import.</summary>
    public IReadOnlyList<(int Index, string Problem)> Problems => problems;
}

/// <summary>Registers and changes many users at once, or none.</summary>
public interface IPeopleImport
{
    /// <summary>The same, for somebody: what is changed by it is recorded as theirs. Without it, it is the server's own doing.</summary>
    IPeopleImport As(Actor by);

    /// <summary>Imports.</summary>
    /// <param name="people">The users, each once.</param>
    /// <param name="judge">What is wrong with a change, or null. Gets who is changed (null: somebody new) and what would be said of them.</param>
    /// <param name="self">Whoever is behind the request; a change of them is refused.</param>
    /// <param name="isDryRun">Whether only to count.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ImportRefusedException">Nothing was written.</exception>
    Task<ImportCounts> ImportAsync(
        IReadOnlyList<ImportedPerson> people, Func<StoredPerson?, PersonDetails, string?> judge, IReadOnlySet<Guid> self, bool isDryRun,
        CancellationToken cancellationToken);
}
