using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// A view that shows a table masked. It reads the table as a role of ours that is neither its owner nor a member of it, so that the table's row policies hold
/// in the view as they hold on the table, those of others included; and they, like the masks, ask who is logged in, not whose view it is.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="Readers">The roles that are granted it, sorted.</param>
/// <param name="Select">What it selects.</param>
/// <param name="Masks">The masks in it.</param>
internal sealed record MaskedView(ObjectPath Path, IReadOnlyList<string> Readers, string Select, IReadOnlyList<ColumnMask> Masks)
{
    /// <summary>The subject of the fact that it is there.</summary>
    public const string Subject = "view";

    /// <summary>The view of an object; null where there is none: no masks, no table, or nobody who reads.</summary>
    public static MaskedView? Of(AccessIntent intent, NativeNames names, IntendedObject item, ICollection<string> shortfalls)
    {
        var masks = item.Access.Masks.Where(m => !m.Exempt.Equals(AccessRule.Everybody)).ToList();
        if (!intent.MasksInView || masks.Count == 0 || !ObjectGrants.FiltersRows(item.Object.Kind)) return null;
        var readers = ReadersOf(names, item);
        if (readers.Count == 0) return null;
        try
        {
            var ofColumn = masks.ToLookup(m => m.Column, StringComparer.Ordinal);
            var columns = item.Object.Columns.Select(c => MaskPrinter.Column(c, [.. ofColumn[c.Name].Select(m => Printed(intent, item.Object, c, m, shortfalls))]));
            return new MaskedView(
                names.View(item.Object.Path), readers, $"SELECT {string.Join(",\n  ", columns)}\nFROM {Statements.Table(item.Object.Path)}", masks);
        }
        catch (ArgumentException e)
        {
            shortfalls.Add($"there is no view for the masks: {e.Message}");
            return null;
        }
    }

    /// <summary>The definition of the fact: who reads it is part of it, for what changes of them and of the view must not cross.</summary>
    public string Definition => $"readers: {string.Join(' ', Readers)}\n{Select}";

    /// <summary>What a definition selects.</summary>
    public static string SelectOf(string definition) => definition[(definition.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    /// <summary>Makes it.</summary>
    public static string Create(ObjectPath path, string select) => $"CREATE OR REPLACE VIEW {Statements.Table(path)} WITH (security_barrier = true) AS {select}";

    /// <summary>Removes it.</summary>
    public static string Drop(ObjectPath path) => $"DROP VIEW IF EXISTS {Statements.Table(path)}";

    private static List<string> ReadersOf(NativeNames names, IntendedObject item)
    {
        var people = item.DirectReaders.Where(i => Statements.RoleProblem(i) is null).Select(names.Person);
        var audiences = item.Access.Read.Equals(AccessRule.Nobody) ? Array.Empty<string>() : [names.Audience(item.Access.Read.Id)];
        return [.. audiences.Concat(people).Order(StringComparer.Ordinal)];
    }

    private static PrintedMask Printed(AccessIntent intent, GovernedObject of, GovernedColumn column, ColumnMask mask, ICollection<string> shortfalls)
    {
        if (!mask.IsNarrowed && !MaskPrinter.CanApply(mask.Function, column))
            shortfalls.Add($"the mask of {mask.PolicyKey} can't be applied to column {column.Name} of type {column.Type}: the view shows NULL there");
        var isExempt = RowRules.Exempt(intent, mask.Exempt.Id);
        if (mask.Condition is null) return new PrintedMask(mask.Function, $"(NOT ({isExempt}))");
        var condition = PredicatePrinter.Print(mask.Condition, of, out var problem);
        if (problem is null) return new PrintedMask(mask.Function, $"(NOT ({isExempt}) AND ({condition}) IS NOT FALSE)");
        shortfalls.Add($"the condition of {mask.PolicyKey} on column {column.Name} can't be put in PostgreSQL's terms ({problem}): it masks always");
        return new PrintedMask(mask.Function, $"(NOT ({isExempt}))");
    }
}
