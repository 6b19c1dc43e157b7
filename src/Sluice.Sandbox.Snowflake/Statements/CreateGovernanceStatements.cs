using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>CREATE MASKING POLICY and ROW ACCESS POLICY.</summary>
internal sealed class CreatePolicyStatement(CreateHead head, List<Argument> arguments, SqlType returns, string body, OptionList options) : CreateObjectStatement(head)
{
    protected override SchemaObject Make(StatementContext context, SchemaState schema)
    {
        // https://docs.snowflake.com/en/user-guide/security-row-intro#troubleshoot-row-access-policies
        if (Head.Domain == Domain.RowAccessPolicy && returns.Kind != SqlKind.Boolean)
        {
            throw new SnowflakeException("003551", "42601", $"SQL compilation error:\nRow access policy return type '{returns}' is not BOOLEAN.");
        }

        if (Head.Domain == Domain.MaskingPolicy && (arguments.Count == 0 || arguments[0].Type.Kind != returns.Kind)) throw PolicyCheck.Mismatch();

        var made = base.Make(context, schema);
        made.Arguments = [.. arguments];
        return made;
    }

    protected override void Fill(StatementContext context, SchemaObject made)
    {
        var existing = made.Schema.Find(made.Domain, made.Key);
        if (existing is not null && PolicyRules.UsesOf(context.Account, existing).Any())
        {
            throw new SnowflakeException("003546", "42601", $"SQL compilation error:\nPolicy {made.Name} cannot be dropped/replaced as it is associated with one or more entities.");
        }

        made.Returns = returns.ToString();
        PolicyCheck.Compile(context, made, body);
        made.Body = body;
        made.Comment = options["COMMENT"];
        foreach (var (key, value) in options.Values) made.Options[key] = value;
    }
}

/// <summary>CREATE FUNCTION, in SQL.</summary>
internal sealed class CreateFunctionStatement(CreateHead head, List<Argument> arguments, SqlType returns, string body, bool memoizable, bool copiesGrants, OptionList options)
    : CreateObjectStatement(head)
{
    protected override bool KeepsGrants => copiesGrants;

    protected override SchemaObject Make(StatementContext context, SchemaState schema)
    {
        if (options["LANGUAGE"] is { } language and not "SQL") throw SnowflakeException.Unsupported($"LANGUAGE {language}");
        var made = base.Make(context, schema);
        made.Arguments = [.. arguments];
        return made;
    }

    protected override void Fill(StatementContext context, SchemaObject made)
    {
        made.Returns = returns.Kind == SqlKind.Text ? "VARCHAR" : returns.ToString();
        made.IsSecure = Head.Modifiers.Contains("SECURE");
        made.IsMemoizable = memoizable;
        PolicyCheck.Compile(context, made, body);
        made.Body = body;
        made.Comment = options["COMMENT"];
    }
}

/// <summary>CREATE TAG.</summary>
internal sealed class CreateTagStatement(CreateHead head, List<string> values, OptionList options) : CreateObjectStatement(head)
{
    protected override void Fill(StatementContext context, SchemaObject made)
    {
        made.AllowedValues = Owned(values);
        made.Comment = options["COMMENT"];
    }
}
