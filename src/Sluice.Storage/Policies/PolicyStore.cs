using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Policies;

internal sealed class PolicyStore(Database database, AuditAppender audit, TimeProvider time) : IPolicyStore
{
    public async Task<IReadOnlyList<StoredPolicy>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync((context, token) => context.Policies.ToListAsync(token), cancellationToken);
        rows.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return rows.ConvertAll(Policy);
    }

    public async Task<StoredPolicy?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!StorableText.Is(key)) return null;
        var row = await database.ReadAsync((context, token) => context.Policies.SingleOrDefaultAsync(p => p.Key == key, token), cancellationToken);
        return row is null ? null : Policy(row);
    }

    public Task<IReadOnlyList<PolicyPutOutcome>> WriteAsync(
        IReadOnlyList<PolicyPut> puts, IReadOnlyList<string> deletes, Actor by, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteUniqueAsync<IReadOnlyList<PolicyPutOutcome>>(
            async (context, token) =>
            {
                var keys = puts.Select(static p => p.Key).ToArray();
                var stored = await context.Policies.AsTracking().Where(p => keys.Contains(p.Key)).ToDictionaryAsync(static p => p.Key, StringComparer.Ordinal, token);
                var outcomes = puts.Select(put => Put(context, stored, put, by, at)).ToList();
                await context.SaveChangesAsync(token);
                var gone = deletes.Count == 0 ? [] : await context.Policies.Where(p => deletes.Contains(p.Key)).Select(p => p.Key).ToListAsync(token);
                if (gone.Count > 0) await context.Policies.Where(p => gone.Contains(p.Key)).ExecuteDeleteAsync(token);
                if (gone.Count > 0 || outcomes.Exists(static o => o != PolicyPutOutcome.Unchanged)) await AccessRevision.BumpAsync(context, token);
                await audit.AppendAsync(
                    context,
                    [
                        .. puts.Zip(outcomes).Where(static p => p.Second != PolicyPutOutcome.Unchanged).Select(p => PolicyEvents.Put(p.First, p.Second, by, at)),
                        .. gone.Select(key => PolicyEvents.Deleted(key, by, at)),
                    ],
                    token);
                return outcomes;
            },
            cancellationToken);
    }

    public Task<bool> DeleteAsync(string key, IReadOnlyList<long>? ifRevision, Actor by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                if (!StorableText.Is(key) || await context.Policies.AsTracking().SingleOrDefaultAsync(p => p.Key == key, token) is not { } row) return false;
                if (ifRevision?.Contains(row.Revision) is false) throw new StaleRevisionException($"Policy {key}");
                context.Policies.Remove(row);
                await context.SaveChangesAsync(token);
                await AccessRevision.BumpAsync(context, token);
                await audit.AppendAsync(context, PolicyEvents.Deleted(key, by, time.GetUtcNow()), token);
                return true;
            },
            cancellationToken);

    private static PolicyPutOutcome Put(SluiceContext context, Dictionary<string, PolicyRow> stored, PolicyPut put, Actor by, DateTimeOffset at)
    {
        var row = stored.GetValueOrDefault(put.Key);
        if (put.IfRevision?.Contains(row?.Revision ?? 0) is false) throw new StaleRevisionException($"Policy {put.Key}");
        if (row?.Document == put.DocumentJson) return PolicyPutOutcome.Unchanged;
        var outcome = row is null ? PolicyPutOutcome.Created : PolicyPutOutcome.Updated;
        if (row is null)
        {
            row = new PolicyRow { Key = put.Key, CreatedAt = at, CreatedById = by.Id, CreatedByName = by.Name };
            context.Policies.Add(row);
        }

        row.Name = StorableText.Of(put.Name);
        row.Type = put.Type;
        row.IsStaged = put.IsStaged;
        row.Document = put.DocumentJson;
        row.Revision++;
        row.UpdatedAt = at;
        row.UpdatedById = by.Id;
        row.UpdatedByName = by.Name;
        return outcome;
    }

    private static StoredPolicy Policy(PolicyRow row) => new(
        row.Key, row.Name, row.Type, row.IsStaged, row.Document, row.Revision,
        row.CreatedAt, new Actor(row.CreatedById, row.CreatedByName), row.UpdatedAt, new Actor(row.UpdatedById, row.UpdatedByName));
}
