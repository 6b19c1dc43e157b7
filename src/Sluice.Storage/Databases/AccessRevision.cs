namespace Sluice.Storage.Databases;

/// <summary>
/// One number that grows in the transaction of every change that can change who may see what: people, policies, tags, subscriptions. A connection that was
/// reconciled at an older one is reconciled again, so that no change is lost by a crash between it and its reconcile.
/// </summary>
internal static class AccessRevision
{
    private const string Name = "access.revision";

    public static Task BumpAsync(SluiceContext context, CancellationToken cancellationToken) => context.ExecuteAsync(
        """
        INSERT INTO server_facts (name, value) VALUES (@name, '1')
        ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(server_facts.value AS bigint) + 1 AS text)
        """,
        cancellationToken, ("@name", Name));

    public static async Task<long> ReadAsync(SluiceContext context, CancellationToken cancellationToken) =>
        await context.NumberAsync("SELECT CAST(value AS bigint) FROM server_facts WHERE name = @name", cancellationToken, ("@name", Name)) ?? 0;
}
