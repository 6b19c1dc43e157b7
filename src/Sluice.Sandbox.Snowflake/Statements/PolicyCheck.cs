using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>A body is compiled when it is set, with its owner's privileges: what it names must be there and open to the owner.</summary>
internal static class PolicyCheck
{
    public static void Compile(StatementContext context, SchemaObject made, string body)
    {
        var owner = context.As(made.Owner!, made.Schema);
        if (made.Domain is Domain.MaskingPolicy or Domain.RowAccessPolicy) owner = owner.Protecting(made, null, made.Owner!);
        if (made.Domain != Domain.Function) Subqueries.Check(body, made.Arguments.Select(argument => argument.Name));
        if (made.IsMemoizable) owner = owner.InsideMemoizable();
        using var sources = new TableSources(owner, Tokenizer.Read(body)) { Recording = History.Recording.None };
        var isHidden = PolicyBody.HasQuery(body);
        var names = made.Arguments.ToDictionary(argument => argument.Name, argument => new BodyArgument(EngineNames.Quoted(argument.Name), argument.Type, isHidden), StringComparer.Ordinal);
        var sql = sources.Body(owner, body, names);
        var arguments = string.Join(", ", made.Arguments.Select(argument => $"CAST(NULL AS {argument.Type.Engine}) AS {EngineNames.Quoted(argument.Name)}").DefaultIfEmpty("1 AS \"~none\""));
        var found = context.Runtime.Engine.For(context.Session).Describe($"SELECT ({sql}) AS \"BODY\" FROM (SELECT {arguments})")[0].Type;
        // The owner of a conditional masking policy must own the functions it calls (https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy).
        var isConditional = made.Domain == Domain.MaskingPolicy && made.Arguments.Length > 1;
        if (isConditional && sources.Called.FirstOrDefault(called => called.Depth == 1 && !owner.Access.Owns(called.Function)) is { Function: { } foreign }) throw SnowflakeException.Insufficient(Domain.Function, foreign.Name);
        if (made.Domain == Domain.MaskingPolicy && !Fits(found, Signatures.Type(made.Returns!), body)) throw Mismatch();
    }

    public static SnowflakeException Mismatch() => SnowflakeException.Invalid("Masking policy function argument and return type mismatch.");

    /// <summary>A bare NULL fits everything, and the engine takes it for a number.</summary>
    private static bool Fits(SqlType found, SqlType returns, string body)
    {
        if (body.Trim().Equals("NULL", StringComparison.OrdinalIgnoreCase)) return true;
        var isText = returns.Kind is SqlKind.Text or SqlKind.Variant or SqlKind.Object or SqlKind.Array;
        return (found.Kind == SqlKind.Text || VariantFunctions.IsSemiStructured(found)) == isText && found.Kind == SqlKind.Boolean == (returns.Kind == SqlKind.Boolean);
    }
}
