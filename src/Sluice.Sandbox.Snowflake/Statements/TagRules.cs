using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Who may set a tag, and to what.</summary>
internal static class TagRules
{
    public static void Set(StatementContext context, Securable holder, string? column, ObjectName name, string value)
    {
        var tag = Applicable(context, holder, name);
        if (!tag.AllowedValues.IsEmpty && !tag.AllowedValues.Contains(value))
        {
            throw new SnowflakeException("003542", "22023", $"SQL compilation error:\nTag value {value} is not in the list of allowed values for tag '{tag.Name}'.");
        }

        context.Account.Tags.Set(holder, column, tag, value, context.Now);
    }

    public static void Unset(StatementContext context, Securable holder, string? column, ObjectName name) =>
        context.Account.Tags.Unset(holder, column, Applicable(context, holder, name));

    /// <summary>APPLY TAG on the account; or APPLY on the tag and ownership of the object.</summary>
    private static SchemaObject Applicable(StatementContext context, Securable holder, ObjectName name)
    {
        var tag = context.Object(Domain.Tag, name, "SET TAG");
        if (!context.Access.Has(context.Account.Self, "APPLY TAG") && !(context.Access.Has(tag, "APPLY") && context.Access.Owns(holder)))
        {
            throw SnowflakeException.Insufficient(context.Access.Has(tag, "APPLY") ? holder.Domain : Domain.Tag, context.Access.Has(tag, "APPLY") ? holder.Name : tag.Name);
        }

        return tag;
    }
}
