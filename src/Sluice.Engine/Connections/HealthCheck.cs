using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Connections;

/// <summary>
/// Runs the checks of a registered connection again. A failed one makes the connection unhealthy; once all pass, it is what it was. What a failed crawl made
/// unhealthy, only a crawl mends.
/// </summary>
internal sealed class HealthCheck(SessionOpener sessions, IConnectionStore connections, ICatalogStore catalog)
{
    // As stored beside those that a platform names, when it could not be asked for them.
    private const string Reaching = "connection";

    /// <summary>Checks, and stores what was seen.</summary>
    /// <returns>The job's output.</returns>
    /// <exception cref="PlatformException">The platform could not be asked; see <see cref="RecordFailureAsync"/>.</exception>
    public async Task<string> RunAsync(StoredConnection connection, WriteFence fence, CancellationToken cancellationToken)
    {
        await using var session = await sessions.OpenAsync(connection, cancellationToken);
        var identity = await session.IdentifyAsync(cancellationToken);
        if (!identity.AgreesWith(connection.IdentityKey))
        {
            throw new PlatformException(
                PlatformFailure.Refused,
                $"Another platform answers now: '{connection.Key}' stands for {connection.IdentityName}, and this is {identity.DisplayName}. "
                + "If it was rebuilt, send the connection again with PUT, which records what it is; otherwise register the other one.");
        }

        var checks = await session.CheckAsync(cancellationToken);
        await RecordAsync(connection, fence, checks, cancellationToken);
        return Output(checks);
    }

    /// <summary>Stores that the platform could not be asked, for good.</summary>
    public Task RecordFailureAsync(StoredConnection connection, WriteFence fence, string reason, CancellationToken cancellationToken) =>
        RecordAsync(connection, fence, [new Check(Reaching, CheckStatus.Failed, "The checks could not be made", reason)], cancellationToken);

    /// <summary>What the connection is when nothing has failed: its last checks decide, and else whether its root is active.</summary>
    public async Task<ConnectionHealth> OfAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        if (FailureOf(CheckList.FromJson(connection.ChecksJson)) is { } reason) return new ConnectionHealth(ConnectionStatus.Unhealthy, reason);
        var root = await catalog.FindAsync(new ObjectPath(connection.Key), cancellationToken);
        return new ConnectionHealth(root?.Effective.IsActive is true ? ConnectionStatus.Active : ConnectionStatus.Inactive, null);
    }

    private async Task RecordAsync(StoredConnection connection, WriteFence fence, IReadOnlyList<Check> checks, CancellationToken cancellationToken)
    {
        var json = CheckList.ToJson(checks);
        ConnectionHealth? health = null;
        if (IsOursToSay(connection)) health = await OfAsync(connection with { ChecksJson = json }, cancellationToken);
        await connections.RecordChecksAsync(fence, json, health, cancellationToken);
    }

    // A first crawl ends the creation, and a failed crawl leaves its own reason, which only the next one takes back.
    private static bool IsOursToSay(StoredConnection connection) => connection.Status switch
    {
        ConnectionStatus.Active or ConnectionStatus.Inactive => true,
        ConnectionStatus.Unhealthy => connection.StatusReason == FailureOf(CheckList.FromJson(connection.ChecksJson)),
        _ => false,
    };

    private static string? FailureOf(IReadOnlyList<Check> checks)
    {
        var failed = checks.Where(c => c.Status == CheckStatus.Failed).Select(c => $"{c.Name}: {c.Result}.{(c.Message is null ? "" : $" {c.Message}")}").ToList();
        return failed.Count == 0 ? null : string.Join(" ", failed);
    }

    private static string Output(IReadOnlyList<Check> checks)
    {
        var counts = new JsonObject();
        foreach (var group in checks.GroupBy(c => c.Status).OrderBy(g => g.Key)) counts[group.Key.ToString().ToLowerInvariant()] = group.Count();
        return new JsonObject { ["checks"] = counts }.ToJsonString();
    }
}
