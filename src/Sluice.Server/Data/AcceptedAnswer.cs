using System.Text.Json.Serialization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Connections;
using Sluice.Server.Plans;

namespace Sluice.Server.Data;

/// <summary>The documented answer of what starts jobs.</summary>
internal sealed record AcceptedAnswer(IReadOnlyList<string> ObjectPath, Guid BulkId)
{
    public static AcceptedAnswer Of(Accepted accepted) => new(accepted.ObjectPath.Names, accepted.BulkId);
}

/// <summary>The same, with what a change of settings touches.</summary>
internal sealed record SettingsChangedAnswer(IReadOnlyList<string> ObjectPath, Guid BulkId, long Activated, long Deactivated)
{
    /// <summary>What was taken from others there, and can be put back now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RemovedGrantsOffer? RemovedGrants { get; init; }

    public static SettingsChangedAnswer Of(SettingsAnswer answer) =>
        new(answer.Accepted.ObjectPath.Names, answer.Accepted.BulkId, answer.Activated, answer.Deactivated)
        {
            RemovedGrants = RemovedGrantsOffer.Of(answer.Accepted.ObjectPath, answer.RemovedGrants, canBePutBack: true),
        };
}

/// <summary>The documented answer of a deletion.</summary>
internal sealed record DeletedAnswer(IReadOnlyList<string> ObjectPath, long ChildCount)
{
    /// <summary>The jobs that clean up and then delete; it is gone already where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? BulkId { get; init; }

    /// <summary>What was taken from others there, and is not put back by this.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RemovedGrantsOffer? RemovedGrants { get; init; }

    public static DeletedAnswer Of(Deleted deleted) => new(deleted.ObjectPath.Names, deleted.ChildCount)
    {
        BulkId = deleted.BulkId, RemovedGrants = RemovedGrantsOffer.Of(deleted.ObjectPath, deleted.RemovedGrants, deleted.CanBePutBack),
    };
}
