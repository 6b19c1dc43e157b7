using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A function that is to stand in for a column's values.</summary>
/// <param name="Function">Its full name.</param>
/// <param name="Using">Further columns and constants it is given.</param>
internal sealed record ColumnMask(string Function, ImmutableArray<GuardArgument> Using)
{
    /// <summary>The columns among <see cref="Using"/>.</summary>
    public IEnumerable<string> Columns => Using.Select(argument => argument.Column).OfType<string>();
}
