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
        if (identity.Key != connection.IdentityKey)
        {
            throw new PlatformException(
                PlatformFailure.Refused,
                $"Another platform answers now: '{connection.Key}' stands for {connection.IdentityName}, and this is {identity.DisplayName}. Update the connection, or register the other one.");
        }

        var checks = await session.CheckAsync(cancellationToken);
        await RecordAsync(connection, fence, checks, cancellationToken);
        return Output(checks);
    }

    /// <summary>Stores that the platform could not be asked, for good.</summary>
    public Task RecordFailureAsync(StoredConnection connection, WriteFence fence, string reason, CancellationToken cancellationToken) =>
        RecordAsync(connection, fence, [new Check(Reaching, CheckStatus.Failed, "The checks could not be made", reason)], cancellationToken);

    /// <summary>Whether the last checks found the connection unfit.</summary>
    public static bool HasFailed(StoredConnection connection) => CheckList.FromJson(connection.ChecksJson).Any(c => c.Status == CheckStatus.Failed);

    private async Task RecordAsync(StoredConnection connection, WriteFence fence, IReadOnlyList<Check> checks, CancellationToken cancellationToken)
    {
        var failed = checks.Where(c => c.Status == CheckStatus.Failed).ToList();
        ConnectionHealth? health = null;
        if (failed.Count > 0)
            health = new ConnectionHealth(ConnectionStatus.Unhealthy, string.Join(" ", failed.Select(c => $"{c.Name}: {c.Result}.{(c.Message is null ? "" : $" {c.Message}")}")));
        else if (connection.Status == ConnectionStatus.Unhealthy && HasFailed(connection))
            health = new ConnectionHealth(await StatusOfRootAsync(connection, cancellationToken), null);
        await connections.RecordChecksAsync(fence, CheckList.ToJson(checks), health, cancellationToken);
    }

    private async Task<ConnectionStatus> StatusOfRootAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var root = await catalog.FindAsync(new ObjectPath(connection.Key), cancellationToken);
        return root?.Effective.IsActive is true ? ConnectionStatus.Active : ConnectionStatus.Inactive;
    }

    private static string Output(IReadOnlyList<Check> checks)
    {
        var counts = new JsonObject();
        foreach (var group in checks.GroupBy(c => c.Status).OrderBy(g => g.Key)) counts[group.Key.ToString().ToLowerInvariant()] = group.Count();
        return new JsonObject { ["checks"] = counts }.ToJsonString();
    }
}
