using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Errors;
using Sluice.Storage.Catalog;

namespace Sluice.Engine.Catalog;

/// <summary>Reads the body of POST /data/object/search.</summary>
internal static class ObjectQueryReader
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    /// <summary>The kinds by the names the API uses.</summary>
    internal static readonly IReadOnlyDictionary<string, ObjectKind> Kinds =
        Enum.GetValues<ObjectKind>().ToDictionary(k => JsonNamingPolicy.CamelCase.ConvertName(k.ToString()), StringComparer.Ordinal);

    public static ObjectQuery Read(ObjectPath? parent, JsonElement body)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var state = payload.OptionalChoice("state", "active", "inactive");
        var query = new ObjectQuery
        {
            Parent = parent,
            Name = payload.OptionalString("name"),
            Active = state switch { "active" => true, "inactive" => false, _ => null },
            Kinds = ReadKinds(payload),
            Tag = payload.OptionalString("tag"),
            Descendants = payload.OptionalBoolean("descendants") ?? false,
            Offset = payload.OptionalInteger("offset", 0, int.MaxValue) ?? 0,
            Size = payload.OptionalInteger("size", 1, LargestSize) ?? DefaultSize,
        };
        if (query.Descendants && parent is null) payload.Reject("descendants", "needs an object path to search below");
        foreach (var (member, text) in new[] { ("name", query.Name), ("tag", query.Tag) })
            if (text is { Length: > ObjectPath.MaxNameLength }) payload.Reject(member, $"must have at most {ObjectPath.MaxNameLength} characters");
        payload.RejectUnread();
        return problems.Any ? throw new RequestRefusedException(problems) : query;
    }

    private static IReadOnlyList<string>? Single(string? name) => name is null ? null : [name];

    private static List<ObjectKind>? ReadKinds(PayloadObject payload)
    {
        if (payload.Raw("kind") is not { } raw) return null;
        var names = raw.ValueKind == JsonValueKind.String ? Single(payload.OptionalString("kind")) : payload.OptionalStrings("kind");
        if (names is null) return null;
        var kinds = new List<ObjectKind>();
        foreach (var name in names)
        {
            if (Kinds.TryGetValue(name, out var kind)) kinds.Add(kind);
            else payload.Reject("kind", $"must be of {string.Join(", ", Kinds.Keys)}" + (NearestName.Of(name, Kinds.Keys) is { } near ? $"; did you mean '{near}'?" : ""));
        }

        return kinds;
    }
}
