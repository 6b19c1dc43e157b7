using System.Security.Cryptography;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Digests the engine lacks.</summary>
internal static class Digests
{
    /// <summary>SHA2 of 384 or 512 bits (https://docs.snowflake.com/en/sql-reference/functions/sha2).</summary>
    /// <param name="bytes">What is digested, as hexadecimal digits.</param>
    /// <param name="bits">How long the digest is.</param>
    public static string Sha2(string bytes, int bits)
    {
        var read = Convert.FromHexString(bytes);
        return Convert.ToHexStringLower(bits switch
        {
            256 or 0 => SHA256.HashData(read),
            384 => SHA384.HashData(read),
            512 => SHA512.HashData(read),
            _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "The sandbox makes SHA2 digests of 256, 384 and 512 bits."),
        });
    }
}
