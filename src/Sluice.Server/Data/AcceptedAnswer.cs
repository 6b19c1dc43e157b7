using Sluice.Engine.Catalog;
using Sluice.Engine.Connections;

namespace Sluice.Server.Data;

/// <summary>The documented answer of what starts jobs.</summary>
internal sealed record AcceptedAnswer(IReadOnlyList<string> ObjectPath, Guid BulkId)
{
    public static AcceptedAnswer Of(Accepted accepted) => new(accepted.ObjectPath.Names, accepted.BulkId);
}

/// <summary>The same, with what a change of settings touches.</summary>
internal sealed record SettingsChangedAnswer(IReadOnlyList<string> ObjectPath, Guid BulkId, long Activated, long Deactivated)
{
    public static SettingsChangedAnswer Of(SettingsAnswer answer) =>
        new(answer.Accepted.ObjectPath.Names, answer.Accepted.BulkId, answer.Activated, answer.Deactivated);
}

/// <summary>The documented answer of a deletion.</summary>
internal sealed record DeletedAnswer(IReadOnlyList<string> ObjectPath, long ChildCount)
{
    public static DeletedAnswer Of(Deleted deleted) => new(deleted.ObjectPath.Names, deleted.ChildCount);
}
