using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>
/// CREATE SCHEMA | DATABASE ... CLONE: what it holds is cloned with its grants, schemas of a database too; those on the container itself are not. A policy or tag of
/// the same container is replaced by its own clone, one from elsewhere stays (https://docs.snowflake.com/en/user-guide/object-clone,
/// https://docs.snowflake.com/en/user-guide/security-column-intro#cloned-objects).
/// </summary>
internal sealed class ContainerClone(StatementContext context)
{
    private readonly Dictionary<SchemaObject, SchemaObject> copies = [];

    public static SchemaState Of(StatementContext context, SchemaState original, DatabaseState database, string name)
    {
        var clone = new ContainerClone(context);
        var made = clone.Add(original, database, name);
        clone.Finish();
        return made;
    }

    public SchemaState Add(SchemaState original, DatabaseState database, string name)
    {
        var made = new SchemaState(context.Account.NextId(), name, database)
        {
            Owner = context.Access.Primary,
            IsManaged = original.IsManaged,
            CreatedOn = context.Now,
            LastAltered = context.Now,
            Comment = original.Comment,
        };
        database.Schemas[name] = made;
        // Neither external tables nor temporary ones are cloned with their container.
        var children = original.Tables().Where(table => table.Domain != Domain.ExternalTable && !table.IsTemporary).Concat(original.Stated.Where(other => !other.Domain.IsTableLike()));
        foreach (var child in children.ToArray()) Copy(child, made);
        return made;
    }

    /// <summary>Turns references within what was cloned to the clones.</summary>
    public void Finish()
    {
        foreach (var (original, copy) in copies)
        {
            copy.Policies = [.. original.Policies.Select(Mapped)];
            copy.Columns = [.. original.Columns.Select(column => column with { Mask = column.Mask is null ? null : Mapped(column.Mask) })];
            CopyTags(original, copy, null);
            foreach (var column in original.Columns) CopyTags(original, copy, column.Name);
        }
    }

    private void Copy(SchemaObject child, SchemaState into)
    {
        var copy = new SchemaObject(context.Account.NextId(), child.Domain, child.Name, into)
        {
            Owner = child.Owner,
            MadeBy = context.Run.Id,
            Columns = child.Columns,
            Body = child.Body,
            Text = child.Text,
            Arguments = child.Arguments,
            Returns = child.Returns,
            IsSecure = child.IsSecure,
            IsTransient = child.IsTransient,
            IsMemoizable = child.IsMemoizable,
            AllowedValues = child.AllowedValues,
            Comment = child.Comment,
            CreatedOn = context.Now,
            LastAltered = context.Now,
            LastDdl = context.Now,
            LastDdlBy = context.Session.User.Name,
        };
        foreach (var (key, value) in child.Options) copy.Options[key] = value;
        into.Put(copy);
        copies[child] = copy;
        context.Account.Grants.Copy(child, copy);
        if (child.Domain is Domain.Table or Domain.DynamicTable or Domain.IcebergTable) copy.RowCount = context.Runtime.Engine.For(context.Session).Copy(child, copy);
    }

    private PolicyReference Mapped(PolicyReference reference) =>
        copies.TryGetValue(reference.Policy, out var copy) ? reference with { Policy = copy, On = context.Now } : reference with { On = context.Now };

    private void CopyTags(SchemaObject original, SchemaObject copy, string? column)
    {
        foreach (var setting in context.Account.Tags.On(original, column).ToArray())
        {
            context.Account.Tags.Set(copy, column, copies.GetValueOrDefault(setting.Tag) ?? setting.Tag, setting.Value, context.Now);
        }
    }
}
