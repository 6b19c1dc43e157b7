using System.Text;

namespace Sluice.Core.Policies.Predicates;

/// <summary><c>LIKE</c>: <c>%</c> is any text, <c>_</c> one character (not half of one), everything else is itself.</summary>
internal static class LikePattern
{
    /// <summary>Takes at most the product of both lengths: only the last <c>%</c> is ever tried again.</summary>
    internal static bool Matches(string text, string pattern)
    {
        Rune[] characters = [.. text.EnumerateRunes()], wanted = [.. pattern.EnumerateRunes()];
        int at = 0, next = 0, lastAny = -1, takenByAny = 0;
        while (at < characters.Length)
        {
            if (next < wanted.Length && wanted[next].Value == '%')
            {
                lastAny = next++;
                takenByAny = at;
            }
            else if (next < wanted.Length && (wanted[next].Value == '_' || wanted[next] == characters[at]))
            {
                next++;
                at++;
            }
            else if (lastAny >= 0)
            {
                next = lastAny + 1;
                at = ++takenByAny;
            }
            else return false;
        }

        while (next < wanted.Length && wanted[next].Value == '%') next++;
        return next == wanted.Length;
    }
}
