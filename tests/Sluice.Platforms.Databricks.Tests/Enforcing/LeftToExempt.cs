using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Testing.Cases;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>What can't be put on an object of a generated world, by what docs/databricks.md says under "Left to those who are exempt".</summary>
/// <param name="Columns">Whose masks.</param>
/// <param name="HasRows">Whether its row rules.</param>
/// <param name="Exempt">From all of which somebody has to be exempt to be granted the object.</param>
internal sealed record LeftToExempt(IReadOnlySet<string> Columns, bool HasRows, IReadOnlyList<AccessRule> Exempt)
{
    public static LeftToExempt Of(IntendedObject item)
    {
        var takesNone = item.Object.Kind is ObjectKind.View or ObjectKind.FederatedTable or ObjectKind.IcebergTable;
        var rows = item.Access.RowRules.Where(static r => !r.Exempt.Equals(AccessRule.Everybody)).ToList();
        var masks = item.Access.Masks.Where(static m => !m.Exempt.Equals(AccessRule.Everybody)).ToList();
        // A mask that no function can be made of reads nothing.
        var made = masks.Where(m => !HasOddNames(item.Object.Columns.Single(c => c.Name == m.Column).Type)).ToList();
        var read = rows.SelectMany(static r => PredicateColumns.Of(r.Predicate)).Concat(made.SelectMany(OthersReadBy)).ToHashSet(StringComparer.Ordinal);
        var left = masks.Where(m => takesNone || read.Contains(m.Column) || !made.Contains(m)).ToList();
        return new LeftToExempt(
            left.Select(static m => m.Column).ToHashSet(StringComparer.Ordinal), takesNone, [.. left.Select(static m => m.Exempt), .. takesNone ? rows.Select(static r => r.Exempt) : []]);
    }

    private static IEnumerable<string> OthersReadBy(ColumnMask mask) => mask.Condition is { } condition ? PredicateColumns.Of(condition).Where(c => c != mask.Column) : [];

    // In backticks stand names that are no plain words.
    private static bool HasOddNames(string type) => type.Contains('`', StringComparison.Ordinal);
}
