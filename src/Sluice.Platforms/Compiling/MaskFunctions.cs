using Sluice.Core.Connections;
using Sluice.Core.Policies;

namespace Sluice.Platforms.Compiling;

/// <summary>
/// Which functions of the operator's the custom masks of a connection may call: those that a policy names whole, in schemas that the connection's settings list. Whether
/// they are there is not asked: that is the platform's to say.
/// </summary>
/// <param name="technology">Whose names they are.</param>
/// <param name="schemas">The connection's <c>settings.maskFunctionSchemas</c>.</param>
/// <param name="ownContainer">Sluice's own database or catalog, none of whose functions is the operator's; null where there is none.</param>
public sealed class MaskFunctions(Technology technology, IReadOnlyList<string> schemas, string? ownContainer)
{
    private readonly HashSet<QualifiedName> _schemas = [.. schemas.Select(s => QualifiedName.Parse(technology, s, out _)).OfType<QualifiedName>().Where(static s => s.Names.Count == 2)];

    /// <summary>What is told where a platform refuses to have a function called.</summary>
    /// <param name="call">The call, as SQL.</param>
    /// <param name="refusal">The platform's words.</param>
    public static string Uncallable(string call, string refusal) =>
        $"cannot enforce the custom masks that call {call}, and their values are NULL instead: {refusal.TrimEnd('.')}. See that the function is there, takes one value of the column's type, and may be called; "
        + "the connection's check 'mask functions' says what is lacking. It is tried again with every plan.";

    /// <summary>What a check of the functions says.</summary>
    /// <param name="count">How many were looked at.</param>
    /// <param name="lacking">What is lacking, with its remedy.</param>
    public static Check Told(int count, IReadOnlyList<string> lacking) => lacking.Count == 0
        ? new Check(IChecksMaskFunctions.CheckName, CheckStatus.Passed, $"{count} can be called")
        : new Check(IChecksMaskFunctions.CheckName, CheckStatus.Warning, $"{lacking.Count} custom masks can't be had", $"Their values are NULL, or queries of their columns fail. {string.Join(". ", lacking)}.");

    /// <summary>The functions that masks name here, each once, and why others are not called.</summary>
    public (IReadOnlyList<QualifiedName> Names, IReadOnlyList<string> Problems) OfAll(IEnumerable<MaskFunction.Custom> masks)
    {
        var (names, problems) = (new List<QualifiedName>(), new List<string>());
        foreach (var mask in masks.Where(m => m.Functions.Any(f => f.Key == technology.Name)))
        {
            if (Of(mask, out var problem) is { } name) names.Add(name);
            else problems.Add($"Of a custom mask {problem}");
        }

        return ([.. names.Distinct()], [.. problems.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The function of a mask.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="problem">Why it is not called, and what to do; null when it is.</param>
    /// <returns>Its database, its schema and its own name, as the platform keeps them; null after a problem.</returns>
    public QualifiedName? Of(MaskFunction.Custom mask, out string? problem)
    {
        problem = null;
        if (mask.Functions.FirstOrDefault(f => f.Key == technology.Name).Value is not { } spelled)
        {
            problem = $"it names no function for {technology}; name one under functions.{technology}";
            return null;
        }

        var name = QualifiedName.Parse(technology, spelled, out var wrong);
        if (name is null) problem = $"its function {spelled} {wrong}";
        else if (name.Names.Count < QualifiedName.MaxNames)
            problem = $"its function {spelled} is not named with its {(technology == Technology.Databricks ? "catalog" : "database")} and schema; write all three names";
        else if (name.Names[0].Equals(ownContainer, StringComparison.OrdinalIgnoreCase)) problem = $"its function {spelled} is in Sluice's own {name.Names[0]}; name one of your own";
        else if (!_schemas.Any(name.IsIn)) problem = $"the schema of its function {spelled} is not among the connection's settings.maskFunctionSchemas; whoever has GOVERNANCE can list it there";
        return problem is null ? name : null;
    }
}
