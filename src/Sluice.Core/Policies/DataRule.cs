using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Policies;

/// <summary>A rule about what people see.</summary>
public abstract record DataRule
{
    private protected DataRule()
    {
    }

    /// <summary>Who is exempt; null: nobody.</summary>
    public Entitlements? Exceptions { get; init; }

    /// <summary><c>Masking</c>: the values of columns.</summary>
    public sealed record Masking : DataRule
    {
        /// <summary>Which columns: those that any of these selects.</summary>
        public required ValueList<ColumnSelector> Fields { get; init; }

        /// <summary>How.</summary>
        public required MaskFunction Function { get; init; }

        /// <summary>Masks only in rows where this is true or unknown; null: always.</summary>
        public Predicate? Condition { get; init; }
    }

    /// <summary><c>Row Restriction By User Entitlements</c>: rows whose column holds one of the person's values.</summary>
    public sealed record RowsByEntitlements(SetOperator Operator, ValueList<EntitlementMatch> Matches) : DataRule;

    /// <summary><c>Row Restriction by Custom Where Clause</c>: rows for which the predicate is true.</summary>
    public sealed record RowsByPredicate(Predicate Predicate) : DataRule;

    /// <summary><c>Time Restriction</c>: rows whose column is not older than this.</summary>
    public sealed record RowsByTime(ColumnSelector Column, TimeSpan NewerThan) : DataRule;

    /// <summary><c>Minimization</c>: a stable share of the rows, by a hash of the column.</summary>
    public sealed record RowsByShare(int Percent, ColumnSelector On) : DataRule;
}

/// <summary>Which columns of an object are meant.</summary>
public abstract record ColumnSelector
{
    private protected ColumnSelector()
    {
    }

    /// <summary>Those that carry the tag or one below it.</summary>
    public sealed record Tagged(string Tag) : ColumnSelector;

    /// <summary>Those whose name matches (non-backtracking, searched anywhere in the name).</summary>
    public sealed record Matching(string Regex, bool IgnoresCase) : ColumnSelector;

    /// <summary>The one of this name.</summary>
    public sealed record Named(string Name) : ColumnSelector;
}

/// <summary>A column's value is among the person's values of an attribute, or among the names of their groups.</summary>
/// <param name="Column">Which column; several: each has to match.</param>
/// <param name="Attribute">The attribute; null: the person's groups.</param>
public sealed record EntitlementMatch(ColumnSelector Column, string? Attribute);

/// <summary>What a masked value becomes. From the strictest to the mildest: null, constant, hash, regex, rounding, custom.</summary>
public abstract record MaskFunction
{
    private protected MaskFunction()
    {
    }

    /// <summary>NULL.</summary>
    public sealed record Null : MaskFunction;

    /// <summary>One value for all.</summary>
    public sealed record Constant(string Value) : MaskFunction;

    /// <summary>SHA-256 over a private salt and the value's canonical text, in hexadecimal digits.</summary>
    public sealed record Hash : MaskFunction;

    /// <summary>What matches is replaced.</summary>
    public sealed record Regex(string Pattern, string Replacement, bool IgnoresCase, bool IsGlobal) : MaskFunction;

    /// <summary>A number down to a multiple of this.</summary>
    public sealed record RoundNumber(decimal BucketSize) : MaskFunction;

    /// <summary>A date or time down to the beginning of its unit.</summary>
    public sealed record RoundTime(TimePrecision Precision) : MaskFunction;

    /// <summary>A function of the operator's on each platform, by the technology's documented name.</summary>
    /// <param name="Functions">By technology, sorted.</param>
    /// <param name="Rank">Among custom masks the higher one is the stricter.</param>
    public sealed record Custom(ValueList<KeyValuePair<string, string>> Functions, int Rank) : MaskFunction;
}

/// <summary>Units that a time is rounded down to, from fine to coarse.</summary>
public enum TimePrecision
{
    /// <summary>SECOND</summary>
    Second,

    /// <summary>MINUTE</summary>
    Minute,

    /// <summary>HOUR</summary>
    Hour,

    /// <summary>DAY</summary>
    Day,

    /// <summary>MONTH</summary>
    Month,

    /// <summary>QUARTER</summary>
    Quarter,

    /// <summary>YEAR</summary>
    Year,
}
