using System.Text.Json;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;

namespace Sluice.Platforms;

/// <summary>A checked <c>connection</c> object, its secrets set apart.</summary>
public sealed record ConnectionSpec
{
    /// <summary>The platform.</summary>
    public required Technology Technology { get; init; }

    /// <summary>The documented authentication type, such as <c>accessKey</c>.</summary>
    public required string AuthenticationType { get; init; }

    /// <summary>The object as it may be shown and stored: every member but the secrets, which are absent.</summary>
    public required JsonElement Document { get; init; }

    /// <summary>
    /// The <c>nativeIntegration</c> object as it may be shown and stored, without secrets: those are the connection's. Null on a platform that has none.
    /// Read again by <see cref="IPlatform.ReadConnection"/>, it yields itself.
    /// </summary>
    public JsonElement? Integration { get; init; }

    /// <summary>
    /// The secrets by member path below <c>connection</c> (<c>secretAccessKey</c>, <c>password</c>). A <see cref="SecretInput.Kept"/> stands
    /// only for a secret that is already stored.
    /// </summary>
    public required IReadOnlyDictionary<string, SecretInput> Secrets { get; init; }

    /// <summary>
    /// Where the secrets go, in one canonical text (technology, host, port, endpoints, account, user). When an update changes it, every
    /// secret must be brought again.
    /// </summary>
    public required string SecretDestination { get; init; }
}
