namespace Sluice.Core.Policies.Predicates;

/// <summary>A condition of the predicate language (policies.md): true, false, or unknown as in SQL.</summary>
public abstract record Predicate
{
    private protected Predicate()
    {
    }

    /// <summary><c>TRUE</c> or <c>FALSE</c>.</summary>
    public sealed record Constant(bool Value) : Predicate;

    /// <summary>All of them; of none: true.</summary>
    public sealed record All(ValueList<Predicate> Terms) : Predicate;

    /// <summary>Any of them; of none: false.</summary>
    public sealed record Any(ValueList<Predicate> Terms) : Predicate;

    /// <summary><c>NOT</c>: unknown stays unknown.</summary>
    public sealed record Not(Predicate Term) : Predicate;

    /// <summary><c>= &lt;&gt; &lt; &lt;= &gt; &gt;=</c>.</summary>
    public sealed record Comparison(ComparisonOperator Operator, Operand Left, Operand Right) : Predicate;

    /// <summary><c>IN (…)</c>, of at least one item.</summary>
    public sealed record In(Operand Value, ValueList<Operand> Items) : Predicate;

    /// <summary><c>LIKE</c>: <c>%</c> for any text, <c>_</c> for one character; case-sensitive, and there is no escape character.</summary>
    public sealed record Like(Operand Value, string Pattern) : Predicate;

    /// <summary><c>BETWEEN … AND …</c>, both ends included.</summary>
    public sealed record Between(Operand Value, Operand Low, Operand High) : Predicate;

    /// <summary><c>IS NULL</c>; never unknown.</summary>
    public sealed record IsNull(Operand Value) : Predicate;

    /// <summary><c>@isInGroups('A','B')</c>: a member of all of them. Unknown where a group is not known.</summary>
    public sealed record InGroups(ValueList<string> Groups) : Predicate;

    /// <summary><c>@hasAttribute('n','v')</c>. Unknown where no attribute of that name is known.</summary>
    public sealed record HasAttribute(string Name, string Value) : Predicate;

    /// <summary><c>@attributeValuesContains('n', column)</c>: the value, as text, is among the person's values of the attribute. Unknown where it is NULL.</summary>
    public sealed record AttributeContains(string Name, Operand Value) : Predicate;

    /// <summary><c>@groupsContains(column)</c>: the value, as text, is the name of one of the person's groups. Unknown where it is NULL.</summary>
    public sealed record GroupsContain(Operand Value) : Predicate;

    /// <summary><c>@hasTagAsAttribute('n','dataSource'|'column')</c>: a tag of the object, or of one of its columns, is among the person's values of the attribute.</summary>
    public sealed record TagIsAttribute(string Name, TagPlace Place) : Predicate;

    /// <summary><c>@hasTagAsGroup('dataSource'|'column')</c>: a tag of the object, or of one of its columns, is one of the person's groups.</summary>
    public sealed record TagIsGroup(TagPlace Place) : Predicate;

    /// <summary>The person is subscribed to the object in this way (manual or approval). Not part of the language: what such a policy's condition is.</summary>
    public sealed record IsSubscribed(SubscriptionKind Kind) : Predicate;

    /// <summary>The time is not older than this. Not part of the language: what a time restriction is.</summary>
    public sealed record IsNewerThan(Operand Value, TimeSpan Age) : Predicate;

    /// <summary>
    /// The value is in a stable share: the first four bytes of SHA-256 over its canonical text in UTF-8, as an unsigned big-endian number, are less than
    /// <c>Percent / 100 * 2^32</c>. Unknown where it is NULL. Not part of the language: what a minimisation is.
    /// </summary>
    public sealed record IsInShare(Operand Value, int Percent) : Predicate;
}

/// <summary>Where a tag is looked for.</summary>
public enum TagPlace
{
    /// <summary>On the object, or on what lies above it.</summary>
    DataSource,

    /// <summary>On any of its columns.</summary>
    Column,
}

/// <summary>How two values are compared.</summary>
public enum ComparisonOperator
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>&lt;&gt;</c></summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,
}
