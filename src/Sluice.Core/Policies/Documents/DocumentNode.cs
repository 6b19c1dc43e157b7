namespace Sluice.Core.Policies.Documents;

/// <summary>A piece of a document, whatever its syntax.</summary>
public abstract record DocumentNode
{
    private protected DocumentNode()
    {
    }

    /// <summary>The line it begins on, from 1; 0 for what was made rather than read.</summary>
    public int Line { get; init; }

    /// <summary>The column it begins in, in UTF-16 code units from 1; 0 for what was made rather than read.</summary>
    public int Column { get; init; }

    /// <summary>Members by name, in their order.</summary>
    public sealed record Mapping(ValueList<DocumentMember> Members) : DocumentNode;

    /// <summary>A list.</summary>
    public sealed record Sequence(ValueList<DocumentNode> Items) : DocumentNode;

    /// <summary>A single value.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Text">The text itself; a number as JSON spells it; <c>true</c>, <c>false</c> or <c>null</c>.</param>
    public sealed record Scalar(ScalarKind Kind, string Text) : DocumentNode
    {
        /// <summary>The column of the text's first character where the text stands in the source as it is, on one line; else null.</summary>
        public int? TextColumn { get; init; }
    }
}

/// <summary>A member of a mapping.</summary>
/// <param name="Name">As it is spelled.</param>
/// <param name="Value">What it holds.</param>
public sealed record DocumentMember(string Name, DocumentNode Value)
{
    /// <summary>The line of its name, from 1; 0 for what was made rather than read.</summary>
    public int Line { get; init; }

    /// <summary>The column of its name, from 1; 0 for what was made rather than read.</summary>
    public int Column { get; init; }
}

/// <summary>What a single value is.</summary>
public enum ScalarKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>null</c>.</summary>
    Null,
}
