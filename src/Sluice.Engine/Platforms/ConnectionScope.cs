using System.Security.Cryptography;

namespace Sluice.Engine.Platforms;

/// <summary>What tells a connection's own things from those of other connections in a place that they share, such as a Databricks account.</summary>
internal static class ConnectionScope
{
    private const int Digits = 16;

    /// <summary>A short digest of the connection's id, which never changes, as its key and its address may.</summary>
    public static string Of(Guid connectionId) => Convert.ToHexStringLower(SHA256.HashData(connectionId.ToByteArray(bigEndian: true)))[..Digits];
}
