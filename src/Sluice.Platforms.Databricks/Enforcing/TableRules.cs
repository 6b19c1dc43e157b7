using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>A masked column.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Function">What masks it.</param>
/// <param name="Using">The further columns that it is given.</param>
/// <param name="Masks">What it is made of.</param>
/// <param name="Calls">The functions that it calls to have the operator's called.</param>
internal sealed record TableMask(string Column, SqlFunction Function, IReadOnlyList<string> Using, IReadOnlyList<ColumnMask> Masks, IReadOnlyList<SqlFunction> Calls);

/// <summary>The functions on one object, and what they can't do.</summary>
internal sealed class TableRules
{
    private readonly ReaderSql _reader;
    private readonly OwnCatalog _own;
    private readonly MaskFunctions _functions;
    private readonly GovernedObject _object;
    private readonly List<Narrowing> _narrowing = [];
    private readonly List<string> _notes = [];
    private readonly List<TableMask> _masks = [];

    private TableRules(ReaderSql reader, OwnCatalog own, MaskFunctions functions, GovernedObject of) => (_reader, _own, _functions, _object) = (reader, own, functions, of);

    /// <summary>What is left to those who are exempt.</summary>
    public IReadOnlyList<Narrowing> Narrowing => _narrowing;

    /// <summary>What is otherwise than asked, and hides more.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The masks by column.</summary>
    public IReadOnlyList<TableMask> Masks => _masks;

    /// <summary>The row filter; null where there is none.</summary>
    public (SqlFunction Function, IReadOnlyList<string> Columns, IReadOnlyList<RowRule> Rules)? Filter { get; private set; }

    /// <summary>The rules of an object.</summary>
    public static TableRules Of(ReaderSql reader, OwnCatalog own, MaskFunctions functions, IntendedObject item)
    {
        var rules = new TableRules(reader, own, functions, item.Object);
        List<RowRule> rows = [.. item.Access.RowRules.Where(static r => !r.Exempt.Equals(AccessRule.Everybody))];
        var masks = item.Access.Masks.Where(static m => !m.Exempt.Equals(AccessRule.Everybody)).GroupBy(static m => m.Column, StringComparer.Ordinal).ToList();
        if (rows.Count == 0 && masks.Count == 0) return rules;
        if (!Takes(item.Object.Kind))
        {
            rules.Narrow(rows, masks.SelectMany(static m => m), $"Databricks puts none on {Word(item.Object.Kind)}");
            return rules;
        }

        rules.AddFilter(rows);
        rules.AddMasks(masks);
        return rules;
    }

    /// <summary>
    /// Whether functions can be put on an object: tables, and as documented materialized views and streaming tables; never views. Of others nothing is said, and they
    /// are taken not to.
    /// </summary>
    public static bool Takes(ObjectKind kind) => kind is ObjectKind.Table or ObjectKind.ExternalTable or ObjectKind.MaterializedView or ObjectKind.StreamingTable;

    private void AddFilter(IReadOnlyList<RowRule> rows)
    {
        if (rows.Count == 0) return;
        var columns = new FunctionColumns();
        var predicate = new DatabricksPredicate(_object, _reader, columns);
        var conditions = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var rule in rows)
        {
            var printed = predicate.Print(rule.Predicate, out var problem);
            if (problem is not null) _notes.Add($"the row rule of {rule.PolicyKey} can't be put in Databricks' terms ({problem}): nobody but the exempt sees a row");
            conditions.Add($"({_reader.IsExempt(rule.Exempt)} OR coalesce({printed}, false))");
        }

        Filter = (new SqlFunction(SqlFunction.Filter, columns.Parameters, "BOOLEAN", string.Join(" AND ", conditions)), [.. columns.All.Select(static c => c.Name)], rows);
    }

    private void AddMasks(IReadOnlyList<IGrouping<string, ColumnMask>> masks)
    {
        foreach (var mask in masks)
        {
            if (_object.Columns.FirstOrDefault(c => c.Name == mask.Key) is not { } column || SqlTypes.Of(column.Type) is not { } type)
            {
                Narrow([], mask, "no function can be given a value of the column's type");
                continue;
            }

            var columns = new FunctionColumns(column, type);
            var printed = mask.Select(m => new PrintedMask(m.Function, When(m, columns))).ToList();
            var body = new MaskBody(column, type, _reader, _own, _functions);
            foreach (var unfit in mask.Where(m => !body.CanApply(m.Function))) _notes.Add(Unfit(unfit, column));
            var calls = mask.Select(m => body.CallOf(m.Function)).OfType<SqlFunction>().DistinctBy(static c => c.Name);
            _masks.Add(new TableMask(
                column.Name, new SqlFunction(SqlFunction.Mask, columns.Parameters, type, body.Print(printed)), [.. columns.All.Skip(1).Select(static c => c.Name)], [.. mask], [.. calls]));
        }

        NarrowWhatOthersRead();
    }

    private string Unfit(ColumnMask mask, GovernedColumn column)
    {
        if (mask.Function is not MaskFunction.Custom custom) return $"the mask of {mask.PolicyKey} can't apply to column {column.Name} of type {column.Type}: its value is NULL instead";
        _functions.Of(custom, out var problem);
        return $"cannot enforce the custom mask of {mask.PolicyKey} on column {column.Name}, whose value is NULL instead: {problem}";
    }

    // Whether a function is given another function's column as it is, or as that one masks it, is not documented: so no column is both.
    private void NarrowWhatOthersRead()
    {
        var read = (Filter?.Columns ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var mask in _masks) read.UnionWith(mask.Using);
        foreach (var both in _masks.Where(m => read.Contains(m.Column)).ToList())
        {
            _masks.Remove(both);
            Narrow([], both.Masks, "a row rule or another mask reads the column, and what it would be given is not documented");
        }
    }

    private string When(ColumnMask mask, FunctionColumns columns)
    {
        var exempt = $"(NOT {_reader.IsExempt(mask.Exempt)})";
        if (mask.Condition is not { } condition) return exempt;
        var printed = new DatabricksPredicate(_object, _reader, columns).Print(condition, out var problem);
        if (problem is null) return $"({exempt} AND coalesce({printed}, true))";
        _notes.Add($"the condition of {mask.PolicyKey} on column {mask.Column} can't be put in Databricks' terms ({problem}): it masks always");
        return exempt;
    }

    private void Narrow(IEnumerable<RowRule> rows, IEnumerable<ColumnMask> masks, string why)
    {
        const string left = "only those who are exempt from it are granted the object, to read or to write";
        foreach (var rule in rows) _narrowing.Add(new Narrowing(rule.Exempt, $"cannot enforce the row rule of {rule.PolicyKey}: {why}; {left}"));
        foreach (var mask in masks) _narrowing.Add(new Narrowing(mask.Exempt, $"cannot enforce the mask of {mask.PolicyKey} on column {mask.Column}: {why}; {left}"));
    }

    private static string Word(ObjectKind kind) => kind switch
    {
        ObjectKind.View => "a view",
        ObjectKind.FederatedTable => "a table of another system",
        ObjectKind.IcebergTable => "an Iceberg table, as far as is documented",
        _ => "such an object",
    };
}
