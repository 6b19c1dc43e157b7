using System.Text.RegularExpressions;
using Sluice.Core.Payloads;
using Sluice.Core.Policies.Documents;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.Tags;

namespace Sluice.Core.Policies;

/// <summary>Holds the names in one policy against what exists, and says where each unknown one stands.</summary>
internal sealed class NameCheck(PolicyContext context, PolicyProblems problems, PolicyDocument document)
{
    /// <summary>Among more names the nearest is not looked for: each is compared letter by letter.</summary>
    private const int MostCompared = 20_000;

    private static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(100);

    private readonly Lazy<HashSet<string>> _columns = new(() => new HashSet<string>(context.Columns, StringComparer.OrdinalIgnoreCase));

    public PolicyDocument Document => document;

    public PolicyContext Context => context;

    public string Root => document.Path;

    public void Warn(string path, string message) => problems.Warn(path, document.NodeAt(path), message);

    public void Entitlements(Entitlements entitlements, string path)
    {
        for (var i = 0; i < entitlements.Groups.Count; i++) Group(entitlements.Groups[i], $"{path}.groups[{i}]");
        for (var i = 0; i < entitlements.Attributes.Count; i++) Attribute(entitlements.Attributes[i].Name, $"{path}.attributes[{i}].name");
    }

    public void Attribute(string name, string path)
    {
        if (!context.Attributes.Contains(name)) Reject(path, "attribute", name, context.Attributes);
    }

    public void Predicate(Predicate predicate, string path)
    {
        var names = PredicateNames.Of(predicate);
        foreach (var group in names.Groups) Group(group, path);
        foreach (var attribute in names.Attributes) Attribute(attribute, path);
        foreach (var tag in names.Tags) ColumnTag(tag, path);
        foreach (var column in names.Columns) Column(column, path);
    }

    public void Selector(ColumnSelector selector, string path)
    {
        switch (selector)
        {
            case ColumnSelector.Tagged tagged:
                ColumnTag(tagged.Tag, $"{path}.columnTag");
                break;
            case ColumnSelector.Named named:
                Column(named.Name, $"{path}.column");
                break;
            case ColumnSelector.Matching when SelectsNothing(selector):
                Warn($"{path}.regex", "matches no column known so far");
                break;
        }
    }

    /// <summary>Whether no column known so far is meant.</summary>
    public bool SelectsNothing(ColumnSelector selector) => selector switch
    {
        ColumnSelector.Tagged tagged => !IsCarried(tagged.Tag, context.ColumnTags),
        ColumnSelector.Named named => !_columns.Value.Contains(named.Name),
        ColumnSelector.Matching matching => !MatchesAny(matching.Regex, matching.IgnoresCase),
        _ => false,
    };

    public void ObjectTag(string tag, string path) => Tag(tag, path, context.ObjectTags, "object");

    public void ColumnTag(string tag, string path) => Tag(tag, path, context.ColumnTags, "column");

    public void WarnUnknown(string path, string what, string name, IReadOnlySet<string> known) => Warn(path, Unknown(what, name, known));

    public static bool IsCarried(string tag, IReadOnlySet<string> tags) => tags.Contains(tag) || tags.Any(t => TagName.IsAtOrBelow(t, tag));

    private void Group(string name, string path)
    {
        if (!context.Groups.Contains(name)) Reject(path, "group", name, context.Groups);
    }

    private void Column(string name, string path)
    {
        if (!_columns.Value.Contains(name)) WarnUnknown(path, "column", name, context.Columns);
    }

    private void Tag(string tag, string path, IReadOnlySet<string> tags, string carrier)
    {
        if (!IsCarried(tag, tags)) WarnUnknown(path, $"tag of any {carrier}", tag, tags);
    }

    private void Reject(string path, string what, string name, IReadOnlySet<string> known) =>
        problems.Add(path, document.NodeAt(path), Unknown(what, name, known));

    private string Unknown(string what, string name, IReadOnlySet<string> known)
    {
        var near = problems.IsFull || known.Count > MostCompared ? null : NearestName.Of(name, known);
        return $"'{MappingReader.Shown(name)}' is not a known {what}{(near is null ? "" : $"; did you mean '{near}'?")}";
    }

    // When in doubt it matches: the rule is only said to cover nothing where that was seen.
    private bool MatchesAny(string pattern, bool ignoresCase)
    {
        var options = RegexOptions.NonBacktracking | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            var regex = new Regex(pattern, options, MatchLimit);
            return context.Columns.Count > MostCompared || context.Columns.Any(regex.IsMatch);
        }
        catch (Exception e) when (e is RegexMatchTimeoutException or ArgumentException or NotSupportedException)
        {
            return true;
        }
    }
}
