using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Platforms.Egress;

/// <summary>
/// What a host, as somebody spelled it, is: a lower-case ASCII name without trailing dot, an address, or neither. The C library reads
/// <c>2852039166</c>, <c>0251.0376.0251.0376</c> and <c>127.1</c> as addresses; here whatever looks like a number and is not a plain
/// dotted quad is nothing at all, so no two readers can disagree about it.
/// </summary>
/// <param name="Name">The name, or null.</param>
/// <param name="Address">The address, or null.</param>
/// <param name="Problem">Why it is neither, or null.</param>
internal readonly record struct SpelledHost(string? Name, IPAddress? Address, string? Problem)
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Whether the name is <c>localhost</c> or below it, which RFC 6761 (section 6.3) gives to loopback.</summary>
    public bool IsLocalhost =>
        Name is not null && (Name == "localhost" || Name.EndsWith(".localhost", StringComparison.Ordinal));

    public static SpelledHost Parse(string host)
    {
        if (string.IsNullOrWhiteSpace(host))
            return Wrong("A host name is missing.");
        if (host[0] is '/' or '@' or '\\')
            return Wrong("A socket file is not a host.");
        if (!host.All(char.IsAscii))
            return Wrong("A host name has ASCII characters only; write an international name in its xn-- form.");
        if (host.Contains('%'))
            return Wrong("An address with a zone is not allowed.");
        return host.Contains(':') || host[0] == '[' ? ParseIPv6(host) : ParseName(host);
    }

    private static SpelledHost ParseIPv6(string host)
    {
        var literal = host is ['[', .. var inner, ']'] ? inner : host;

        // The parser of the framework takes more than addresses (a prefix length, brackets with a port).
        var plain = literal.All(static c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        if (plain && IPAddress.TryParse(literal, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
            return new SpelledHost(null, AddressRanges.Canonical(address), null);
        return Wrong("This is neither a host name nor an IP address; a port does not belong to it.");
    }

    private static SpelledHost ParseName(string host)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        var labels = name.Split('.');
        if (LooksNumeric(labels[^1]))
            return ParseIPv4(host);
        if (name.Length is 0 or > LongestName || !labels.All(IsLabel))
            return Wrong("A host name is made of letters, digits, hyphens and dots.");
        return new SpelledHost(name.ToLowerInvariant(), null, null);
    }

    private static SpelledHost ParseIPv4(string host)
    {
        var parts = host.Split('.');
        var bytes = new byte[4];
        for (var i = 0; i < 4; i++)
        {
            if (parts.Length != 4 || !IsOctet(parts[i], out bytes[i]))
                return Wrong("An IPv4 address is written as four decimal numbers without leading zeros; no other spelling is taken.");
        }

        return new SpelledHost(null, new IPAddress(bytes), null);
    }

    private static bool IsOctet(string part, out byte value)
    {
        value = 0;
        return part.Length is 1 or 2 or 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0') && byte.TryParse(part, out value);
    }

    // The URL standard's "ends in a number": such a host is an address to somebody.
    private static bool LooksNumeric(string label) =>
        label.Length > 0
        && (label.All(char.IsAsciiDigit)
            || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0));

    // Underscores are no part of a host name by RFC 952, and common in container networks.
    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel
        && label[0] != '-' && label[^1] != '-'
        && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static SpelledHost Wrong(string problem) => new(null, null, problem);
}
