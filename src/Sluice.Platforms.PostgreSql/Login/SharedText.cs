using System.Text;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>
/// A name or comment of a catalog that all databases of a server share (databases, roles). It is kept in the encoding of the database in which
/// it was written, and nothing says which that was (PostgreSQL documentation, "Character Set Support").
/// </summary>
/// <param name="Text">As UTF-8, with replacement characters where it is none.</param>
/// <param name="IsExact">Whether it is UTF-8: else nobody can say how to name the thing.</param>
internal readonly record struct SharedText(string Text, bool IsExact)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static SharedText Of(byte[] bytes)
    {
        try
        {
            return new SharedText(Strict.GetString(bytes), IsExact: true);
        }
        catch (DecoderFallbackException)
        {
            return new SharedText(Encoding.UTF8.GetString(bytes), IsExact: false);
        }
    }

    /// <summary>The text cut to so many characters, as PostgreSQL counts them.</summary>
    public string Cut(int characters)
    {
        var length = 0;
        foreach (var rune in Text.EnumerateRunes())
        {
            if (characters-- == 0) return Text[..length];
            length += rune.Utf16SequenceLength;
        }

        return Text;
    }

    public override string ToString() => Text;
}
