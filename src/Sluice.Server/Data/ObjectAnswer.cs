using System.Text.Json.Serialization;
using Sluice.Engine.Catalog;
using Sluice.Storage.Catalog;

namespace Sluice.Server.Data;

/// <summary>A data object as a search shows it.</summary>
internal record FoundObjectAnswer
{
    protected FoundObjectAnswer(ObjectView view)
    {
        var stored = view.Object;
        ObjectPath = stored.Path.Names;
        Technology = stored.Technology.Name;
        State = view.IsActive ? "active" : "inactive";
        Settings = ObjectSettingsAnswer.Of(stored);
        Overrides = ObjectOverridesAnswer.Of(stored);
        Kind = Spelled.Camel(stored.Kind);
        NativeId = stored.NativeId;
        Comment = stored.Comment;
        ChildCount = stored.ChildCount;
        DataSourceId = view.DataSource?.Id;
        DataSource = view.DataSource is { } source ? new DataSourceAnswer(source.Id, source.Name) : null;
        InactiveReason = view.InactiveReason;
        Enforcement = new EnforcementAnswer(Spelled.Camel(stored.Governance), stored.GrantMethod, stored.GovernanceReason);
        DiscoveredAt = stored.DiscoveredAt;
        LastCrawledAt = stored.LastCrawledAt;
        MissingSince = stored.MissingSince;
        TaggedByLineage = view.IsTaggedByLineage;
    }

    public IReadOnlyList<string> ObjectPath { get; }

    public string Technology { get; }

    public string State { get; }

    public ObjectSettingsAnswer Settings { get; }

    public ObjectOverridesAnswer Overrides { get; }

    public string Kind { get; }

    public string? NativeId { get; }

    public string? Comment { get; }

    public long ChildCount { get; }

    public Guid? DataSourceId { get; }

    public DataSourceAnswer? DataSource { get; }

    /// <summary>Why it is inactive although it is wanted active.</summary>
    public string? InactiveReason { get; }

    public EnforcementAnswer Enforcement { get; }

    public DateTimeOffset DiscoveredAt { get; }

    public DateTimeOffset? LastCrawledAt { get; }

    public DateTimeOffset? MissingSince { get; }

    /// <summary>Of a search for a tag: whether only data brought it there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TaggedByLineage { get; }

    public static FoundObjectAnswer Found(ObjectView view) => new(view);
}

/// <summary>A data object as GET /data/object shows it.</summary>
internal sealed record ObjectAnswer : FoundObjectAnswer
{
    private ObjectAnswer(ObjectView view) : base(view)
    {
        Columns = [.. view.Columns.Select(ColumnAnswer.Of)];
        Tags = TagAnswer.Of(view);
    }

    public IReadOnlyList<ColumnAnswer> Columns { get; }

    public IReadOnlyList<TagAnswer> Tags { get; }

    public static ObjectAnswer Of(ObjectView view) => new(view);
}

/// <summary>What an active table or view is known as.</summary>
internal sealed record DataSourceAnswer(Guid Id, string Name);

/// <summary>Whether and how the platform would honour grants.</summary>
internal sealed record EnforcementAnswer(string Governance, string? Method, string? Reason);

/// <summary>A column.</summary>
internal sealed record ColumnAnswer(string Name, string Type, int Position, string? NativeId, string? Comment, bool IsPartitionKey)
{
    public static ColumnAnswer Of(StoredColumn column) => new(
        column.Column.Name, column.Column.Type, column.Position, column.Column.NativeId, column.Column.Comment, column.Column.IsPartitionKey);
}
