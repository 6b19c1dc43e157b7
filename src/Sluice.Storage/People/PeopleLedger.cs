using Sluice.Storage.Databases;

namespace Sluice.Storage.People;

/// <summary>The revision of all people. Its row is the lock under which people are changed, so that checks of what is there hold until the commit.</summary>
internal static class PeopleLedger
{
    /// <summary>Stands for everybody in a list of who was changed.</summary>
    public static readonly Guid Everybody = Guid.Empty;

    // More than so many changed at once are everybody.
    private const int MostNamed = 1000;

    public static async Task LockAsync(SluiceContext context, CancellationToken cancellationToken)
    {
        await context.ExecuteAsync("INSERT INTO people_revisions (id, revision) VALUES (1, 0) ON CONFLICT (id) DO NOTHING", cancellationToken);
        await context.NumberAsync($"SELECT revision FROM people_revisions WHERE id = 1{context.Dialect.ForUpdate}", cancellationToken);
    }

    /// <summary>Records that people were changed. The lock is held.</summary>
    public static async Task MarkAsync(SluiceContext context, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken)
    {
        await AccessRevision.BumpAsync(context, cancellationToken);
        var revision = await context.NumberAsync("UPDATE people_revisions SET revision = revision + 1 WHERE id = 1 RETURNING revision", cancellationToken);
        IEnumerable<Guid> named = people.Count > MostNamed ? [Everybody] : people;
        foreach (var person in named)
        {
            await context.ExecuteAsync(
                "INSERT INTO people_changes (person_id, revision) VALUES (@id, @revision) ON CONFLICT (person_id) DO UPDATE SET revision = @revision",
                cancellationToken, ("@id", person), ("@revision", revision));
        }
    }
}
