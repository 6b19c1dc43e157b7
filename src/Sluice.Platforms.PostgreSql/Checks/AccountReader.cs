using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Checks;

/// <summary>Reads what the checks judge.</summary>
internal static class AccountReader
{
    // Each database needs a login of its own; more at once would look like an attack on a busy server.
    private const int DatabasesAtOnce = 4;

    public static Task<(AccountRow Account, List<DatabasePrivileges> Databases)> AccountAsync(
        DatabaseConnection database, CancellationToken cancellationToken) =>
        database.ReadAsync(
            [new Query(AccountQueries.Account), new Query(AccountQueries.Databases)],
            static async answer =>
            {
                var accounts = await answer.RowsAsync(static async r => new AccountRow(
                    await r.TextAsync(), await r.BooleanAsync(), await r.BooleanAsync(), await r.BooleanAsync(), await r.TextAsync(),
                    await r.BooleanAsync()));
                await answer.NextResultAsync();
                var databases = await answer.RowsAsync(static async r => new DatabasePrivileges(
                    await r.SharedTextAsync(), await r.BooleanAsync(), await r.BooleanAsync()));
                return (accounts[0], databases);
            },
            cancellationToken);

    /// <summary>The system identifier, or null when the account may not read it.</summary>
    public static async Task<long?> SystemIdentifierAsync(DatabaseConnection database, CancellationToken cancellationToken)
    {
        try
        {
            return await database.ReadAsync(
                [new Query(AccountQueries.SystemIdentifier)],
                static async answer => (long?)(await answer.RowsAsync(static r => r.LongAsync()))[0],
                cancellationToken);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.AccessDenied)
        {
            return null;
        }
    }

    /// <summary>Who owns tables, database by database; one that can't be asked says why.</summary>
    public static async Task<IReadOnlyList<DatabaseOwners>> OwnersAsync(
        ServerLogin login, IReadOnlyList<string> databases, CancellationToken cancellationToken)
    {
        var owners = new DatabaseOwners[databases.Count];
        await Parallel.ForAsync(
            0, databases.Count,
            new ParallelOptions { MaxDegreeOfParallelism = DatabasesAtOnce, CancellationToken = cancellationToken },
            async (i, token) => owners[i] = await OwnersAsync(login, databases[i], token));
        return owners;
    }

    private static async Task<DatabaseOwners> OwnersAsync(ServerLogin login, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = await login.ConnectAsync(name, cancellationToken);
            return await database.ReadAsync(
                [new Query(AccountQueries.Owners(database.ServerVersion)), new Query(AccountQueries.OwnSchema(database.ServerVersion))],
                async answer =>
                {
                    var owners = await answer.RowsAsync(static async r => new OwnerRow(
                        await r.SharedTextAsync(), await r.BooleanAsync(), await r.LongAsync(), await r.BooleanAsync()));
                    await answer.NextResultAsync();
                    var own = await answer.RowsAsync(static async r => new OwnSchemaRow(await r.SharedTextAsync(), await r.BooleanAsync()));
                    return new DatabaseOwners(name, owners, own.Count == 0 ? null : own[0]);
                },
                cancellationToken);
        }
        catch (PlatformException e)
        {
            return new DatabaseOwners(name, [], null, e.Message);
        }
    }
}
