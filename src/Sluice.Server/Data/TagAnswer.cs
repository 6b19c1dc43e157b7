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
    private const string Lineage = "lineage";

    /// <summary>Dotted: the key, and the value where there is one.</summary>
    public required string Name { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Column { get; init; }

    public required string Source { get; init; }

    public required bool Inherited { get; init; }

    /// <summary>Whether the platform no longer has it, and it goes on protecting until a governor confirms that it is gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Vanished { get; init; }

    /// <summary>Of a tag that data brought along: where it was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TagOriginAnswer? From { get; init; }

    /// <summary>The platform's tags, those that it no longer has and that go on protecting, those that data brought along, those given here, then those that Sluice itself set.</summary>
    public static IReadOnlyList<TagAnswer> Of(ObjectView view)
    {
        var source = view.Object.Technology == Technology.Glue ? LakeFormation : view.Object.Technology.Name;
        var tags = view.Tags.Select(t => new TagAnswer
        {
            Name = t.Name,
            Key = t.Key,
            Value = t.Value,
            Column = t.Column,
            Source = source,
            Inherited = t.Inherited,
        }).ToList();
        tags.AddRange(view.Vanished.Select(t => Of(t.Tag, t.Column, source) with { Vanished = true }));
        tags.AddRange(view.Lineage.Select(static t => Of(t.Tag, t.Column, Lineage) with { From = new TagOriginAnswer(t.Origin.Object.Names, t.Origin.Column) }));
        tags.AddRange(view.Assigned.Select(t => Of(t.Tag, t.Column, Sluice)));
        if (view.Object.IsDiscoveredNew) tags.Add(Of(SystemTags.DiscoveredNew, column: null, Sluice));
        tags.AddRange(view.Columns.Where(c => c.IsDiscoveredNew).Select(c => Of(SystemTags.DiscoveredNew, c.Column.Name, Sluice)));
        return tags;
    }

    private static TagAnswer Of(string name, string? column, string source)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return new TagAnswer
        {
            Name = name,
            Key = dot < 0 ? name : name[..dot],
            Value = dot < 0 ? "" : name[(dot + 1)..],
            Column = column,
            Source = source,
            Inherited = false,
        };
    }
}

/// <summary>Where a tag was given that data brought along.</summary>
internal sealed record TagOriginAnswer(
    IReadOnlyList<string> ObjectPath, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Column);
