using System.Text.Json.Nodes;
using Sluice.Engine.Connections;
using Sluice.Storage.Connections;

namespace Sluice.Server.Data;

/// <summary>A connection as GET /data/connection shows it.</summary>
internal sealed record ConnectionAnswer
{
    public required string ConnectionKey { get; init; }

    public required JsonObject Connection { get; init; }

    public required JsonObject Settings { get; init; }

    public required OptionsAnswer Options { get; init; }

    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public required ValidationAnswer ValidationResults { get; init; }

    /// <summary>Documented; the id of /integrations/{id}. A connection without a native integration has none.</summary>
    public long? NativeIntegrationId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required ActorAnswer Creator { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    public required ActorAnswer Updater { get; init; }

    public DateTimeOffset? NextSyncAt { get; init; }

    public static ConnectionAnswer Of(ConnectionView view)
    {
        var stored = view.Stored;
        var connection = JsonNode.Parse(stored.DocumentJson)!.AsObject();
        Redaction.Show(connection, view.SecretFields);
        return new ConnectionAnswer
        {
            ConnectionKey = stored.Key,
            Connection = connection,
            Settings = JsonNode.Parse(stored.SettingsJson)!.AsObject(),
            Options = new OptionsAnswer(stored.Options.ForceRecursiveCrawl),
            Status = Spelled.Camel(stored.Status),
            StatusReason = stored.StatusReason,
            ValidationResults = ValidationAnswer.Of(view.Checks),
            NativeIntegrationId = stored.IntegrationJson is null ? null : stored.RootObjectId,
            CreatedAt = stored.CreatedAt,
            CreatedBy = stored.CreatedBy.Id,
            Creator = ActorAnswer.Of(stored.CreatedBy),
            UpdatedAt = stored.UpdatedAt,
            UpdatedBy = stored.UpdatedBy.Id,
            Updater = ActorAnswer.Of(stored.UpdatedBy),
            NextSyncAt = stored.NextSyncAt,
        };
    }
}

/// <summary>The documented options.</summary>
internal sealed record OptionsAnswer(bool ForceRecursiveCrawl);

/// <summary>Who did something.</summary>
internal sealed record ActorAnswer(string Id, string Name, string? Email)
{
    public static ActorAnswer Of(Actor actor) => new(actor.Id, actor.Name, actor.Email);
}
