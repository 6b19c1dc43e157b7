using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Finds what ON ALL ... IN means.</summary>
internal static class GrantTargets
{
    public static Securable Container(StatementContext context, GrantTarget target) => context.Find(target.Container!.Value, target.Name!);

    public static IEnumerable<SchemaState> Schemas(Securable container) => container switch
    {
        DatabaseState database => database.Schemas.Values.Where(schema => schema.Name != "INFORMATION_SCHEMA"),
        _ => [(SchemaState)container],
    };

    /// <summary>The objects that carry their grants themselves; generated ones that share a list are not among them.</summary>
    public static IEnumerable<Securable> Stated(StatementContext context, GrantTarget target)
    {
        var container = Container(context, target);
        if (target.Domain == Domain.Schema) return Schemas(container);
        return Schemas(container).SelectMany(schema => schema.Stated
            .Where(found => found.Domain == target.Domain)
            .Concat(OwnGenerated(context, schema, target.Domain)));
    }

    private static IEnumerable<SchemaObject> OwnGenerated(StatementContext context, SchemaState schema, Domain domain) => schema.Source is not { } source
        ? []
        : context.Account.Grants.OwnIdsIn(source.Ordinal).ToArray()
            .Select(id => schema.Generated(GeneratedTables.Split(id).Index))
            .OfType<SchemaObject>()
            .Where(found => found.Domain == domain);
}
