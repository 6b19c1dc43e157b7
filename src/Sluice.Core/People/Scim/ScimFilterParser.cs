using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Core.People.Scim;

/// <summary>
/// Reads filters (RFC 7644, figure 1): <c>not</c> binds tighter than <c>and</c>, that tighter than <c>or</c>; operators in any case; and the path of
/// a patch operation, which may hold one.
/// </summary>
public sealed class ScimFilterParser
{
    /// <summary>A longer one is refused.</summary>
    public const int LongestText = 8192;
    private const int Deepest = 32;

    private static readonly Dictionary<string, ScimOperator> Operators = Enum.GetValues<ScimOperator>().ToDictionary(o => o.ToString(), StringComparer.OrdinalIgnoreCase);

    private readonly string _text;
    private int _at;
    private int _depth;

    private ScimFilterParser(string text) => _text = text;

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The filter.</param>
    /// <param name="problem">What is wrong and where; null: nothing.</param>
    public static ScimFilter? Parse(string text, out string? problem) => Run(text, parser => parser.Disjunction(), out problem);

    /// <summary>Reads the path of a patch operation: <c>attribute</c>, <c>attribute[filter]</c>, or <c>attribute[filter].sub</c>.</summary>
    /// <param name="text">The path.</param>
    /// <param name="problem">What is wrong and where; null: nothing.</param>
    public static ScimPath? ParsePath(string text, out string? problem) => Run(text, parser => parser.Path(), out problem);

    private static T? Run<T>(string text, Func<ScimFilterParser, T> read, out string? problem) where T : class
    {
        problem = null;
        if (text.Length > LongestText)
        {
            problem = $"must have at most {LongestText} characters";
            return null;
        }

        var parser = new ScimFilterParser(text);
        try
        {
            var result = read(parser);
            parser.Spaces();
            return parser._at == text.Length ? result : throw parser.Expected("the end");
        }
        catch (FormatException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private ScimPath Path()
    {
        var attribute = Attribute();
        if (!TryTake('[')) return new ScimPath(attribute, null, null);
        var filter = Disjunction();
        Take(']');
        if (!TryTake('.')) return new ScimPath(attribute, filter, null);
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '_' or '$')) _at++;
        return _at > start ? new ScimPath(attribute, filter, _text[start.._at]) : throw Expected("an attribute");
    }

    private ScimFilter Disjunction()
    {
        if (++_depth > Deepest) throw new FormatException($"is nested deeper than {Deepest} levels");
        var left = Conjunction();
        while (TryWord("or")) left = new ScimFilter.Or(left, Conjunction());
        _depth--;
        return left;
    }

    private ScimFilter Conjunction()
    {
        var left = Factor();
        while (TryWord("and")) left = new ScimFilter.And(left, Factor());
        return left;
    }

    private ScimFilter Factor()
    {
        Spaces();
        if (IsNegation())
        {
            Take('(');
            var negated = Disjunction();
            Take(')');
            return new ScimFilter.Not(negated);
        }

        if (!TryTake('(')) return Expression();
        var inner = Disjunction();
        Take(')');
        return inner;
    }

    // "not" is an attribute's name, too: it negates only before a parenthesis.
    private bool IsNegation()
    {
        var before = _at;
        if (TryWord("not"))
        {
            Spaces();
            if (_at < _text.Length && _text[_at] == '(') return true;
        }

        _at = before;
        return false;
    }

    private ScimFilter Expression()
    {
        var attribute = Attribute();
        if (TryTake('['))
        {
            var filter = Disjunction();
            Take(']');
            return new ScimFilter.OneValue(attribute, filter);
        }

        Spaces();
        var start = _at;
        var word = Word();
        if (word.Equals("pr", StringComparison.OrdinalIgnoreCase)) return new ScimFilter.Present(attribute);
        if (Operators.TryGetValue(word, out var op)) return new ScimFilter.Comparison(attribute, op, Value());
        _at = start;
        throw Expected("pr or an operator (eq, ne, co, sw, ew, gt, ge, lt, le)");
    }

    private ScimAttribute Attribute()
    {
        Spaces();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '_' or '$' or '.' or ':')) _at++;
        if (ScimAttribute.Read(_text[start.._at]) is { } attribute) return attribute;
        _at = start;
        throw Expected("an attribute");
    }

    private string Value()
    {
        Spaces();
        var start = _at;
        if (_at < _text.Length && _text[_at] == '"')
        {
            for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
                if (_text[_at] == '\\') _at++;
            _at = Math.Min(_at + 1, _text.Length);
        }
        else
        {
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '+' or '.')) _at++;
        }

        if (Canonical(_text[start.._at]) is { } value) return value;
        _at = start;
        throw Expected("a value: a string in double quotes, a number, true, false or null");
    }

    private static string? Canonical(string text)
    {
        try
        {
            // Half a surrogate pair is valid JSON and no text: taking it out throws, which parsing does not.
            if (JsonNode.Parse(text) is not { } node) return text == "null" ? text : null;
            return node is JsonValue value && (value.GetValueKind() != JsonValueKind.String || value.ToString().Length >= 0) ? node.ToJsonString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private bool TryWord(string word)
    {
        var before = _at;
        Spaces();
        if (Word().Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        _at = before;
        return false;
    }

    private string Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '_' or '$' or '.' or ':')) _at++;
        return _text[start.._at];
    }

    private bool TryTake(char c)
    {
        var before = _at;
        Spaces();
        if (_at < _text.Length && _text[_at] == c)
        {
            _at++;
            return true;
        }

        _at = before;
        return false;
    }

    private void Take(char c)
    {
        if (!TryTake(c)) throw Expected($"'{c}'");
    }

    private void Spaces()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
    }

    private FormatException Expected(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"at character {_at + 1}: {what} was expected"));
}

/// <summary>What a patch operation is about.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Filter">Which of its values; null: all.</param>
/// <param name="Sub">The attribute within those values; null: the values themselves.</param>
public sealed record ScimPath(ScimAttribute Attribute, ScimFilter? Filter, string? Sub);
