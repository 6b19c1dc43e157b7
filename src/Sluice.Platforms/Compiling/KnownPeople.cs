using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Core.People;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Compiling;

/// <summary>
/// What is told a platform about people, one JSON text for each: all that the rules there ask, and no more. What is not in it is unknown: a group or attribute
/// that is not there, and what the holders of a shared identity differ in. One that is there, and that nobody here has, is not.
/// </summary>
/// <remarks>
/// <c>groups</c>: by name, whether they are a member. <c>attributes</c>: by name, the values that <c>all</c> holders of the identity have, and those that
/// <c>some</c> have. <c>names</c>: the names of all their groups, likewise. <c>username</c> and <c>iam</c>. Members are sorted, so that one state is one text.
/// </remarks>
public sealed class KnownPeople
{
    // Shown to people in plans, and never part of a page or a script.
    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IReadOnlySet<string> _groups;
    private readonly IReadOnlySet<string> _attributes;
    private readonly Func<string, bool> _isStorable;

    /// <summary>What can be told of the people of an intent.</summary>
    /// <param name="intent">Whose people.</param>
    /// <param name="isStorable">Whether the platform can hold a text: no value there can equal one that it can't, so that it is left out.</param>
    public KnownPeople(AccessIntent intent, Func<string, bool> isStorable)
    {
        _isStorable = isStorable;
        var everybody = intent.Identities.SelectMany(i => i.Holders).ToList();
        _groups = intent.KnownGroups ?? everybody.SelectMany(p => p.Groups).ToHashSet(StringComparer.Ordinal);
        _attributes = intent.KnownAttributes ?? everybody.SelectMany(p => p.Attributes).Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What is told of an identity; null when nothing is, because a holder is disabled.</summary>
    public string? Of(IdentityHolders identity, Mentions mentions)
    {
        var holders = identity.Holders;
        if (holders.Count == 0 || holders.Any(h => !h.IsEnabled)) return null;
        return Print(json =>
        {
            if (mentions.Attributes.Any(_attributes.Contains)) WriteAttributes(json, holders, mentions);
            if (mentions.Groups.Any(_groups.Contains)) WriteGroups(json, holders, mentions);
            if (mentions.Iam) WriteIfSame(json, "iam", [.. holders.Select(h => h.Source)]);
            if (mentions.AllGroups)
            {
                json.WritePropertyName("names");
                WriteSets(json, [.. holders.Select(h => h.Groups)]);
            }

            if (mentions.Username) WriteIfSame(json, "username", [.. holders.Select(h => (string?)h.Username)]);
        });
    }

    /// <summary>What the platform holds, as <see cref="Of"/> prints it.</summary>
    public static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Print(writer =>
        {
            foreach (var member in document.RootElement.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value);
            }
        });
    }

    private void WriteGroups(Utf8JsonWriter json, IReadOnlyList<Person> holders, Mentions mentions)
    {
        json.WriteStartObject("groups");
        foreach (var group in mentions.Groups.Where(g => _groups.Contains(g) && _isStorable(g)))
        {
            var having = holders.Count(h => h.Groups.Contains(group));
            if (having == 0 || having == holders.Count) json.WriteBoolean(group, having > 0);
        }

        json.WriteEndObject();
    }

    private void WriteAttributes(Utf8JsonWriter json, IReadOnlyList<Person> holders, Mentions mentions)
    {
        json.WriteStartObject("attributes");
        foreach (var name in mentions.Attributes.Where(n => _attributes.Contains(n) && _isStorable(n)))
        {
            json.WritePropertyName(name);
            WriteSets(json, [.. holders.Select(h => h.Attributes.Where(a => a.Name == name).Select(a => a.Value))]);
        }

        json.WriteEndObject();
    }

    private void WriteSets(Utf8JsonWriter json, IReadOnlyList<IEnumerable<string>> ofHolders)
    {
        var sets = ofHolders.Select(h => h.Where(_isStorable).ToHashSet(StringComparer.Ordinal)).ToList();
        json.WriteStartObject();
        WriteTexts(json, "all", sets[0].Where(v => sets.All(s => s.Contains(v))));
        WriteTexts(json, "some", sets.SelectMany(s => s).Distinct(StringComparer.Ordinal));
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts.Order(StringComparer.Ordinal)) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private void WriteIfSame(Utf8JsonWriter json, string name, IReadOnlyList<string?> values)
    {
        if (values[0] is { } first && _isStorable(first) && values.All(v => v == first)) json.WriteString(name, first);
    }

    private static string Print(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(member.Name);
            Write(writer, member.Value);
        }

        writer.WriteEndObject();
    }
}
