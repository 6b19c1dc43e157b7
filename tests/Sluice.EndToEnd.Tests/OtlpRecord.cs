using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// A log record as it comes over the wire: the members of https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto that a test asks for.
/// </summary>
/// <param name="EventName">What kind of event it is.</param>
/// <param name="Body">Its text.</param>
/// <param name="Attributes">By name, as text.</param>
internal sealed record OtlpRecord(string EventName, string Body, IReadOnlyDictionary<string, string> Attributes)
{
    // ExportLogsServiceRequest.resource_logs, ResourceLogs.scope_logs, ScopeLogs.log_records.
    private const int ResourceLogs = 1, ScopeLogs = 2, LogRecords = 2;

    /// <summary>The records of a call.</summary>
    public static IReadOnlyList<OtlpRecord> Read(ReadOnlyMemory<byte> message) =>
    [
        .. Fields(message).Where(static f => f.Number == ResourceLogs).SelectMany(static f => Fields(f.Bytes)).Where(static f => f.Number == ScopeLogs)
            .SelectMany(static f => Fields(f.Bytes)).Where(static f => f.Number == LogRecords).Select(static f => Record(f.Bytes)),
    ];

    private static OtlpRecord Record(ReadOnlyMemory<byte> message)
    {
        var (name, body, attributes) = ("", "", new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var field in Fields(message))
        {
            if (field.Number == 5) body = Value(field.Bytes);
            if (field.Number == 12) name = Text(field.Bytes);
            if (field.Number != 6) continue;
            var pair = Fields(field.Bytes).ToDictionary(static f => f.Number, static f => f.Bytes);
            attributes.Add(Text(pair[1]), pair.TryGetValue(2, out var value) ? Value(value) : "");
        }

        return new OtlpRecord(name, body, attributes);
    }

    // AnyValue: string_value, bool_value, int_value.
    private static string Value(ReadOnlyMemory<byte> message)
    {
        var field = Fields(message).FirstOrDefault();
        return field.Number switch
        {
            1 => Text(field.Bytes),
            2 => field.Number == 2 && field.Varint != 0 ? "true" : "false",
            3 => ((long)field.Varint).ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    // https://protobuf.dev/programming-guides/encoding: a tag is the field's number and how it is written, then the value.
    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new Field(number, Varint(message.Span, ref at), default);
                    break;
                case 1:
                    yield return new Field(number, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default);
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    yield return new Field(number, 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new Field(number, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default);
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is none of protobuf's that are in use.");
            }
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }

    private readonly record struct Field(int Number, ulong Varint, ReadOnlyMemory<byte> Bytes);
}
