using System.Data.Common;
using System.Text.Json;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Storage.Bulk;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Audit;

/// <summary>Events as rows and back.</summary>
internal static class AuditRows
{
    public const string Columns = "stream, sequence, time, actor_id, actor_name, action, object_path, person, details, bulk_id, plan_id, key_id, mac";

    public static readonly BulkTable<AuditRow> Table = new("audit_events", Columns.Split(", "), Write);

    // What a changed row may hold in place of a path or an id: read as something that nothing was, so that the row's MAC does not fit it.
    private static readonly ObjectPath NoPath = new("\uFFFD");
    private static readonly Guid NoId = Guid.AllBitsSet;

    /// <summary>As both databases can hold it. The MAC is made of this, or it would not fit what is read back.</summary>
    public static AuditEvent Storable(AuditEvent each) => each with
    {
        ActorId = StorableText.Of(each.ActorId),
        ActorName = StorableText.Of(each.ActorName),
        Action = StorableText.Of(each.Action),
        Person = StorableText.Of(each.Person),
        Details = StorableText.Of(each.Details),
    };

    /// <summary>A path as its column holds it.</summary>
    public static string PathText(ObjectPath path) => JsonSerializer.Serialize(path.Names);

    public static AuditRow Read(DbDataReader row) => new(
        new AuditEvent
        {
            Stream = new AuditStream(row.GetString(0)),
            Sequence = row.GetInt64(1),
            Time = UtcTicks.Moment(row.GetInt64(2)),
            ActorId = row.GetString(3),
            ActorName = row.GetString(4),
            Action = row.GetString(5),
            Object = row.Text(6) is { } path ? ObjectPath.FromJson(path, out _) ?? NoPath : null,
            Person = row.Text(7),
            Details = row.GetString(8),
            BulkId = Id(row.Text(9)),
            PlanId = Id(row.Text(10)),
        },
        row.GetString(11),
        row.GetFieldValue<byte[]>(12));

    private static Guid? Id(string? text) => text is null ? null : Guid.TryParseExact(text, "D", out var id) ? id : NoId;

    private static void Write(IRowWriter writer, AuditRow row)
    {
        var each = row.Event;
        writer.Write(each.Stream.Name);
        writer.Write((long?)each.Sequence);
        writer.Write((long?)each.Time.UtcTicks);
        writer.Write(each.ActorId);
        writer.Write(each.ActorName);
        writer.Write(each.Action);
        writer.Write(each.Object is null ? null : PathText(each.Object));
        writer.Write(each.Person);
        writer.Write(each.Details);
        writer.Write(each.BulkId?.ToString("D"));
        writer.Write(each.PlanId?.ToString("D"));
        writer.Write(row.KeyId);
        writer.Write(row.Mac);
    }
}
