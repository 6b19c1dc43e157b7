using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.History;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// The rows of a table or view as its policies leave them: the row access policy is evaluated first, then the masks take the place of
/// their columns, wherever a query names them (https://docs.snowflake.com/en/user-guide/security-column-intro,
/// https://docs.snowflake.com/en/user-guide/security-row-intro). Bodies read with their policy owner's privileges.
/// </summary>
internal sealed class ProtectedRows
{
    public const string RowId = "\"~rowid\"";

    private readonly StatementContext context;
    private readonly SchemaObject table;
    private readonly TableSources sources;
    private readonly List<(int Column, PolicyReference Reference)> masks = [];
    private readonly bool keepsRowId;

    private ProtectedRows(StatementContext context, SchemaObject table, TableSources sources, bool keepsRowId)
    {
        this.context = context;
        this.table = table;
        this.sources = sources;
        this.keepsRowId = keepsRowId;
        for (var i = 0; i < table.Columns.Length; i++)
        {
            if (PolicyRules.MaskOf(context.Account, table, table.Columns[i]) is { } mask) masks.Add((i, mask));
        }
    }

    /// <param name="context">Who reads.</param>
    /// <param name="table">What is read.</param>
    /// <param name="rows">Its rows as they are stored.</param>
    /// <param name="sources">What the query reads from; bodies of policies read from it too.</param>
    /// <param name="keepsRowId">Adds the engine's row id, for UPDATE and DELETE.</param>
    public static string Of(StatementContext context, SchemaObject table, string rows, TableSources sources, bool keepsRowId = false)
    {
        var read = new ProtectedRows(context, table, sources, keepsRowId);
        return read.masks.Count == 0 && table.Policies.IsEmpty && !keepsRowId ? rows : read.Build(rows);
    }

    private string Build(string rows)
    {
        foreach (var reference in table.Policies) context.Run.Access.Enforced(table, null, reference.Policy, sources.Recording);
        foreach (var (column, reference) in masks.Where(mask => sources.Mentions(table, mask.Column))) context.Run.Access.Enforced(table, table.Columns[column].Name, reference.Policy, sources.Recording);
        var stored = table.Columns.Select((column, index) => $"{EngineNames.Quoted(column.Name)} AS {Numbered(index)}");
        var built = $"SELECT {Joined(stored, keepsRowId ? $"rowid AS {RowId}" : null)} FROM {rows}";
        foreach (var reference in table.Policies) built = Filtered(built, reference);
        List<string> masked = [];
        foreach (var (column, reference) in masks)
        {
            built = Masked(built, column, reference, masked);
            masked.Add($"\"~m{column}\"");
        }

        var answered = table.Columns.Select((column, index) =>
            $"{(masks.Exists(mask => mask.Column == index) ? $"\"~m{index}\"" : Numbered(index))} AS {EngineNames.Quoted(column.Name)}");
        return $"(SELECT {Joined(answered, keepsRowId ? RowId : null)} FROM ({built}))";
    }

    private string Filtered(string rows, PolicyReference reference)
    {
        var (source, condition) = Evaluated(rows, reference, null, []);
        return $"SELECT {Carried([])} FROM {source} WHERE CAST(({condition}) AS BOOLEAN)";
    }

    private string Masked(string rows, int column, PolicyReference reference, List<string> masked)
    {
        var (source, value) = Evaluated(rows, reference, table.Columns[column].Name, masked);
        return $"SELECT {Carried(masked)}, {Typed($"({value})", table.Columns[column].Type)} AS \"~m{column}\" FROM {source}";
    }

    /// <summary>
    /// A body over its arguments. Where it reads tables the arguments become columns beside which those tables' own columns come first;
    /// else the columns it is given stand in their place.
    /// </summary>
    private (string Source, string Body) Evaluated(string rows, PolicyReference reference, string? column, List<string> masked)
    {
        var policy = reference.Policy;
        if (policy.IsDropped)
        {
            throw new SnowflakeException(
                "003538", "42601", $"SQL execution error:\n{(column is null ? $"Object {table.Name}" : $"Column {column}")} already attached to a {policy.Domain.Words().ToLowerInvariant()} that does not exist. "
                + "Please contact the policy administrator.");
        }

        var owner = context.As(policy.Owner!, policy.Schema).Protecting(table, column, context.Access.Primary);
        var values = policy.Arguments.Zip(reference.Columns, (argument, given) => (Argument: argument, Sql: Argument(IndexOf(given), argument.Type))).ToArray();
        if (!PolicyBody.HasQuery(policy.Body!))
        {
            return ($"({rows})", sources.Body(owner, policy.Body!, values.ToDictionary(value => value.Argument.Name, value => new BodyArgument(value.Sql, value.Argument.Type, MayBeHidden: false), StringComparer.Ordinal), Recording.None));
        }

        var arguments = string.Join(", ", values.Select(value => $"{value.Sql} AS {EngineNames.Quoted(value.Argument.Name)}"));
        var names = values.ToDictionary(value => value.Argument.Name, value => new BodyArgument(EngineNames.Quoted(value.Argument.Name), value.Argument.Type, MayBeHidden: true), StringComparer.Ordinal);
        return ($"(SELECT {Carried(masked)}{(values.Length > 0 ? ", " : "")}{arguments} FROM ({rows}))", sources.Body(owner, policy.Body!, names, Recording.None));
    }

    /// <summary>A column is handed over as it is: NUMBER means numbers of any scale to a policy, and none is rounded on its way.</summary>
    private string Argument(int column, SqlType type) => table.Columns[column].Type.Kind == type.Kind ? Numbered(column) : Typed(Numbered(column), type);

    private string Carried(IEnumerable<string> masked) =>
        Joined(table.Columns.Select((_, index) => Numbered(index)).Concat(masked), keepsRowId ? RowId : null);

    private int IndexOf(string column)
    {
        for (var i = 0; i < table.Columns.Length; i++)
        {
            if (table.Columns[i].Name == column) return i;
        }

        throw SnowflakeException.InvalidIdentifier(column);
    }

    private static string Typed(string expression, SqlType type) => Casts.Given(expression, type);

    private static string Numbered(int column) => $"\"~{column}\"";

    private static string Joined(IEnumerable<string> columns, string? last) => string.Join(", ", last is null ? columns : columns.Append(last));
}
