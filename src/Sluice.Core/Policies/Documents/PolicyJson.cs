using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Sluice.Core.Policies.Documents;

/// <summary>Policy documents as JSON: one, or a list of them. A trailing comma is read; comments and duplicate members are not.</summary>
public static class PolicyJson
{
    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = PolicyDocument.MaxDepth };

    /// <summary>Reads a text in UTF-8; whatever it is, what is wrong goes to <paramref name="problems"/> and nothing is thrown.</summary>
    public static IReadOnlyList<PolicyDocument> Read(ReadOnlySpan<byte> utf8, PolicyProblems problems)
    {
        if (utf8.Length > PolicyDocument.MaxBytes) problems.Add("$", 1, 1, $"is larger than {PolicyDocument.MaxBytes} bytes");
        else if (!Utf8.IsValid(utf8)) problems.Add("$", 1, 1, "is not UTF-8");
        else if (ReadRoot(utf8, problems) is { } root) return PolicyDocument.Of([root], problems);
        return [];
    }

    /// <summary>Prints a document, or a list of them, indented.</summary>
    /// <exception cref="JsonException">A number that is none.</exception>
    public static string Write(DocumentNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Written)) Write(node, writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static DocumentNode? ReadRoot(ReadOnlySpan<byte> utf8, PolicyProblems problems)
    {
        var reader = new PositionedReader(utf8);
        try
        {
            reader.Next();
            var root = reader.ReadNode();
            reader.ReadToEnd();
            return root;
        }
        catch (JsonException e)
        {
            // The framework's own text can quote the document; the position is what helps.
            var reason = reader.IsTooDeep ? $"is nested deeper than {PolicyDocument.MaxDepth} levels" : "is not valid JSON from here on";
            problems.Add("$", (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, reason);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is valid JSON and yet no text.
            problems.Add("$", reader.Line, reader.Column, "holds a text here that is not well-formed Unicode");
        }

        return null;
    }

    private static void Write(DocumentNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case DocumentNode.Mapping mapping:
                writer.WriteStartObject();
                foreach (var member in mapping.Members)
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case DocumentNode.Sequence list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(item, writer);
                writer.WriteEndArray();
                break;
            case DocumentNode.Scalar { Kind: ScalarKind.Text } scalar:
                writer.WriteStringValue(scalar.Text);
                break;
            case DocumentNode.Scalar scalar:
                writer.WriteRawValue(scalar.Text);
                break;
        }
    }

    /// <summary>A reader that knows where in the text it is.</summary>
    private ref struct PositionedReader(ReadOnlySpan<byte> utf8)
    {
        private readonly ReadOnlySpan<byte> _utf8 = utf8;
        private Utf8JsonReader _reader = new(utf8, new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = PolicyDocument.MaxDepth });
        private int _counted;

        public int Line { get; private set; } = 1;

        public int Column { get; private set; } = 1;

        public readonly bool IsTooDeep => _reader.CurrentDepth >= PolicyDocument.MaxDepth - 1;

        public void Next()
        {
            if (!_reader.Read()) throw new JsonException();
            MoveTo((int)_reader.TokenStartIndex);
        }

        public void ReadToEnd()
        {
            while (_reader.Read())
            {
                // What follows the document is a fault, and the framework says so.
            }
        }

        public DocumentNode ReadNode()
        {
            var (line, column) = (Line, Column);
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    var members = new List<DocumentMember>();
                    for (Next(); _reader.TokenType != JsonTokenType.EndObject; Next())
                    {
                        var (name, nameLine, nameColumn) = (_reader.GetString()!, Line, Column);
                        Next();
                        members.Add(new DocumentMember(name, ReadNode()) { Line = nameLine, Column = nameColumn });
                    }

                    return new DocumentNode.Mapping(members.ToValueList()) { Line = line, Column = column };
                case JsonTokenType.StartArray:
                    var items = new List<DocumentNode>();
                    for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next()) items.Add(ReadNode());
                    return new DocumentNode.Sequence(items.ToValueList()) { Line = line, Column = column };
                default:
                    return ReadScalar() with { Line = line, Column = column };
            }
        }

        private readonly DocumentNode.Scalar ReadScalar() => _reader.TokenType switch
        {
            JsonTokenType.String => new DocumentNode.Scalar(ScalarKind.Text, _reader.GetString()!) { TextColumn = _reader.ValueIsEscaped ? null : Column + 1 },
            JsonTokenType.Number => new DocumentNode.Scalar(ScalarKind.Number, Encoding.UTF8.GetString(_reader.ValueSpan)),
            JsonTokenType.True => new DocumentNode.Scalar(ScalarKind.Boolean, "true"),
            JsonTokenType.False => new DocumentNode.Scalar(ScalarKind.Boolean, "false"),
            _ => new DocumentNode.Scalar(ScalarKind.Null, "null"),
        };

        // Counted on from token to token: a text of one long line would else be counted again for each.
        private void MoveTo(int at)
        {
            var passed = _utf8[_counted..at];
            _counted = at;
            if (passed.LastIndexOf((byte)'\n') is >= 0 and var last)
            {
                Line += passed.Count((byte)'\n');
                Column = 1;
                passed = passed[(last + 1)..];
            }

            Column += Encoding.UTF8.GetCharCount(passed);
        }
    }
}
