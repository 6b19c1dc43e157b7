using System.Text;

namespace Sluice.Core.Catalog;

/// <summary>Decodes one URL path segment exactly once, refusing what is not valid percent-encoded UTF-8.</summary>
internal static class PercentDecoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string? Decode(string segment)
    {
        if (!segment.Contains('%') && Ascii.IsValid(segment)) return segment;
        try
        {
            var bytes = new List<byte>(segment.Length);
            var utf8 = Strict.GetBytes(segment);
            for (var i = 0; i < utf8.Length; i++)
            {
                if (utf8[i] != '%')
                {
                    bytes.Add(utf8[i]);
                    continue;
                }

                if (i + 2 >= utf8.Length || !char.IsAsciiHexDigit((char)utf8[i + 1]) || !char.IsAsciiHexDigit((char)utf8[i + 2])) return null;
                bytes.Add((byte)((Hex(utf8[i + 1]) << 4) | Hex(utf8[i + 2])));
                i += 2;
            }

            return Strict.GetString([.. bytes]);
        }
        catch (Exception e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            return null;
        }
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
