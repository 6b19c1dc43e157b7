using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sluice.Core.People;

namespace Sluice.Core.Policies.Predicates;

/// <summary>Judges predicates in one row, one column standing for each tag.</summary>
internal sealed class Evaluation(PredicateRow row, IReadOnlyDictionary<string, string> bindings)
{
    private readonly ValueReader _values = new(row, bindings);

    internal bool? Of(Predicate predicate) => predicate switch
    {
        Predicate.Constant p => p.Value,
        Predicate.All p => All(p.Terms.Select(Of)),
        Predicate.Any p => Any(p.Terms.Select(Of)),
        Predicate.Not p => !Of(p.Term),
        Predicate.Comparison p => Compare(p.Operator, _values.Of(p.Left), _values.Of(p.Right)),
        Predicate.In p => In(_values.Of(p.Value), p.Items),
        Predicate.Like p => _values.Of(p.Value) is string text ? LikePattern.Matches(text, p.Pattern) : null,
        Predicate.Between p => Between(_values.Of(p.Value), _values.Of(p.Low), _values.Of(p.High)),
        Predicate.IsNull p => _values.Of(p.Value) is var value && value != ValueReader.Unknown ? value is null : null,
        Predicate.InGroups p => p.Groups.All(row.KnownGroups.Contains) ? p.Groups.All(row.Person.Groups.Contains) : null,
        Predicate.HasAttribute p => IfKnown(p.Name, () => Has(p.Name, p.Value)),
        Predicate.AttributeContains p => IfKnown(p.Name, () => CanonicalText.Of(_values.Of(p.Value)) is { } text ? Has(p.Name, text) : null),
        Predicate.GroupsContain p => CanonicalText.Of(_values.Of(p.Value)) is { } text ? row.Person.Groups.Contains(text) : null,
        Predicate.TagIsAttribute p => IfKnown(p.Name, () => TagsAt(p.Place).Any(tag => Has(p.Name, tag))),
        Predicate.TagIsGroup p => TagsAt(p.Place).Any(row.Person.Groups.Contains),
        Predicate.IsSubscribed p => row.Subscriptions.Contains(p.Kind),
        Predicate.IsNewerThan p => IsNewerThan(_values.Of(p.Value), p.Age),
        Predicate.IsInShare p => CanonicalText.Of(_values.Of(p.Value)) is { } text ? IsInShare(text, p.Percent) : null,
        _ => null,
    };

    private static bool? All(IEnumerable<bool?> terms)
    {
        bool? all = true;
        foreach (var term in terms)
        {
            if (term == false) return false;
            all &= term;
        }

        return all;
    }

    private static bool? Any(IEnumerable<bool?> terms)
    {
        bool? any = false;
        foreach (var term in terms)
        {
            if (term == true) return true;
            any |= term;
        }

        return any;
    }

    private bool? In(object? value, ValueList<Operand> items) =>
        Any(items.Select(item => Compare(ComparisonOperator.Equal, value, _values.Of(item))));

    private static bool? Between(object? value, object? low, object? high) =>
        Compare(ComparisonOperator.GreaterOrEqual, value, low) & Compare(ComparisonOperator.LessOrEqual, value, high);

    private static bool? Compare(ComparisonOperator comparison, object? left, object? right)
    {
        if (Order(left, right) is not { } order) return null;
        return comparison switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            ComparisonOperator.GreaterOrEqual => order >= 0,
            _ => null,
        };
    }

    private static int? Order(object? left, object? right) => (left, right) switch
    {
        (string l, string r) => ByCharacters(l, r),
        (decimal l, decimal r) => l.CompareTo(r),
        (bool l, bool r) => l.CompareTo(r),
        (DateOnly l, DateOnly r) => l.CompareTo(r),
        (DateTime l, DateTime r) => l.CompareTo(r),
        _ => null,
    };

    // Character by character, as UTF-8 sorts by its bytes; UTF-16 would put the rarest characters before the private ones.
    private static int ByCharacters(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length) return left.Length.CompareTo(right.Length);
        var isRarer = char.IsSurrogate(left[same]).CompareTo(char.IsSurrogate(right[same]));
        return isRarer != 0 ? isRarer : left[same].CompareTo(right[same]);
    }

    private bool? IfKnown(string attribute, Func<bool?> value) => row.KnownAttributes.Contains(attribute) ? value() : null;

    private bool Has(string attribute, string value) => row.Person.Attributes.Contains(new PersonAttribute(attribute, value));

    private IEnumerable<string> TagsAt(TagPlace place) => place == TagPlace.DataSource ? row.Tags : row.ColumnTags.Values.SelectMany(tags => tags);

    private bool? IsNewerThan(object? value, TimeSpan age)
    {
        // Counted in whole ticks: an age longer than time itself is no error.
        var oldest = (decimal)row.Now.Ticks - age.Ticks;
        return value switch
        {
            DateTime time => time.Ticks >= oldest,
            DateOnly date => date.ToDateTime(TimeOnly.MinValue).Ticks >= oldest,
            _ => null,
        };
    }

    private static bool IsInShare(string text, int percent)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return (decimal)number * 100 < (decimal)percent * (1L << 32);
    }
}
