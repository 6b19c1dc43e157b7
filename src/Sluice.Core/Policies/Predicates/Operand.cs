namespace Sluice.Core.Policies.Predicates;

/// <summary>A value in a predicate.</summary>
public abstract record Operand
{
    private protected Operand()
    {
    }

    /// <summary>A text: <c>'it''s'</c>.</summary>
    public sealed record Text(string Value) : Operand;

    /// <summary>A number, exact.</summary>
    public sealed record Number(decimal Value) : Operand;

    /// <summary><c>TRUE</c> or <c>FALSE</c> as a value.</summary>
    public sealed record Boolean(bool Value) : Operand;

    /// <summary><c>NULL</c>.</summary>
    public sealed record Null : Operand;

    /// <summary><c>@columnReference('c')</c>, or a name by itself.</summary>
    public sealed record Column(string Name) : Operand;

    /// <summary><c>@columnTagged('t')</c>: each column that carries the tag or one below it.</summary>
    public sealed record TaggedColumn(string Tag) : Operand;

    /// <summary>A property of the person or the object: <c>@username @iam @hostname @database @schema @table</c>.</summary>
    public sealed record Property(PropertyKind Kind) : Operand;

    /// <summary>One of the listed scalar functions.</summary>
    public sealed record Call(ScalarFunction Function, ValueList<Operand> Arguments) : Operand;
}

/// <summary>The properties a predicate can name.</summary>
public enum PropertyKind
{
    /// <summary>The person's user name.</summary>
    Username,

    /// <summary>The identity provider the person comes from; NULL for a person kept here.</summary>
    Iam,

    /// <summary>The platform's host name.</summary>
    Hostname,

    /// <summary>The object's database.</summary>
    Database,

    /// <summary>The object's schema; NULL where the platform has none.</summary>
    Schema,

    /// <summary>The object's own name.</summary>
    Table,
}

/// <summary>The scalar functions of the language: those that mean the same on every dialect.</summary>
public enum ScalarFunction
{
    /// <summary>Of a text.</summary>
    Lower,

    /// <summary>Of a text.</summary>
    Upper,

    /// <summary>A text without spaces around it.</summary>
    Trim,

    /// <summary>Characters of a text.</summary>
    Length,

    /// <summary>Of a number.</summary>
    Abs,

    /// <summary>The first argument that is not NULL; one or more.</summary>
    Coalesce,
}
