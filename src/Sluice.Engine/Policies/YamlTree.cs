using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.Engine.Policies;

/// <summary>Makes documents of the parser's events, one event at a time, so that nothing is expanded and no depth is reached that is not allowed.</summary>
internal sealed partial class YamlTree(string text, PolicyProblems problems)
{
    private const string MergeKey = "<<";

    private readonly Parser _parser = new(new StringReader(text));

    /// <summary>The roots of all documents that hold something.</summary>
    /// <exception cref="YamlException">The text is no YAML, or nested too deeply.</exception>
    public List<DocumentNode> ReadAll()
    {
        var roots = new List<DocumentNode>();
        _parser.Consume<StreamStart>();
        while (!_parser.Accept<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            var root = ReadNode(1);
            if (root is not DocumentNode.Scalar { Kind: ScalarKind.Null }) roots.Add(root);
            _parser.Consume<DocumentEnd>();
        }

        return roots;
    }

    private DocumentNode ReadNode(int depth)
    {
        var started = _parser.Consume<ParsingEvent>();
        if (started is NodeEvent node)
        {
            if (!node.Anchor.IsEmpty) Refuse(node, "anchors are not read");
            if (!node.Tag.IsEmpty) Refuse(node, "tags are not read");
        }

        if (started is MappingStart or SequenceStart && depth > PolicyDocument.MaxDepth)
            throw new YamlException(started.Start, started.End, $"it is nested deeper than {PolicyDocument.MaxDepth} levels");
        var (line, column) = ((int)started.Start.Line, (int)started.Start.Column);
        switch (started)
        {
            case MappingStart:
                return new DocumentNode.Mapping(ReadMembers(depth).ToValueList()) { Line = line, Column = column };
            case SequenceStart:
                var items = new List<DocumentNode>();
                while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(depth + 1));
                return new DocumentNode.Sequence(items.ToValueList()) { Line = line, Column = column };
            case Scalar scalar:
                return ScalarOf(scalar) with { Line = line, Column = column };
            default:
                Refuse(started, "aliases are not read");
                return new DocumentNode.Scalar(ScalarKind.Null, "null") { Line = line, Column = column };
        }
    }

    private List<DocumentMember> ReadMembers(int depth)
    {
        var members = new List<DocumentMember>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var (line, column) = (_parser.Current!.Start.Line, _parser.Current.Start.Column);
            if (_parser.Accept<Scalar>(out var key)) (line, column) = (key.Start.Line, key.Start.Column);
            var name = ReadNode(depth + 1) is DocumentNode.Scalar ? key?.Value : null;
            if (name is null) problems.Add("$", (int)line, (int)column, "the name of a member must be a text");
            if (name == MergeKey && key!.Style == ScalarStyle.Plain) Refuse(key, "merge keys are not read");
            members.Add(new DocumentMember(name ?? "?", ReadNode(depth + 1)) { Line = (int)line, Column = (int)column });
        }

        return members;
    }

    private void Refuse(ParsingEvent at, string message) => problems.Add("$", (int)at.Start.Line, (int)at.Start.Column, message);

    private DocumentNode.Scalar ScalarOf(Scalar scalar)
    {
        var (kind, value) = scalar.Style == ScalarStyle.Plain ? Resolve(scalar) : (ScalarKind.Text, scalar.Value);
        return new DocumentNode.Scalar(kind, value) { TextColumn = TextColumn(scalar) };
    }

    // Only where nothing was folded, escaped or doubled: the source is as long as what it says.
    private static int? TextColumn(Scalar scalar)
    {
        var quotes = scalar.Style switch
        {
            ScalarStyle.Plain => 0,
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => 1,
            _ => -1,
        };
        return quotes >= 0 && scalar.Start.Line == scalar.End.Line && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + (2 * quotes)
            ? (int)scalar.Start.Column + quotes
            : null;
    }

    private (ScalarKind Kind, string Text) Resolve(Scalar scalar)
    {
        switch (scalar.Value)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return (ScalarKind.Null, "null");
            case "true" or "True" or "TRUE":
                return (ScalarKind.Boolean, "true");
            case "false" or "False" or "FALSE":
                return (ScalarKind.Boolean, "false");
            case { Length: > MaxNumberLength }:
                return (ScalarKind.Text, scalar.Value);
            case var octal when OctalPattern().IsMatch(octal):
                return (ScalarKind.Number, octal.AsSpan(2).ToArray().Aggregate(BigInteger.Zero, (n, digit) => (n * 8) + (digit - '0')).ToString());
            case var hexadecimal when HexadecimalPattern().IsMatch(hexadecimal):
                return (ScalarKind.Number, BigInteger.Parse($"0{hexadecimal.AsSpan(2)}", NumberStyles.HexNumber).ToString());
            case var special when SpecialPattern().IsMatch(special):
                Refuse(scalar, $"'{special}' is no number that can be used here; put it in quotes where it is a text");
                return (ScalarKind.Text, special);
            case var number when NumberPattern().Match(number) is { Success: true } match:
                return (ScalarKind.Number, JsonNumber(match));
            default:
                return (ScalarKind.Text, scalar.Value);
        }
    }

    // JSON takes no plus, no leading zero, and no point without digits on both sides.
    private static string JsonNumber(Match match)
    {
        var sign = match.Groups["sign"].Value == "-" ? "-" : "";
        var whole = match.Groups["whole"].Value.TrimStart('0');
        var fraction = match.Groups["fraction"].Value;
        return $"{sign}{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : $".{fraction}")}{match.Groups["exponent"].Value}";
    }

    private const int MaxNumberLength = 400;
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\A(?<sign>[-+]?)((?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?<exponent>([eE][-+]?[0-9]+)?)\z", Options, 1000)]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\A0o[0-7]+\z", Options, 1000)]
    private static partial Regex OctalPattern();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z", Options, 1000)]
    private static partial Regex HexadecimalPattern();

    [GeneratedRegex(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", Options, 1000)]
    private static partial Regex SpecialPattern();
}
