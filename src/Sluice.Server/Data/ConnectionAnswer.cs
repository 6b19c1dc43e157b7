using System.Text.Json.Nodes;
using Sluice.Core.Payloads;
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

    /// <summary>Documented; a connection without a native integration has none.</summary>
    public string? NativeIntegrationId { get; init; }

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
        return new ConnectionAnswer
        {
            ConnectionKey = stored.Key,
            Connection = Redacted(stored.DocumentJson, view.SecretFields),
            Settings = JsonNode.Parse(stored.SettingsJson)!.AsObject(),
            Options = new OptionsAnswer(stored.Options.ForceRecursiveCrawl),
            Status = Spelled.Camel(stored.Status),
            StatusReason = stored.StatusReason,
            ValidationResults = ValidationAnswer.Of(view.Checks),
            CreatedAt = stored.CreatedAt,
            CreatedBy = stored.CreatedBy.Id,
            Creator = ActorAnswer.Of(stored.CreatedBy),
            UpdatedAt = stored.UpdatedAt,
            UpdatedBy = stored.UpdatedBy.Id,
            Updater = ActorAnswer.Of(stored.UpdatedBy),
            NextSyncAt = stored.NextSyncAt,
        };
    }

    // The stored document has no secrets; their members are put back, so that a reader sees which there are.
    private static JsonObject Redacted(string document, IReadOnlyList<string> secretFields)
    {
        var connection = JsonNode.Parse(document)!.AsObject();
        foreach (var field in secretFields)
        {
            var names = field.Split('.');
            var at = connection;
            foreach (var name in names[..^1])
            {
                if (at[name] is not JsonObject inner) at[name] = inner = new JsonObject();
                at = inner;
            }

            at[names[^1]] = SecretInput.Redacted;
        }

        return connection;
    }
}

/// <summary>The documented options.</summary>
internal sealed record OptionsAnswer(bool ForceRecursiveCrawl);

/// <summary>Who did something.</summary>
internal sealed record ActorAnswer(string Id, string Name, string? Email)
{
    public static ActorAnswer Of(Actor actor) => new(actor.Id, actor.Name, actor.Email);
}
