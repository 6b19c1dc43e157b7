using System.Runtime.InteropServices;

namespace Sluice.Core.Planning;

/// <summary>Counts who reads by some grants. The audiences that meet on objects are few, and so those of each combination are counted once.</summary>
internal sealed class ReaderCount(AudienceMembers members)
{
    private readonly Dictionary<string, int> _ofAudiences = new(StringComparer.Ordinal);
    private readonly HashSet<int> _met = [];
    private int[] _grantees = [];

    /// <summary>How many read.</summary>
    /// <param name="facts">Of one object.</param>
    public int Of(ReadOnlySpan<NumberedKey> facts)
    {
        if (_grantees.Length < facts.Length) _grantees = new int[facts.Length * 2];
        var (audiences, single) = (0, 0);
        var end = _grantees.Length;
        foreach (var key in facts)
        {
            if (key.Kind != FactKind.Grant) continue;
            if (members.IsAudience(key.Subject, out _)) _grantees[audiences++] = key.Subject;
            else _grantees[end - ++single] = key.Subject;
        }

        var apart = Distinct(_grantees.AsSpan(end - single));
        var joined = Distinct(_grantees.AsSpan(0, audiences));
        var count = InAny(joined);
        foreach (var grantee in apart)
            if (!IsInAny(grantee, joined)) count++;
        return count;
    }

    private int InAny(ReadOnlySpan<int> audiences)
    {
        if (audiences.Length == 0) return 0;
        if (audiences.Length == 1)
        {
            members.IsAudience(audiences[0], out var only);
            return only.Length;
        }

        var lookup = _ofAudiences.GetAlternateLookup<ReadOnlySpan<char>>();
        var name = MemoryMarshal.Cast<int, char>(audiences);
        if (lookup.TryGetValue(name, out var count)) return count;
        _met.Clear();
        foreach (var audience in audiences)
        {
            members.IsAudience(audience, out var people);
            foreach (var person in people) _met.Add(person);
        }

        return lookup[name] = _met.Count;
    }

    private bool IsInAny(int grantee, ReadOnlySpan<int> audiences)
    {
        foreach (var audience in audiences)
            if (members.IsAmong(grantee, audience)) return true;
        return false;
    }

    private static Span<int> Distinct(Span<int> numbers)
    {
        numbers.Sort();
        var count = 0;
        foreach (var number in numbers)
            if (count == 0 || numbers[count - 1] != number) numbers[count++] = number;
        return numbers[..count];
    }
}
