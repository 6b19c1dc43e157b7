using System.Globalization;
using Sluice.Core.Payloads;

namespace Sluice.Core.Policies.Documents;

/// <summary>
/// Reads one mapping strictly: every member is asked for by name, wrong types are problems with a place, and what nobody asked for is a problem too. A reader
/// goes on after a problem, so that all of them are named.
/// </summary>
internal sealed class MappingReader
{
    private const int MaxShown = 64;

    private static readonly string[] NotYet = ["ownerRestrictions", "certification", "allowDiscovery", "purposes"];

    private readonly Dictionary<string, DocumentMember> _members = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private readonly DocumentNode? _node;

    /// <summary>Wraps a mapping; null, or a node of another kind (a problem), reads as one without members of which none is missed.</summary>
    public MappingReader(DocumentNode? node, string path, PolicyProblems problems)
    {
        Path = path;
        Problems = problems;
        _node = node;
        if (node is not DocumentNode.Mapping mapping)
        {
            if (node is not null) problems.Add(path, node, $"must be an object, not {KindOf(node)}");
            return;
        }

        foreach (var member in mapping.Members)
            if (!_members.TryAdd(member.Name, member)) problems.Add(PathOf(Shown(member.Name)), member.Line, member.Column, "stands here twice");
    }

    public string Path { get; }

    public PolicyProblems Problems { get; }

    public string PathOf(string name) => $"{Path}.{name}";

    /// <summary>Adds a problem at a member, or at the mapping where there is no such member.</summary>
    public void Reject(string name, string message) =>
        Problems.Add(PathOf(name), _members.TryGetValue(name, out var member) ? member.Value : _node, message);

    public void RejectWhole(string message) => Problems.Add(Path, _node, message);

    /// <summary>Whether the member is present, whatever it holds; marks it as known.</summary>
    public bool Has(string name)
    {
        Ask(name);
        return _members.ContainsKey(name);
    }

    /// <summary>A member; null when absent, or empty (a problem: whether nothing means all or none nobody should have to guess).</summary>
    public DocumentNode? Optional(string name)
    {
        if (!Has(name)) return null;
        var value = _members[name].Value;
        if (value is not DocumentNode.Scalar { Kind: ScalarKind.Null }) return value;
        Reject(name, "is null: leave it out, give it a value, or put it in quotes where the word is meant");
        return null;
    }

    public DocumentNode? Required(string name)
    {
        if (!Has(name) && _node is DocumentNode.Mapping) Reject(name, "is required");
        return Optional(name);
    }

    public string? RequiredText(string name, int maxLength, bool mayBeEmpty = false) =>
        Required(name) is { } node ? TextOf(node, PathOf(name), maxLength, mayBeEmpty) : null;

    public string? OptionalText(string name, int maxLength) => Optional(name) is { } node ? TextOf(node, PathOf(name), maxLength) : null;

    public bool OptionalBoolean(string name, bool otherwise)
    {
        if (Optional(name) is not { } node) return otherwise;
        if (node is DocumentNode.Scalar { Kind: ScalarKind.Boolean } scalar) return scalar.Text == "true";
        Reject(name, $"must be true or false, not {KindOf(node)}");
        return otherwise;
    }

    public int? RequiredInteger(string name, int min, int max) => Required(name) is null ? null : OptionalInteger(name, min, max);

    public int? OptionalInteger(string name, int min, int max)
    {
        if (Optional(name) is not { } node) return null;
        if (NumberOf(node) is { } number && number >= min && number <= max && decimal.IsInteger(number)) return (int)number;
        Reject(name, $"must be a whole number from {min} to {max}");
        return null;
    }

    public decimal? OptionalNumber(string name)
    {
        if (Optional(name) is not { } node) return null;
        if (NumberOf(node) is { } number) return number;
        Reject(name, node is DocumentNode.Scalar { Kind: ScalarKind.Number } ? "has too many digits" : $"must be a number, not {KindOf(node)}");
        return null;
    }

    public T? RequiredChoice<T>(string name, Spelling<T> spelling) where T : struct, Enum =>
        Required(name) is null ? null : OptionalChoice(name, spelling);

    public T? OptionalChoice<T>(string name, Spelling<T> spelling) where T : struct, Enum
    {
        if (OptionalText(name, int.MaxValue) is not { } text) return null;
        if (spelling.ValueOf(text) is { } value) return value;
        Reject(name, NotAmong(text, spelling.Texts));
        return null;
    }

    public MappingReader RequiredMapping(string name) => new(Required(name), PathOf(name), Problems);

    public MappingReader? OptionalMapping(string name) => Optional(name) is { } node ? new MappingReader(node, PathOf(name), Problems) : null;

    /// <summary>The items of a list, of which there has to be one at least; none when the member is absent or after a problem.</summary>
    public IEnumerable<(DocumentNode Node, string Path)> OptionalItems(string name)
    {
        if (Optional(name) is not { } node) return [];
        if (node is DocumentNode.Sequence { Items.Count: > 0 } list) return list.Items.Select((item, i) => (item, $"{PathOf(name)}[{i}]"));
        Reject(name, node is DocumentNode.Sequence ? "must hold at least one item" : $"must be a list, not {KindOf(node)}");
        return [];
    }

    public IEnumerable<(DocumentNode Node, string Path)> RequiredItems(string name) => Required(name) is null ? [] : OptionalItems(name);

    public ValueList<string> OptionalTexts(string name, int maxLength) =>
        OptionalItems(name).Select(i => TextOf(i.Node, i.Path, maxLength)).OfType<string>().ToValueList();

    /// <summary>A node's text; null after a problem.</summary>
    public string? TextOf(DocumentNode node, string path, int maxLength, bool mayBeEmpty = false)
    {
        if (node is not DocumentNode.Scalar { Kind: ScalarKind.Text } scalar)
        {
            var quotes = node is DocumentNode.Scalar { Kind: not ScalarKind.Null } ? "; put it in quotes" : "";
            Problems.Add(path, node, $"must be a text, not {KindOf(node)}{quotes}");
            return null;
        }

        var problem = scalar.Text switch
        {
            "" when !mayBeEmpty => "must not be empty",
            { Length: var length } when length > maxLength => $"must not be longer than {maxLength} characters",
            var text when text.Contains('\0') => "must not hold a NUL character",
            var text when !IsWellFormed(text) => "is not well-formed Unicode",
            _ => null,
        };
        if (problem is null) return scalar.Text;
        Problems.Add(path, node, problem);
        return null;
    }

    /// <summary>Makes a problem of every member that nobody asked for.</summary>
    public void RejectUnread()
    {
        foreach (var (name, member) in _members)
        {
            if (Problems.IsFull) return;
            if (_asked.Contains(name)) continue;
            var message = NotYet.Contains(name) ? "is not available yet"
                : NearestName.Of(name, _asked) is { } near ? $"is not a known member; did you mean '{near}'?"
                : $"is not a known member; known here: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}";
            Problems.Add(PathOf(Shown(name)), member.Line, member.Column, message);
        }
    }

    public static string NotAmong(string text, IReadOnlyList<string> choices)
    {
        var near = NearestName.Of(text, choices);
        return $"must be one of {string.Join(", ", choices)}, not '{Shown(text)}'{(near is null ? "" : $"; did you mean '{near}'?")}";
    }

    public static string Shown(string text)
    {
        var shown = text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "…");
        return IsWellFormed(shown) ? shown : new string([.. shown.Where(c => !char.IsSurrogate(c))]);
    }

    private void Ask(string name)
    {
        if (!_asked.Contains(name)) _asked.Add(name);
    }

    private static decimal? NumberOf(DocumentNode node) =>
        node is DocumentNode.Scalar { Kind: ScalarKind.Number, Text.Length: <= 40 } scalar
        && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string KindOf(DocumentNode node) => node switch
    {
        DocumentNode.Mapping => "an object",
        DocumentNode.Sequence => "a list",
        DocumentNode.Scalar { Kind: ScalarKind.Number } => "a number",
        DocumentNode.Scalar { Kind: ScalarKind.Boolean } => "a boolean",
        DocumentNode.Scalar { Kind: ScalarKind.Null } => "null",
        _ => "a text",
    };

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
