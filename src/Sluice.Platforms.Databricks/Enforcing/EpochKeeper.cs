using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// The count of applies, in the comment of an empty table of ours in the schema of entitlements: whoever made a table may comment on it
/// (https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-comment), and REST reads the comment without a warehouse.
/// </summary>
internal sealed class EpochKeeper(UnityClient unity, ISqlEndpoint sql, OwnCatalog own, InstanceMark mark)
{
    /// <summary>The table's name.</summary>
    public const string TableName = "epoch";

    private string Table => own.Entitlements(TableName);

    /// <summary>Reads it; null where there is none of ours.</summary>
    public async Task<long?> ReadAsync(CancellationToken cancellationToken) =>
        await CommentAsync(cancellationToken) is { } comment && mark.OwnerOf(comment) == MarkOwner.ThisInstance ? InstanceMark.EpochOf(comment) : null;

    /// <summary>Writes it.</summary>
    /// <exception cref="PlatformException">What stands in its place is not ours, or it can't be written.</exception>
    public async Task WriteAsync(long epoch, CancellationToken cancellationToken)
    {
        var comment = Quote.Literal(mark.CommentAt(epoch));
        if (await CommentAsync(cancellationToken) is { } there)
        {
            if (mark.OwnerOf(there) != MarkOwner.ThisInstance)
                throw new PlatformException(PlatformFailure.Refused, $"Table {Table} was not made by this instance of Sluice: it is not changed. Give this connection another catalog, or drop that table.");
            await sql.ReadAsync($"COMMENT ON TABLE {Table} IS {comment}", cancellationToken);
        }
        else await sql.ReadAsync($"CREATE TABLE IF NOT EXISTS {Table} (nothing STRING) COMMENT {comment}", cancellationToken);
    }

    /// <summary>Takes it away, if it is ours.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (await CommentAsync(cancellationToken) is { } comment && mark.OwnerOf(comment) == MarkOwner.ThisInstance) await sql.ReadAsync($"DROP TABLE IF EXISTS {Table}", cancellationToken);
    }

    // Empty where it has none; null where there is no table.
    private async Task<string?> CommentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await unity.TableAsync(own.Name, OwnCatalog.EntitlementsSchema, TableName, cancellationToken)).Comment ?? "";
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound)
        {
            return null;
        }
    }
}
