using System.Text.Json.Serialization;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Engine.Catalog;

namespace Sluice.Server.Data;

/// <summary>A tag of an object or of one of its columns.</summary>
internal sealed record TagAnswer
{
    private const string LakeFormation = "Lake Formation";
    private const string Sluice = "Sluice";

    /// <summary>Dotted: the key, and the value where there is one.</summary>
    public required string Name { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Column { get; init; }

    public required string Source { get; init; }

    public required bool Inherited { get; init; }

    /// <summary>The platform's tags, then those that Sluice itself set.</summary>
    public static IReadOnlyList<TagAnswer> Of(ObjectView view)
    {
        var source = view.Object.Technology == Technology.Glue ? LakeFormation : view.Object.Technology.Name;
        var tags = view.Tags.Select(t => new TagAnswer
        {
            Name = t.Value.Length == 0 ? t.Key : $"{t.Key}.{t.Value}",
            Key = t.Key,
            Value = t.Value,
            Column = t.Column,
            Source = source,
            Inherited = t.Inherited,
        }).ToList();
        if (view.Object.IsDiscoveredNew) tags.Add(New(column: null));
        tags.AddRange(view.Columns.Where(c => c.IsDiscoveredNew).Select(c => New(c.Column.Name)));
        return tags;
    }

    private static TagAnswer New(string? column)
    {
        var dot = SystemTags.DiscoveredNew.IndexOf('.', StringComparison.Ordinal);
        return new TagAnswer
        {
            Name = SystemTags.DiscoveredNew,
            Key = SystemTags.DiscoveredNew[..dot],
            Value = SystemTags.DiscoveredNew[(dot + 1)..],
            Column = column,
            Source = Sluice,
            Inherited = false,
        };
    }
}
