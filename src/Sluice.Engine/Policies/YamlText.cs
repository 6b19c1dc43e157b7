using System.Text;
using System.Text.RegularExpressions;
using Sluice.Core.Policies.Documents;

namespace Sluice.Engine.Policies;

/// <summary>
/// Prints documents in block style. A text is plain only where every YAML parser takes it for a text; else it stands in double quotes, on one line, so that
/// problems in it can be shown where they are.
/// </summary>
internal sealed partial class YamlText
{
    private const int Step = 2;

    private readonly StringBuilder _text = new();

    public static string Of(IEnumerable<DocumentNode> documents)
    {
        var yaml = new YamlText();
        yaml._text.Append($"# yaml-language-server: $schema={PolicySchema.Path}\n");
        var isFirst = true;
        foreach (var document in documents)
        {
            if (!isFirst) yaml._text.Append("---\n");
            isFirst = false;
            yaml.Append(document, 0);
            if (document is DocumentNode.Scalar || IsEmpty(document)) yaml._text.Append('\n');
        }

        return yaml._text.ToString();
    }

    // Begins where the cursor is; what goes on in further lines is indented by so many spaces. Ends with a line break, except for a scalar or what is empty.
    private void Append(DocumentNode node, int indent)
    {
        switch (node)
        {
            case DocumentNode.Mapping { Members.Count: 0 }:
                _text.Append("{}");
                break;
            case DocumentNode.Sequence { Items.Count: 0 }:
                _text.Append("[]");
                break;
            case DocumentNode.Mapping mapping:
                for (var i = 0; i < mapping.Members.Count; i++)
                {
                    if (i > 0) _text.Append(' ', indent);
                    AppendMember(mapping.Members[i], indent);
                }

                break;
            case DocumentNode.Sequence list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    if (i > 0) _text.Append(' ', indent);
                    _text.Append("- ");
                    Append(list.Items[i], indent + Step);
                    if (list.Items[i] is DocumentNode.Scalar || IsEmpty(list.Items[i])) _text.Append('\n');
                }

                break;
            case DocumentNode.Scalar scalar:
                AppendScalar(scalar);
                break;
        }
    }

    private void AppendMember(DocumentMember member, int indent)
    {
        AppendText(member.Name);
        _text.Append(':');
        if (member.Value is DocumentNode.Scalar || IsEmpty(member.Value))
        {
            _text.Append(' ');
            Append(member.Value, indent);
            _text.Append('\n');
            return;
        }

        _text.Append('\n').Append(' ', indent + Step);
        Append(member.Value, indent + Step);
    }

    private void AppendScalar(DocumentNode.Scalar scalar)
    {
        if (scalar.Kind == ScalarKind.Text) AppendText(scalar.Text);
        else _text.Append(scalar.Text);
    }

    private void AppendText(string text)
    {
        if (PlainPattern().IsMatch(text) && !WordPattern().IsMatch(text))
        {
            _text.Append(text);
            return;
        }

        _text.Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append(@"\\"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                _ when IsPrintable(rune) => _text.Append(rune.ToString()),
                > 0xFFFF => _text.Append($"\\U{rune.Value:X8}"),
                _ => _text.Append($"\\u{rune.Value:X4}"),
            };
        }

        _text.Append('"');
    }

    private static bool IsEmpty(DocumentNode node) => node is DocumentNode.Mapping { Members.Count: 0 } or DocumentNode.Sequence { Items.Count: 0 };

    private static bool IsPrintable(Rune rune) => rune.Value switch
    {
        < 0x20 or (>= 0x7F and < 0xA0) or 0x2028 or 0x2029 or 0xFEFF or >= 0xFFF0 and <= 0xFFFF => false,
        _ => true,
    };

    [GeneratedRegex(@"\A[A-Za-z_]([A-Za-z0-9_./ -]{0,198}[A-Za-z0-9_./-])?\z", Options, 1000)]
    private static partial Regex PlainPattern();

    // What some version of YAML takes for a boolean, null or number.
    [GeneratedRegex(@"\A(true|false|yes|no|on|off|y|n|null|_+)\z", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex WordPattern();

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
}
