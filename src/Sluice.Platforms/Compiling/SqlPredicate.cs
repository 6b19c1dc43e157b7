using Sluice.Core.Access;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Platforms.Compiling;

/// <summary>
/// Prints a predicate over an object's columns as a platform's SQL, three-valued as the language is. What differs from dialect to dialect is asked of the
/// printer of each: one instance prints for one object.
/// </summary>
/// <param name="of">The object.</param>
public abstract class SqlPredicate(GovernedObject of)
{
    private readonly Dictionary<string, GovernedColumn> _columns = of.Columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
    private string? _problem;

    /// <summary>Prints a predicate.</summary>
    /// <param name="predicate">What has to hold.</param>
    /// <param name="problem">Why it can't be printed; null when it was.</param>
    /// <returns>The SQL; <c>false</c> when there is a problem, so that no row is seen.</returns>
    public string Print(Predicate predicate, out string? problem)
    {
        _problem = null;
        string sql;
        try
        {
            sql = Of(predicate);
            problem = _problem;
        }
        catch (ArgumentException e)
        {
            // A text or name that the platform can't hold.
            (sql, problem) = ("false", e.Message);
        }

        return problem is null ? sql : "false";
    }

    /// <summary>The object.</summary>
    protected GovernedObject Object => of;

    /// <summary>NULL, as a truth value.</summary>
    protected virtual string Unknown => "NULL";

    /// <summary>A text as a literal.</summary>
    /// <exception cref="ArgumentException">The platform can't hold it.</exception>
    protected abstract string Literal(string text);

    /// <summary>A text, or NULL, as a literal of the type of texts.</summary>
    protected abstract string TextLiteral(string? text);

    /// <summary>A column as it stands in an expression.</summary>
    protected abstract string Column(GovernedColumn column);

    /// <summary>A column's value as its canonical text: the same in every session, whatever that has set.</summary>
    protected abstract string TextOf(GovernedColumn column);

    /// <summary>Another expression's value as its canonical text.</summary>
    protected abstract string TextOf(string expression, Operand operand);

    /// <summary>Whether a text is like a pattern of <c>%</c> and <c>_</c>, case-sensitive, without an escape character.</summary>
    protected abstract string Like(string text, string pattern);

    /// <summary>Whether whoever reads is a member of a group. NULL where the group is not known, or it can't be told.</summary>
    protected abstract string InGroup(string group);

    /// <summary>Whether whoever reads has an attribute's value. NULL where the attribute is not known, or it can't be told.</summary>
    protected abstract string HasAttribute(string name, string value);

    /// <summary>Whether a text is among the values of an attribute of whoever reads. NULL of NULL.</summary>
    protected abstract string AttributeContains(string name, string text);

    /// <summary>Whether a text is the name of a group of whoever reads. NULL of NULL.</summary>
    protected abstract string GroupsContain(string text);

    /// <summary>The user name, or the identity provider, of whoever reads.</summary>
    protected abstract string PersonProperty(PropertyKind kind);

    /// <summary>Whether a column that holds a time or a day is not older than an age; <see cref="Problem"/> where it holds none. A time without a zone is meant in UTC.</summary>
    protected abstract string IsNewerThan(GovernedColumn column, TimeSpan age);

    /// <summary>Whether a text is in a stable share; see <see cref="Predicate.IsInShare"/>.</summary>
    protected abstract string IsInShare(string text, int percent);

    /// <summary>A scalar function of the language; its texts are printed as texts.</summary>
    protected abstract string Call(ScalarFunction function, IReadOnlyList<string> arguments);

    /// <summary>Whether two operands hold values of one kind. What can't be compared is unknown.</summary>
    protected virtual bool AreComparable(Operand left, Operand right) => true;

    /// <summary>An operand as it is compared with another one: the language has no literals of days and times, so that a text beside one is read as one.</summary>
    protected virtual string Of(Operand operand, Operand beside) => Of(operand);

    /// <summary>The column that an operand is; null for anything else, and for one that is not there.</summary>
    protected GovernedColumn? ColumnOf(Operand operand)
    {
        if (operand is not Operand.Column column) return null;
        if (_columns.TryGetValue(column.Name, out var found)) return found;
        Problem($"there is no column {column.Name}");
        return null;
    }

    /// <summary>Tells what keeps the predicate from being printed.</summary>
    protected string Problem(string problem)
    {
        _problem ??= problem;
        return "NULL";
    }

    /// <summary>Prints a part.</summary>
    protected string Of(Predicate predicate) => predicate switch
    {
        Predicate.Constant constant => constant.Value ? "true" : "false",
        Predicate.All all => Joined(all.Terms.Select(Of), "AND", "true"),
        Predicate.Any any => Joined(any.Terms.Select(Of), "OR", "false"),
        Predicate.Not not => $"(NOT {Of(not.Term)})",
        Predicate.Comparison c => Compare(c.Operator, c.Left, c.Right),
        Predicate.In item when item.Items.All(i => AreComparable(item.Value, i)) => $"({Of(item.Value)} IN ({string.Join(", ", item.Items.Select(i => Of(i, item.Value)))}))",
        Predicate.In item => Joined(item.Items.Select(i => Compare(ComparisonOperator.Equal, item.Value, i)), "OR", "false"),
        Predicate.Like like => Like(TextOf(like.Value), like.Pattern),
        Predicate.Between b when AreComparable(b.Value, b.Low) && AreComparable(b.Value, b.High) => $"({Of(b.Value)} BETWEEN {Of(b.Low, b.Value)} AND {Of(b.High, b.Value)})",
        Predicate.Between b => Joined([Compare(ComparisonOperator.GreaterOrEqual, b.Value, b.Low), Compare(ComparisonOperator.LessOrEqual, b.Value, b.High)], "AND", "true"),
        Predicate.IsNull isNull => $"({Of(isNull.Value)} IS NULL)",
        Predicate.InGroups groups => InGroups([.. groups.Groups.Select(InGroup)]),
        Predicate.HasAttribute attribute => HasAttribute(attribute.Name, attribute.Value),
        Predicate.AttributeContains contains => AttributeContains(contains.Name, TextOf(contains.Value)),
        Predicate.GroupsContain contains => GroupsContain(TextOf(contains.Value)),
        Predicate.TagIsAttribute tag => Joined(Tags(tag.Place).Select(t => HasAttribute(tag.Name, t)), "OR", "false"),
        Predicate.TagIsGroup tag => Joined(Tags(tag.Place).Select(InGroup), "OR", "false"),
        Predicate.IsNewerThan newer => IsNewerThan(newer),
        Predicate.IsInShare share => IsInShare(TextOf(share.Value), share.Percent),
        _ => Problem($"{predicate} can't be a row rule"),
    };

    /// <summary>Prints an operand.</summary>
    protected string Of(Operand operand) => operand switch
    {
        Operand.Text text => Literal(text.Value),
        Operand.Number number => number.Value < 0 ? $"({number.Value})" : $"{number.Value}",
        Operand.Boolean boolean => boolean.Value ? "true" : "false",
        Operand.Null => "NULL",
        Operand.Column => ColumnOf(operand) is { } column ? Column(column) : "NULL",
        Operand.Property property => Property(property.Kind),
        Operand.Call call => Call(call),
        _ => Problem($"{operand} is no column of this object"),
    };

    /// <summary>Terms joined by AND or OR.</summary>
    protected static string Joined(IEnumerable<string> terms, string by, string ofNone)
    {
        var all = terms.ToList();
        return all.Count switch { 0 => ofNone, 1 => all[0], _ => $"({string.Join($" {by} ", all)})" };
    }

    // Unknown as a whole where one of the groups is not known, whatever the others are.
    private static string InGroups(IReadOnlyList<string> groups) => groups.Count < 2
        ? Joined(groups, "AND", "true")
        : $"(CASE WHEN {string.Join(" AND ", groups)} THEN true WHEN {string.Join(" AND ", groups.Select(g => $"{g} IS NOT NULL"))} THEN false END)";

    private string Compare(ComparisonOperator by, Operand left, Operand right) => AreComparable(left, right) ? $"({Of(left, right)} {Symbol(by)} {Of(right, left)})" : Unknown;

    private string IsNewerThan(Predicate.IsNewerThan newer)
    {
        if (newer.Value is not Operand.Column) return Problem("what is compared with an age has to be a column");
        return ColumnOf(newer.Value) is { } column ? IsNewerThan(column, newer.Age) : "NULL";
    }

    private string Call(Operand.Call call) => Call(call.Function, [.. call.Arguments.Select(a => IsOfTexts(call.Function) ? TextOf(a) : Of(a))]);

    private static bool IsOfTexts(ScalarFunction function) => function is ScalarFunction.Lower or ScalarFunction.Upper or ScalarFunction.Trim or ScalarFunction.Length;

    private string TextOf(Operand operand) => operand switch
    {
        Operand.Text text => TextLiteral(text.Value),
        Operand.Number number => TextLiteral($"{number.Value}"),
        Operand.Boolean boolean => TextLiteral(boolean.Value ? "true" : "false"),
        Operand.Null => TextLiteral(null),
        Operand.Property => Of(operand),
        Operand.Column => ColumnOf(operand) is { } column ? TextOf(column) : TextLiteral(null),
        Operand.Call { Function: ScalarFunction.Lower or ScalarFunction.Upper or ScalarFunction.Trim } => Of(operand),
        _ => TextOf(Of(operand), operand),
    };

    private string Property(PropertyKind kind) => kind switch
    {
        PropertyKind.Username or PropertyKind.Iam => PersonProperty(kind),
        PropertyKind.Hostname => TextLiteral(of.Hostname),
        PropertyKind.Database => TextLiteral(of.Path.Names[1]),
        PropertyKind.Schema => TextLiteral(of.Path.Names[2]),
        _ => TextLiteral(of.Path.Name),
    };

    private IEnumerable<string> Tags(TagPlace place) =>
        place == TagPlace.DataSource ? of.Tags : of.Columns.SelectMany(c => c.Tags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

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
