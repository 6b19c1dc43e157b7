using System.Text.Json;
using Sluice.Core.Connections;
using Sluice.Core.Planning;

namespace Sluice.Platforms;

/// <summary>What a platform needs to open a session.</summary>
/// <param name="ConnectionKey">The first name of every path the session yields.</param>
/// <param name="Document">The stored <c>connection</c> object without secrets.</param>
/// <param name="Integration">The stored <c>nativeIntegration</c> object without secrets; null on a platform that has none.</param>
/// <param name="Secrets">The secrets' values by member path. They leave only towards the platform.</param>
public sealed record ConnectionAccess(string ConnectionKey, JsonElement Document, JsonElement? Integration, IReadOnlyDictionary<string, string> Secrets)
{
    /// <summary>The connection's settings, as far as a check or an observation has to know them.</summary>
    public ConnectionSettings Settings { get; init; } = new();

    /// <summary>See <see cref="AccessIntent.Scope"/>.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Never the secrets.</summary>
    public override string ToString() => $"ConnectionAccess {{ {ConnectionKey} }}";
}
