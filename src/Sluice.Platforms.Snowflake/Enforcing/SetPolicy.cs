using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A policy, and where it is set.</summary>
/// <param name="Column">The column that is masked; null for a row access policy.</param>
/// <param name="Name">The policy's, a digest of its text.</param>
/// <param name="Text">What follows its name when it is made.</param>
/// <param name="Body">The expression in it.</param>
/// <param name="Columns">The columns it is given, a masked one first.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record SetPolicy(string? Column, string Name, string Text, string Body, IReadOnlyList<string> Columns, string Reason)
{
    /// <summary>The definition of the fact that it is set: what it does is part of it.</summary>
    public string Definition { get; } = DefinitionOf(Name, Columns, Body);

    /// <summary>The fact that it is set on an object.</summary>
    public FactKey KeyOn(GovernedObject of) => KeyOn(of, Column);

    /// <summary>The fact that a policy masks that column of an object, or for null that one filters its rows.</summary>
    public static FactKey KeyOn(GovernedObject of, string? column) =>
        new(column is null ? FactKind.RowRule : FactKind.Mask, of.Path, column ?? PolicyText.Rows, of.Kind == ObjectKind.View ? PolicyText.OnView : "");

    /// <summary>The definition of a policy with that body on these columns.</summary>
    public static string DefinitionOf(string name, IEnumerable<string> columns, string body)
    {
        var placed = Placed(name, columns);
        return $"{placed.Name} {placed.Columns}\n{body}";
    }

    /// <summary>The definition of a policy with that body where it is set; what keeps it from having effect is part of it.</summary>
    public static string DefinitionOf(PolicyReference reference, string? asked, string body)
    {
        var placed = Placed(reference, asked);
        return $"{placed.Name} {placed.Columns}\n{body}{(reference.Status == PolicyReference.Active ? "" : $"\n{reference.Status}")}";
    }

    /// <summary>
    /// A policy that is set and the columns it is given, as they stand in a statement. Where Snowflake does not tell them of a mask, they are those of the definition that is asked for,
    /// if it is of a policy of that name: the columns are part of what the name is a digest of.
    /// </summary>
    public static (string Name, string Columns) Placed(PolicyReference reference, string? asked)
    {
        if (!reference.AreColumnsTold && asked is not null && Read(asked) is var placed && placed.Name == reference.Policy) return placed;
        return Placed(reference.Policy, reference.Columns);
    }

    /// <summary>Whether what is set is the policy of a definition, with its columns and in effect; what its expression is now is not asked.</summary>
    public static bool IsOf(PolicyReference reference, string asked) => Placed(reference, asked) == Read(asked) && reference.Status == PolicyReference.Active;

    /// <summary>A policy and the columns it is given, as they stand in a statement.</summary>
    public static (string Name, string Columns) Placed(string name, IEnumerable<string> columns) => (name, $"({string.Join(", ", columns.Select(Quote.Identifier))})");

    /// <summary>The policy and the columns of a definition, as they stand in a statement.</summary>
    public static (string Name, string Columns) Read(string definition)
    {
        var open = definition.IndexOf(' ', StringComparison.Ordinal);
        return (definition[..open], definition[(open + 1)..definition.IndexOf('\n', open)]);
    }
}
