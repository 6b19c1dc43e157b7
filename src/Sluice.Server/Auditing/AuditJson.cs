using System.Text.Json.Serialization;

namespace Sluice.Server.Auditing;

/// <summary>How an event's unreadable details are wrapped.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AuditJson : JsonSerializerContext;
