namespace Sluice.Core.Policies;

/// <summary>Looks for circumstances that no object known so far, or none at all, can meet.</summary>
internal sealed class CircumstanceCheck(NameCheck names)
{
    public void Check(SetOperator setOperator, ValueList<Circumstance> circumstances)
    {
        for (var i = 0; i < circumstances.Count; i++) Check(circumstances[i], $"{names.Root}.circumstances[{i}]");
        if (setOperator == SetOperator.All && Contradict(circumstances)) names.Warn($"{names.Root}.circumstances", "can't all hold for one object, and so the policy covers nothing");
    }

    private void Check(Circumstance circumstance, string path)
    {
        switch (circumstance)
        {
            case Circumstance.Tagged tagged:
                names.ObjectTag(tagged.Tag, $"{path}.tag");
                break;
            case Circumstance.ColumnTagged tagged:
                names.ColumnTag(tagged.Tag, $"{path}.columnTag");
                break;
            case Circumstance.ColumnMatches matches:
                names.Selector(new ColumnSelector.Matching(matches.Regex, matches.IgnoresCase), path);
                break;
            case Circumstance.AtOrBelow below when !names.Context.Connections.Contains(below.Path.ConnectionKey, StringComparer.OrdinalIgnoreCase):
                names.WarnUnknown($"{path}.path[0]", "connection", below.Path.ConnectionKey, names.Context.Connections);
                break;
            case Circumstance.AtOrBelow below when !names.Context.HasObject(below.Path):
                names.Warn($"{path}.path", $"leads to no object known so far: {Documents.MappingReader.Shown(below.Path.ToString())}");
                break;
        }
    }

    private static bool Contradict(ValueList<Circumstance> circumstances)
    {
        if (circumstances.Any(c => c is Circumstance.NoTags) && circumstances.Any(c => c is Circumstance.Tagged)) return true;
        var paths = circumstances.OfType<Circumstance.AtOrBelow>().Select(c => c.Path).ToList();
        return paths.Exists(a => paths.Exists(b => !a.Covers(b) && !b.Covers(a)));
    }
}
