using System.Text.Json.Nodes;
using Sluice.Engine.Connections;
using Sluice.Server.Data;
using Sluice.Storage.Connections;

namespace Sluice.Server.Integrations;

/// <summary>A native integration as GET /integrations shows it.</summary>
/// <param name="Id">Documented as a number.</param>
/// <param name="ConnectionKey">Ours: the connection it belongs to.</param>
/// <param name="Status">One of the documented statuses.</param>
/// <param name="StatusReason">Ours.</param>
/// <param name="ValidationResults">The last checks.</param>
/// <param name="Type">The technology.</param>
/// <param name="AutoBootstrap">Documented; always false here.</param>
/// <param name="UnityCatalog">Documented for Databricks alone.</param>
/// <param name="Config">As registered, each secret <c>[REDACTED]</c>.</param>
internal sealed record IntegrationAnswer(
    long Id, string ConnectionKey, string Status, string? StatusReason, ValidationAnswer ValidationResults, string Type, bool AutoBootstrap, bool? UnityCatalog,
    JsonObject Config)
{
    public static IntegrationAnswer Of(ConnectionView view)
    {
        var stored = view.Stored;
        var integration = JsonNode.Parse(stored.IntegrationJson!)!.AsObject();
        var config = integration["config"]!.DeepClone().AsObject();
        Redaction.Show(config, view.SecretFields);
        return new IntegrationAnswer(
            stored.RootObjectId, stored.Key, IntegrationStatusAnswer.StatusOf(stored.Status), stored.StatusReason, ValidationAnswer.Of(view.Checks),
            stored.Technology.Name, (bool?)integration["autoBootstrap"] ?? false, (bool?)integration["unityCatalog"], config);
    }
}

/// <summary>GET /integrations/{id}/status.</summary>
/// <param name="Status">One of the documented statuses.</param>
/// <param name="StatusReason">Ours: why.</param>
/// <param name="ValidationResults">The last checks.</param>
internal sealed record IntegrationStatusAnswer(string Status, string? StatusReason, ValidationAnswer ValidationResults)
{
    public static IntegrationStatusAnswer Of(ConnectionView view) =>
        new(StatusOf(view.Stored.Status), view.Stored.StatusReason, ValidationAnswer.Of(view.Checks));

    /// <summary>The documented words for the state of a connection.</summary>
    public static string StatusOf(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Creating => "creating",
        ConnectionStatus.Deleting => "deleting",
        ConnectionStatus.Unhealthy => "recurringValidationError",
        _ => "enabled",
    };
}
