using Sluice.Core.Access;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.PostgreSql.Sql;

/// <summary>
/// Prints a predicate over an object's columns as PostgreSQL's SQL. What is asked about the person goes through functions of schema <c>sluice</c>, each in a
/// subselect, so that it is answered once for a query and not for every row.
/// </summary>
public sealed class PredicatePrinter : SqlPredicate
{
    private static readonly HashSet<string> SelfEvident =
        ["text", "character varying", "character", "\"char\"", "name", "smallint", "integer", "bigint", "numeric", "uuid", "boolean"];

    private PredicatePrinter(GovernedObject of) : base(of)
    {
    }

    /// <summary>Prints a predicate.</summary>
    /// <param name="predicate">What has to hold.</param>
    /// <param name="of">On which object.</param>
    /// <param name="problem">Why it can't be printed; null when it was.</param>
    /// <returns>The SQL; <c>false</c> when there is a problem, so that no row is seen.</returns>
    public static string Print(Predicate predicate, GovernedObject of, out string? problem) => new PredicatePrinter(of).Print(predicate, out problem);

    /// <inheritdoc/>
    protected override string Literal(string text) => Quote.Literal(text);

    /// <inheritdoc/>
    protected override string TextLiteral(string? text) => text is null ? "NULL::text" : $"{Quote.Literal(text)}::text";

    /// <inheritdoc/>
    protected override string Column(GovernedColumn column) => Quote.Identifier(column.Name);

    /// <inheritdoc/>
    protected override string TextOf(GovernedColumn column) =>
        SelfEvident.Contains(ColumnFamilies.Plain(column.Type)) ? $"{Quote.Identifier(column.Name)}::text" : $"sluice.text_of({Quote.Identifier(column.Name)})";

    /// <inheritdoc/>
    protected override string TextOf(string expression, Operand operand) =>
        operand is Operand.Call { Function: ScalarFunction.Length } ? $"{expression}::text" : $"sluice.text_of({expression})";

    /// <inheritdoc/>
    protected override string Like(string text, string pattern) => $"(({text} COLLATE pg_catalog.\"C\") LIKE {Quote.Literal(pattern)} ESCAPE '')";

    /// <inheritdoc/>
    protected override string InGroup(string group) => $"(SELECT sluice.in_group({Quote.Literal(group)}))";

    /// <inheritdoc/>
    protected override string HasAttribute(string name, string value) => $"(SELECT sluice.has_attribute({Quote.Literal(name)}, {Quote.Literal(value)}))";

    /// <inheritdoc/>
    protected override string AttributeContains(string name, string text) =>
        Among(text, $"sluice.attribute_values({Quote.Literal(name)})", $"sluice.attribute_values_of_some({Quote.Literal(name)})");

    /// <inheritdoc/>
    protected override string GroupsContain(string text) => Among(text, "sluice.group_names()", "sluice.group_names_of_some()");

    /// <inheritdoc/>
    protected override string PersonProperty(PropertyKind kind) => kind == PropertyKind.Username ? "(SELECT sluice.username())" : "(SELECT sluice.iam())";

    // A time without a zone is meant in UTC: else a session could move it by setting its zone.
    /// <inheritdoc/>
    protected override string IsNewerThan(GovernedColumn column, TimeSpan age)
    {
        var name = Quote.Identifier(column.Name);
        var time = ColumnFamilies.Plain(column.Type) switch
        {
            "timestamp with time zone" => name,
            "timestamp without time zone" => $"({name} AT TIME ZONE 'UTC')",
            "date" => $"({name}::timestamp AT TIME ZONE 'UTC')",
            _ => Problem($"column {column.Name} is of type {column.Type}, which is no time"),
        };
        return $"({time} >= pg_catalog.statement_timestamp() - '{(decimal)age.Ticks / TimeSpan.TicksPerSecond} seconds'::interval)";
    }

    /// <inheritdoc/>
    protected override string IsInShare(string text, int percent)
    {
        var hash = $"pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({text}, 'UTF8')), 'hex')";
        return $"(('x' || pg_catalog.substr({hash}, 1, 8))::bit(32)::bigint * 100 < {percent} * 4294967296)";
    }

    /// <inheritdoc/>
    protected override string Call(ScalarFunction function, IReadOnlyList<string> arguments) => function switch
    {
        ScalarFunction.Lower => $"pg_catalog.lower({arguments[0]})",
        ScalarFunction.Upper => $"pg_catalog.upper({arguments[0]})",
        ScalarFunction.Trim => $"pg_catalog.btrim({arguments[0]}, ' ')",
        ScalarFunction.Length => $"pg_catalog.length({arguments[0]})",
        ScalarFunction.Abs => $"pg_catalog.abs({arguments[0]})",
        ScalarFunction.Coalesce => $"COALESCE({string.Join(", ", arguments)})",
        _ => Problem($"{function} is no function of PostgreSQL's dialect"),
    };

    // Of an empty list nothing is a member and everything is none, NULL included: so NULL is asked for by itself.
    private static string Among(string value, string values, string valuesOfSome)
    {
        var text = $"({value} COLLATE pg_catalog.\"C\")";
        return $"(CASE WHEN {text} = ANY ((SELECT {values})::text[]) THEN true "
            + $"WHEN {text} IS NOT NULL AND {text} <> ALL ((SELECT {valuesOfSome})::text[]) THEN false END)";
    }
}
