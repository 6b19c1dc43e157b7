namespace Sluice.Core.Access;

/// <summary>Numbers by tag: a tag that is carried answers with those of itself and of all tags above it.</summary>
internal sealed class TagIndex
{
    // Tags carried are far fewer than columns; beyond this they are looked up each time.
    private const int MostRemembered = 65_536;

    private readonly Dictionary<string, List<int>> named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> carried = new(StringComparer.Ordinal);

    public void Add(string tag, int number)
    {
        if (!named.TryGetValue(tag, out var numbers)) named.Add(tag, numbers = []);
        numbers.Add(number);
    }

    public int[] At(string tag)
    {
        if (carried.TryGetValue(tag, out var known)) return known;
        var found = Find(tag);
        if (carried.Count < MostRemembered) carried.Add(tag, found);
        return found;
    }

    private int[] Find(string tag)
    {
        var lookup = named.GetAlternateLookup<ReadOnlySpan<char>>();
        List<int>? found = null;
        for (var end = tag.IndexOf('.', StringComparison.Ordinal); ; end = tag.IndexOf('.', end + 1))
        {
            if (lookup.TryGetValue(end < 0 ? tag : tag.AsSpan(0, end), out var numbers)) (found ??= []).AddRange(numbers);
            if (end < 0) return found is null ? [] : [.. found];
        }
    }
}
