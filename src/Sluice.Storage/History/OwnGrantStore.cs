using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Storage.Bulk;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.History;

internal sealed class OwnGrantStore(Database database) : IOwnGrantStore
{
    // Many rows of one statement's list, and no transaction that others wait long for.
    private const int Together = 5000;

    private static readonly string[] Columns = ["connection_id", "fact", "object_path", "subject", "detail", "is_direct"];

    public Task<IReadOnlyList<OwnGrant>> OfConnectionAsync(Guid connectionId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<OwnGrant>>(
            async (context, token) => await context.QueryAsync(
                "SELECT object_path, subject, detail, is_direct FROM own_grants WHERE connection_id = @connection",
                static row => new OwnGrant(new FactKey(FactKind.Grant, ObjectPath.FromJson(row.GetString(0), out _), row.GetString(1), row.GetString(2)), row.GetBoolean(3)),
                token, ("@connection", connectionId)),
            cancellationToken);

    public async Task AddAsync(Guid connectionId, IReadOnlyCollection<FactKey> grants, CancellationToken cancellationToken)
    {
        var table = new BulkTable<(Guid Fact, FactKey Key)>("own_grants", Columns, (writer, row) =>
        {
            writer.Write(connectionId);
            writer.Write(row.Fact);
            writer.Write(JsonSerializer.Serialize(row.Key.Object!.Names));
            writer.Write(StorableText.Of(row.Key.Subject));
            writer.Write(StorableText.Of(row.Key.Detail));
            writer.Write((bool?)false);
        });
        foreach (var some in grants.Distinct().Select(static g => (Fact: FactId.Of(g), Key: g)).Chunk(Together))
        {
            await database.WriteUniqueAsync(
                async (context, token) =>
                {
                    var there = (await context.QueryAsync(
                        $"SELECT fact FROM own_grants WHERE connection_id = @connection AND fact {context.Dialect.In("@facts")}",
                        static row => row.GetGuid(0), token, ("@connection", connectionId), ("@facts", context.Dialect.List(some.Select(static g => g.Fact))))).ToHashSet();
                    await context.Dialect.Rows.InsertAsync(context, table, some.Where(g => !there.Contains(g.Fact)), token);
                    return true;
                },
                cancellationToken);
        }
    }

    public Task RemoveAsync(Guid connectionId, IReadOnlyCollection<FactKey> grants, CancellationToken cancellationToken) =>
        ChangeAsync("DELETE FROM own_grants", connectionId, grants, [], cancellationToken);

    public Task SetDirectAsync(Guid connectionId, IReadOnlyCollection<FactKey> grants, bool isDirect, CancellationToken cancellationToken) =>
        ChangeAsync("UPDATE own_grants SET is_direct = @direct", connectionId, grants, [("@direct", isDirect)], cancellationToken);

    private async Task ChangeAsync(string change, Guid connectionId, IReadOnlyCollection<FactKey> grants, (string, object?)[] values, CancellationToken cancellationToken)
    {
        foreach (var some in grants.Select(FactId.Of).Chunk(Together))
        {
            await database.WriteAsync(
                (context, token) => context.ExecuteAsync(
                    $"{change} WHERE connection_id = @connection AND fact {context.Dialect.In("@facts")}", token,
                    [.. values, ("@connection", connectionId), ("@facts", context.Dialect.List(some))]),
                cancellationToken);
        }
    }
}
