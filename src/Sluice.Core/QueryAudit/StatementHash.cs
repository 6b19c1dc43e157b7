using System.Security.Cryptography;
using System.Text;

namespace Sluice.Core.QueryAudit;

/// <summary>A statement's hash: equal texts are known by it where the text itself is not kept.</summary>
public static class StatementHash
{
    /// <summary>The SHA-256 of the text in UTF-8, in hexadecimal digits; null of none.</summary>
    public static string? Of(string? text) => text is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
