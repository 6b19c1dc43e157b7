using System.Collections.Immutable;

namespace Sluice.Sandbox.Databricks.Catalog;

/// <summary>A function that is to decide which rows are shown.</summary>
/// <param name="Function">Its full name.</param>
/// <param name="On">The columns and constants it is given.</param>
internal sealed record RowFilter(string Function, ImmutableArray<GuardArgument> On)
{
    /// <summary>The columns among <see cref="On"/>.</summary>
    public IEnumerable<string> Columns => On.Select(argument => argument.Column).OfType<string>();
}
