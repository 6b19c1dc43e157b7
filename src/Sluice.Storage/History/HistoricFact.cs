using System.Data.Common;
using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Storage.Bulk;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.History;

/// <summary>A row of the history before it is written.</summary>
/// <param name="Fact">Its short name.</param>
/// <param name="Place">What it is looked up by.</param>
/// <param name="Kind">A <see cref="FactKind"/>, or <see cref="Holding"/>.</param>
/// <param name="ObjectPath">A JSON list of names.</param>
/// <param name="Subject">As in the fact; of a holding the identity.</param>
/// <param name="Detail">As in the fact; of a holding the person, as JSON.</param>
internal sealed record HistoricFact(Guid Fact, Guid Place, int Kind, string? ObjectPath, string Subject, string Detail)
{
    /// <summary>That somebody uses an identity: no fact of a platform. The number is stored.</summary>
    public const int Holding = 100;

    private const int AtObject = 0;
    private const int AtSubject = 1;
    private static readonly string[] Columns =
        ["connection_id", "fact", "place", "kind", "object_path", "subject", "detail", "from_at", "begun_by"];

    public static HistoricFact Of(Guid connectionId, FactKey key) => new(
        FactId.Of(key),
        key.Object is { } on ? PlaceOf(on) : PlaceOf(connectionId, key.Kind, key.Subject),
        (int)key.Kind,
        key.Object is { } path ? JsonSerializer.Serialize(path.Names) : null,
        StorableText.Of(key.Subject),
        StorableText.Of(key.Detail));

    public static HistoricFact Of(Guid connectionId, IdentityHolder holder)
    {
        var person = JsonSerializer.Serialize<string[]>([holder.PersonId, holder.Username]);
        return new HistoricFact(
            FactId.Of(Holding, holder.Identity, person), PlaceOfIdentity(connectionId, holder.Identity), Holding, null, StorableText.Of(holder.Identity), StorableText.Of(person));
    }

    /// <summary>Where everything on an object is found. A connection that was registered anew under the same key goes on there.</summary>
    public static Guid PlaceOf(ObjectPath on) => FactId.Of(AtObject, [.. on.Names]);

    /// <summary>Where an audience and its members are found.</summary>
    public static Guid PlaceOfAudience(Guid connectionId, string subject) => PlaceOf(connectionId, FactKind.Audience, subject);

    /// <summary>Where those who use an identity are found.</summary>
    public static Guid PlaceOfIdentity(Guid connectionId, string identity) => FactId.Of(AtSubject, connectionId.ToString("D"), "identity", identity);

    public static HistoricPerson PersonOf(string detail)
    {
        var person = JsonSerializer.Deserialize<string[]>(detail)!;
        return new HistoricPerson(person[0], person[1]);
    }

    public static FactKey Read(DbDataReader row) => new(
        (FactKind)row.GetInt32(0), row.Text(1) is { } path ? Core.Catalog.ObjectPath.FromJson(path, out _) : null, row.GetString(2), row.GetString(3));

    public static BulkTable<HistoricFact> Table(Guid connectionId, Guid? planId, DateTimeOffset at) => new("access_facts", Columns, (writer, fact) =>
    {
        writer.Write(connectionId);
        writer.Write(fact.Fact);
        writer.Write(fact.Place);
        writer.Write(fact.Kind);
        writer.Write(fact.ObjectPath);
        writer.Write(fact.Subject);
        writer.Write(fact.Detail);
        writer.Write((long?)at.UtcTicks);
        if (planId is { } plan) writer.Write(plan);
        else writer.Write((string?)null);
    });

    private static Guid PlaceOf(Guid connectionId, FactKind kind, string subject) =>
        FactId.Of(AtSubject, connectionId.ToString("D"), kind is FactKind.Audience or FactKind.Member ? "audience" : kind.ToString(), subject);
}
