using Sluice.Storage.Databases;

namespace Sluice.Storage.Server;

internal sealed class ServerFacts(Database database) : IServerFacts
{
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync((context, token) => FindAsync(context, name, token), cancellationToken);

    public async Task<string> GetOrAddAsync(string name, Func<string> create, CancellationToken cancellationToken)
    {
        var known = await FindAsync(name, cancellationToken);
        if (known is not null) return known;
        var made = create();
        return await database.WriteAsync(
            async (context, token) =>
            {
                await context.ExecuteAsync(
                    "INSERT INTO server_facts (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", token,
                    ("@name", name), ("@value", made));

                // Ours, or that of the server that was faster.
                return (await FindAsync(context, name, token))!;
            },
            cancellationToken);
    }

    public Task SetAsync(string name, string value, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (context, token) => context.ExecuteAsync(
                "INSERT INTO server_facts (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = @value", token, ("@name", name), ("@value", value)),
            cancellationToken);

    private static async Task<string?> FindAsync(SluiceContext context, string name, CancellationToken cancellationToken) =>
        (await context.QueryAsync("SELECT value FROM server_facts WHERE name = @name", row => row.GetString(0), cancellationToken, ("@name", name)))
        .SingleOrDefault();
}
