using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>Tables of a case and the data in them.</summary>
internal sealed class TableCases(Dice dice, CaseOptions options)
{
    internal ValueList<CaseTable> Tables()
    {
        var names = dice.Some([.. Vocabulary.Tables.Where(IsAllowed)], 2, 6);
        return names.Select(n => Table(options.ObjectName(n))).ToValueList();
    }

    private CaseTable Table(string name)
    {
        var database = dice.From(options.Databases);
        var path = options.HasSchemas
            ? new ObjectPath(options.ConnectionKey, database, options.ObjectName(dice.From([.. Vocabulary.Schemas.Where(IsAllowed)])), name)
            : new ObjectPath(options.ConnectionKey, database, name);
        var words = dice.Some([.. Vocabulary.Columns.Where(c => IsAllowed(c.Name) && (!options.IgnoresColumnCase || Vocabulary.IsFirstOfCase(c)))], 2, 6);
        var governed = new GovernedObject
        {
            Path = path,
            Kind = ObjectKind.Table,
            Hostname = "db.example.com",
            Tags = dice.Chance(25) ? [] : dice.Some(Vocabulary.ObjectTags, 1, 3).Order(StringComparer.Ordinal).ToValueList(),
            Columns = words.Select(w => new GovernedColumn(w.Name, Vocabulary.TypeOf(w.Kind), ColumnTags(w))).ToValueList(),
        };
        return new CaseTable(governed, !dice.Chance(10), dice.Times(0, 8, _ => Row(words)).ToValueList());
    }

    private ValueList<string> ColumnTags(ColumnWord word)
    {
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        if (word.Tag is { } tag && dice.Chance(75)) tags.Add(tag);
        if (dice.Chance(50)) tags.Add(dice.From(Vocabulary.AnyColumnTags));
        return tags.ToValueList();
    }

    /// <summary>A tag that a column may carry.</summary>
    internal string ColumnTag(string column)
    {
        var word = Vocabulary.Columns.Single(c => c.Name == column);
        return word.Tag is { } tag && dice.Chance(60) ? tag : dice.From(Vocabulary.AnyColumnTags);
    }

    private ValueList<object?> Row(ValueList<ColumnWord> words) => words.Select(w => dice.From(Vocabulary.Values(w.Kind))).ToValueList();

    private bool IsAllowed(string name) => options.HasOddNames || Vocabulary.IsPlain(name);
}
