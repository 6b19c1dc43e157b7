using Sluice.Core.Access;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.PostgreSql.Sql;

/// <summary>
/// Prints a predicate over an object's columns as PostgreSQL's SQL, three-valued as the language is. What is asked about the person goes through functions
/// of schema <c>sluice</c>, each in a subselect, so that it is answered once for a query and not for every row.
/// </summary>
public sealed class PredicatePrinter
{
    private const string Nothing = "NULL::text";

    private static readonly HashSet<string> SelfEvident =
        ["text", "character varying", "character", "\"char\"", "name", "smallint", "integer", "bigint", "numeric", "uuid", "boolean"];

    private readonly GovernedObject _object;
    private readonly Dictionary<string, GovernedColumn> _columns;
    private string? _problem;

    private PredicatePrinter(GovernedObject of)
    {
        _object = of;
        _columns = of.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    /// <summary>Prints a predicate.</summary>
    /// <param name="predicate">What has to hold.</param>
    /// <param name="of">On which object.</param>
    /// <param name="problem">Why it can't be printed; null when it was.</param>
    /// <returns>The SQL; <c>false</c> when there is a problem, so that no row is seen.</returns>
    public static string Print(Predicate predicate, GovernedObject of, out string? problem)
    {
        var printer = new PredicatePrinter(of);
        string sql;
        try
        {
            sql = printer.Of(predicate);
            problem = printer._problem;
        }
        catch (ArgumentException e)
        {
            // A text or name that no PostgreSQL value can be.
            (sql, problem) = ("false", e.Message);
        }

        return problem is null ? sql : "false";
    }

    private string Of(Predicate predicate) => predicate switch
    {
        Predicate.Constant constant => constant.Value ? "true" : "false",
        Predicate.All all => Joined(all.Terms.Select(Of), "AND", "true"),
        Predicate.Any any => Joined(any.Terms.Select(Of), "OR", "false"),
        Predicate.Not not => $"(NOT {Of(not.Term)})",
        Predicate.Comparison c => $"({Of(c.Left)} {Symbol(c.Operator)} {Of(c.Right)})",
        Predicate.In item => $"({Of(item.Value)} IN ({string.Join(", ", item.Items.Select(Of))}))",
        Predicate.Like like => $"(({TextOf(like.Value)} COLLATE pg_catalog.\"C\") LIKE {Quote.Literal(like.Pattern)} ESCAPE '')",
        Predicate.Between b => $"({Of(b.Value)} BETWEEN {Of(b.Low)} AND {Of(b.High)})",
        Predicate.IsNull isNull => $"({Of(isNull.Value)} IS NULL)",
        Predicate.InGroups groups => Joined(groups.Groups.Select(InGroup), "AND", "true"),
        Predicate.HasAttribute attribute => HasAttribute(attribute.Name, attribute.Value),
        Predicate.AttributeContains contains => Among(
            contains.Value, $"sluice.attribute_values({Quote.Literal(contains.Name)})", $"sluice.attribute_values_of_some({Quote.Literal(contains.Name)})"),
        Predicate.GroupsContain contains => Among(contains.Value, "sluice.group_names()", "sluice.group_names_of_some()"),
        Predicate.TagIsAttribute tag => Joined(Tags(tag.Place).Select(t => HasAttribute(tag.Name, t)), "OR", "false"),
        Predicate.TagIsGroup tag => Joined(Tags(tag.Place).Select(InGroup), "OR", "false"),
        Predicate.IsNewerThan newer => $"({TimeOf(newer.Value)} >= pg_catalog.statement_timestamp() - {Interval(newer.Age)})",
        Predicate.IsInShare share => InShare(share),
        _ => Problem($"{predicate} can't be a row rule"),
    };

    private string Of(Operand operand) => operand switch
    {
        Operand.Text text => Quote.Literal(text.Value),
        Operand.Number number => number.Value < 0 ? $"({number.Value})" : $"{number.Value}",
        Operand.Boolean boolean => boolean.Value ? "true" : "false",
        Operand.Null => "NULL",
        Operand.Column column => Column(column)?.Name is { } name ? Quote.Identifier(name) : "NULL",
        Operand.Property property => Property(property.Kind),
        Operand.Call call => Call(call),
        _ => Problem($"{operand} is no column of this object"),
    };

    private string Call(Operand.Call call) => call.Function switch
    {
        ScalarFunction.Lower => $"pg_catalog.lower({TextOf(call.Arguments[0])})",
        ScalarFunction.Upper => $"pg_catalog.upper({TextOf(call.Arguments[0])})",
        ScalarFunction.Trim => $"pg_catalog.btrim({TextOf(call.Arguments[0])}, ' ')",
        ScalarFunction.Length => $"pg_catalog.length({TextOf(call.Arguments[0])})",
        ScalarFunction.Abs => $"pg_catalog.abs({Of(call.Arguments[0])})",
        ScalarFunction.Coalesce => $"COALESCE({string.Join(", ", call.Arguments.Select(Of))})",
        _ => Problem($"{call.Function} is no function of PostgreSQL's dialect"),
    };

    /// <summary>A value as text, the same in every session, whatever it has set.</summary>
    private string TextOf(Operand operand) => operand switch
    {
        Operand.Text text => $"{Quote.Literal(text.Value)}::text",
        Operand.Number number => $"{Quote.Literal($"{number.Value}")}::text",
        Operand.Boolean boolean => $"{Quote.Literal(boolean.Value ? "true" : "false")}::text",
        Operand.Null => Nothing,
        Operand.Property => Of(operand),
        Operand.Column column when Column(column) is { } found =>
            SelfEvident.Contains(ColumnFamilies.Plain(found.Type)) ? $"{Quote.Identifier(found.Name)}::text" : $"sluice.text_of({Quote.Identifier(found.Name)})",
        Operand.Column => Nothing,
        Operand.Call { Function: ScalarFunction.Lower or ScalarFunction.Upper or ScalarFunction.Trim } => Of(operand),
        Operand.Call { Function: ScalarFunction.Length } => $"{Of(operand)}::text",
        _ => $"sluice.text_of({Of(operand)})",
    };

    // Of an empty list nothing is a member and everything is none, NULL included: so NULL is asked for by itself.
    private string Among(Operand value, string values, string valuesOfSome)
    {
        var text = $"({TextOf(value)} COLLATE pg_catalog.\"C\")";
        return $"(CASE WHEN {text} = ANY ((SELECT {values})::text[]) THEN true "
            + $"WHEN {text} IS NOT NULL AND {text} <> ALL ((SELECT {valuesOfSome})::text[]) THEN false END)";
    }

    private string InShare(Predicate.IsInShare share)
    {
        var hash = $"pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({TextOf(share.Value)}, 'UTF8')), 'hex')";
        return $"(('x' || pg_catalog.substr({hash}, 1, 8))::bit(32)::bigint * 100 < {share.Percent} * 4294967296)";
    }

    // A time without a zone is meant in UTC: else a session could move it by setting its zone.
    private string TimeOf(Operand operand)
    {
        if (operand is not Operand.Column column || Column(column) is not { } found) return Problem("what is compared with an age has to be a column");
        var name = Quote.Identifier(found.Name);
        return ColumnFamilies.Plain(found.Type) switch
        {
            "timestamp with time zone" => name,
            "timestamp without time zone" => $"({name} AT TIME ZONE 'UTC')",
            "date" => $"({name}::timestamp AT TIME ZONE 'UTC')",
            _ => Problem($"column {found.Name} is of type {found.Type}, which is no time"),
        };
    }

    private string Property(PropertyKind kind) => kind switch
    {
        PropertyKind.Username => "(SELECT sluice.username())",
        PropertyKind.Iam => "(SELECT sluice.iam())",
        PropertyKind.Hostname => Text(_object.Hostname),
        PropertyKind.Database => Text(_object.Path.Names[1]),
        PropertyKind.Schema => Text(_object.Path.Names[2]),
        _ => Text(_object.Path.Name),
    };

    private GovernedColumn? Column(Operand.Column column)
    {
        if (_columns.TryGetValue(column.Name, out var found)) return found;
        Problem($"there is no column {column.Name}");
        return null;
    }

    private IEnumerable<string> Tags(TagPlace place) =>
        place == TagPlace.DataSource ? _object.Tags : _object.Columns.SelectMany(c => c.Tags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private string Problem(string problem)
    {
        _problem ??= problem;
        return "NULL";
    }

    private static string InGroup(string group) => $"(SELECT sluice.in_group({Quote.Literal(group)}))";

    private static string HasAttribute(string name, string value) => $"(SELECT sluice.has_attribute({Quote.Literal(name)}, {Quote.Literal(value)}))";

    private static string Text(string? value) => value is null ? Nothing : $"{Quote.Literal(value)}::text";

    private static string Interval(TimeSpan age) => $"'{(decimal)age.Ticks / TimeSpan.TicksPerSecond} seconds'::interval";

    private static string Joined(IEnumerable<string> terms, string by, string ofNone)
    {
        var all = terms.ToList();
        return all.Count switch { 0 => ofNone, 1 => all[0], _ => $"({string.Join($" {by} ", all)})" };
    }

    private static string Symbol(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };
}
