namespace Sluice.Core.Payloads;

/// <summary>Finds the known name a mistyped one was probably meant to be.</summary>
public static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary>The known name at the smallest edit distance, ignoring case, when that is at most 1 or a third of its length; else null.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        if (typed.Length > LongestCompared) return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in known.Order(StringComparer.Ordinal))
        {
            var distance = Distance(typed.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance >= bestDistance || distance > Math.Max(1, name.Length / 3)) continue;
            best = name;
            bestDistance = distance;
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
