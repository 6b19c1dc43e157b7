using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Engine.Platforms;
using Sluice.Engine.Policies;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.History;

namespace Sluice.Engine.Connections;

/// <summary>
/// Runs the checks of a registered connection again. A failed one makes the connection unhealthy; once all pass, it is what it was. What a failed crawl made
/// unhealthy, only a crawl mends. What a platform is too busy to tell says nothing of a connection: what was seen before stays.
/// </summary>
internal sealed class HealthCheck(SessionOpener sessions, IConnectionStore connections, ICatalogStore catalog, IRestoreStore restores, StoredPolicies policies)
{
    // As stored beside those that a platform names, when it could not be asked for them.
    private const string Reaching = "connection";

    // As stored beside what was seen before, where that still counts.
    private const string Latest = "latest check";

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
        if (await MaskFunctionsAsync(connection, session, cancellationToken) is { } functions) checks = [.. checks, functions];
        await RecordAsync(connection, fence, Standing(connection, checks), cancellationToken);
        return Output(checks);
    }

    /// <summary>Whether a connection's latest checks left something open, so that they are to be made again soon.</summary>
    public static bool IsInconclusive(StoredConnection connection) => CheckList.FromJson(connection.ChecksJson).Any(static c => c.IsInconclusive);

    /// <summary>Stores that the platform could not be asked, for good.</summary>
    public Task RecordFailureAsync(StoredConnection connection, WriteFence fence, string reason, CancellationToken cancellationToken) =>
        RecordAsync(connection, fence, [new Check(Reaching, CheckStatus.Failed, "The checks could not be made", reason)], cancellationToken);

    /// <summary>Stores that the platform was too busy to be asked: the connection stays what it is.</summary>
    public Task RecordInconclusiveAsync(StoredConnection connection, WriteFence fence, string reason, CancellationToken cancellationToken) =>
        RecordAsync(connection, fence, [.. Before(connection), Note(reason)], cancellationToken);

    /// <summary>What the connection is when nothing has failed: its last checks decide, and else whether its root is active.</summary>
    public async Task<ConnectionHealth> OfAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        if (await restores.AheadAsync(connection.Id, cancellationToken) is not null) return new ConnectionHealth(ConnectionStatus.Unhealthy, RestoreReason.Of(connection.Key));
        if (FailureOf(CheckList.FromJson(connection.ChecksJson)) is { } reason) return new ConnectionHealth(ConnectionStatus.Unhealthy, reason);
        var root = await catalog.FindAsync(new ObjectPath(connection.Key), cancellationToken);
        return new ConnectionHealth(root?.Effective.IsActive is true ? ConnectionStatus.Active : ConnectionStatus.Inactive, null);
    }

    private async Task<Check?> MaskFunctionsAsync(StoredConnection connection, IPlatformSession session, CancellationToken cancellationToken)
    {
        if (session is not IChecksMaskFunctions checking) return null;
        var masks = (await policies.ReadAsync(cancellationToken)).OfType<DataPolicy>().Where(static p => !p.IsStaged)
            .SelectMany(static p => p.Rules).OfType<DataRule.Masking>().Select(static r => r.Function).OfType<MaskFunction.Custom>().Distinct().ToList();
        return masks.Count == 0 ? null : await checking.CheckMaskFunctionsAsync(ConnectionUseCases.SettingsOf(connection).MaskFunctionSchemas, masks, cancellationToken);
    }

    private async Task RecordAsync(StoredConnection connection, WriteFence fence, IReadOnlyList<Check> checks, CancellationToken cancellationToken)
    {
        var json = CheckList.ToJson(checks);
        ConnectionHealth? health = null;
        if (IsOursToSay(connection)) health = await OfAsync(connection with { ChecksJson = json }, cancellationToken);
        await connections.RecordChecksAsync(fence, json, health, cancellationToken);
    }

    private static IEnumerable<Check> Before(StoredConnection connection) => CheckList.FromJson(connection.ChecksJson).Where(static c => c.Name != Latest);

    /// <summary>The checks, but for those that were not answered just now what was seen before.</summary>
    private static IReadOnlyList<Check> Standing(StoredConnection connection, IReadOnlyList<Check> checks)
    {
        var open = checks.Where(static c => c.IsInconclusive).Select(static c => c.Name).ToList();
        if (open.Count == 0) return checks;
        var before = Before(connection).ToList();
        return [.. checks.Select(c => c.IsInconclusive ? before.Find(b => b.Name == c.Name) ?? c : c), Note($"The platform did not answer for {string.Join(", ", open)}")];
    }

    private static Check Note(string reason) => new(
        Latest, CheckStatus.Skipped, "not conclusive",
        $"{reason.TrimEnd('.')}. That says nothing of the connection: what is shown of it was seen before, and is checked again soon.") { IsInconclusive = true };

    // A first crawl ends the creation, and a failed crawl leaves its own reason, which only the next one takes back.
    private static bool IsOursToSay(StoredConnection connection) => connection.Status switch
    {
        ConnectionStatus.Active or ConnectionStatus.Inactive => true,
        ConnectionStatus.Unhealthy => connection.StatusReason == RestoreReason.Of(connection.Key) || connection.StatusReason == FailureOf(CheckList.FromJson(connection.ChecksJson)),
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
