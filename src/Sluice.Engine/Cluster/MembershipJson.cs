using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans;
using Orleans.Runtime;

namespace Sluice.Engine.Cluster;

/// <summary>A membership entry as JSON text, so that the database needs no column per member of somebody else's type.</summary>
internal static partial class MembershipJson
{
    public static string Write(MembershipEntry entry) => JsonSerializer.Serialize(
        new Row(
            entry.SiloAddress.ToParsableString(),
            entry.Status.ToString(),
            entry.SuspectTimes?.Select(s => new Suspicion(s.Item1.ToParsableString(), s.Item2)).ToArray() ?? [],
            entry.ProxyPort,
            entry.HostName,
            entry.SiloName,
            entry.RoleName,
            entry.UpdateZone,
            entry.FaultZone,
            entry.StartTime,
            entry.IAmAliveTime),
        MembershipJsonContext.Default.Row);

    public static MembershipEntry Read(string json)
    {
        var row = JsonSerializer.Deserialize(json, MembershipJsonContext.Default.Row) ?? throw new InvalidOperationException("A membership row is empty.");
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.FromParsableString(row.Silo),
            Status = Enum.Parse<SiloStatus>(row.Status),
            SuspectTimes = [.. row.Suspicions.Select(s => Tuple.Create(SiloAddress.FromParsableString(s.Silo), s.At))],
            ProxyPort = row.ProxyPort,
            HostName = row.HostName ?? "",
            SiloName = row.SiloName ?? "",
            RoleName = row.RoleName,
            UpdateZone = row.UpdateZone,
            FaultZone = row.FaultZone,
            StartTime = row.StartTime,
            IAmAliveTime = row.IAmAliveTime,
        };
    }

    internal sealed record Suspicion(string Silo, DateTime At);

    internal sealed record Row(
        string Silo, string Status, Suspicion[] Suspicions, int ProxyPort, string? HostName, string? SiloName, string? RoleName, int UpdateZone, int FaultZone, DateTime StartTime, DateTime IAmAliveTime);

    [JsonSerializable(typeof(Row))]
    private sealed partial class MembershipJsonContext : JsonSerializerContext;
}
