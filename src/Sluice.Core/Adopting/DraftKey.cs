using System.Security.Cryptography;
using System.Text;

namespace Sluice.Core.Adopting;

/// <summary>Keys of drafts: the same for the same, so that making them again makes no others.</summary>
internal static class DraftKey
{
    private const int DigestDigits = 10;
    private const int MostOfKey = 200;

    public static string Of(string connectionKey, string kind, string signature)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signature)))[..DigestDigits];
        var connection = new string([.. connectionKey.Take(MostOfKey).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')]);
        return $"adopted-{connection}-{kind.ToLowerInvariant()}-{digest}";
    }
}
