using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Server.Authentication;

/// <summary>
/// An API key, <c>slu_&lt;id&gt;_&lt;secret&gt;</c>: the id finds it, the secret (256 random bits in base64url) proves it. The secret is kept by its holder
/// alone; the server stores its SHA-256.
/// </summary>
internal sealed class ApiKey
{
    /// <summary>How every key begins, so that a leaked one is recognised by scanners.</summary>
    public const string Prefix = "slu_";

    /// <summary>What a text must be to be a key.</summary>
    public const string Form = "must have the form slu_<id>_<secret>: an id of 8 to 32 lower-case letters and digits, a secret of 43 base64url characters";

    private const int IdBytes = 8;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int ShortestId = 8;
    private const int LongestId = 32;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> SecretCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private ApiKey(string id, string secret)
    {
        Id = id;
        Text = $"{Prefix}{id}_{secret}";
        Hash = HashOf(secret);
    }

    /// <summary>The public part.</summary>
    public string Id { get; }

    /// <summary>The whole key, shown once.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of the secret part, as it is spelled: base64url has several spellings of the same bits.</summary>
    public byte[] Hash { get; }

    /// <summary>A new key under a new id.</summary>
    public static ApiKey New() => New(NewId());

    /// <summary>A new key under a given id.</summary>
    public static ApiKey New(string id) => new(id, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>A new id.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>Reads a key; null when the text is none.</summary>
    public static ApiKey? Read(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = text.IndexOf('_', Prefix.Length);
        if (end < 0) return null;
        var id = text[Prefix.Length..end];
        var secret = text[(end + 1)..];
        if (id.Length is < ShortestId or > LongestId || secret.Length != SecretLength) return null;
        return id.AsSpan().ContainsAnyExcept(IdCharacters) || secret.AsSpan().ContainsAnyExcept(SecretCharacters) ? null : new ApiKey(id, secret);
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
