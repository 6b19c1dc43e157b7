using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>The count of applies, in the comment of a role of its own that holds nothing and that nobody has.</summary>
internal sealed class EpochKeeper(StatementClient statements, InstanceMark mark)
{
    /// <summary>Reads it; null where there is none of ours.</summary>
    public async Task<long?> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        var comment = await CommentAsync(new NativeNames(prefix, null).Epoch, cancellationToken);
        return mark.OwnerOf(comment) == MarkOwner.ThisInstance ? InstanceMark.EpochOf(comment) : null;
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="PlatformException">It can't be written, or a role that is not ours stands in its place.</exception>
    public async Task WriteAsync(string prefix, long epoch, CancellationToken cancellationToken)
    {
        var role = new NativeNames(prefix, null).Epoch;
        var comment = await CommentAsync(role, cancellationToken);
        if (comment is not null && mark.OwnerOf(comment) != MarkOwner.ThisInstance)
        {
            throw new PlatformException(
                PlatformFailure.Refused, $"Role {role} was not made by this instance of Sluice, so it is not changed. Choose another prefix for this connection, or remove the role.");
        }

        var text = comment is null ? Statements.CreateRole(role, mark.CommentAt(epoch)) : Statements.Comment(role, mark.CommentAt(epoch));
        using var result = await statements.RunAsync(new Statement(text), cancellationToken);
    }

    /// <summary>Takes it away, if it is ours.</summary>
    public async Task RemoveAsync(string prefix, CancellationToken cancellationToken)
    {
        if (await ReadAsync(prefix, cancellationToken) is null) return;
        using var result = await statements.RunAsync(new Statement(Statements.DropRole(new NativeNames(prefix, null).Epoch)), cancellationToken);
    }

    private async Task<string?> CommentAsync(string role, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW ROLES STARTS WITH {Quote.Literal(role)}"), cancellationToken);
        var (name, comment) = (result.Column("name"), result.Column("comment"));
        await foreach (var row in result.RowsAsync(cancellationToken))
            if (row[name] == role) return row[comment] ?? "";
        return null;
    }
}
