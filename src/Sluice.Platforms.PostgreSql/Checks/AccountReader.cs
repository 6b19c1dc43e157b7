using Sluice.Platforms.PostgreSql.Crawling;
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
            async (reader, token) =>
            {
                var accounts = await CatalogReader.RowsAsync(
                    reader,
                    r => new AccountRow(r.GetString(0), r.GetBoolean(1), r.GetBoolean(2), r.GetBoolean(3), r.GetString(4), r.GetBoolean(5)),
                    token);
                await reader.NextResultAsync(token);
                var databases = await CatalogReader.RowsAsync(
                    reader, r => new DatabasePrivileges(r.GetString(0), r.GetBoolean(1), r.GetBoolean(2)), token);
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
                async (reader, token) => (await CatalogReader.RowsAsync(reader, r => (long?)r.GetInt64(0), token))[0],
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
                async (reader, token) =>
                {
                    var owners = await CatalogReader.RowsAsync(
                        reader, r => new OwnerRow(r.GetString(0), r.GetBoolean(1), r.GetInt64(2), r.GetBoolean(3)), token);
                    await reader.NextResultAsync(token);
                    var own = await CatalogReader.RowsAsync(reader, r => new OwnSchemaRow(r.GetString(0), r.GetBoolean(1)), token);
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
