using System.Runtime.InteropServices;

namespace Sluice.Core.Planning;

/// <summary>Who reads by one set of grants, and who by another.</summary>
/// <param name="names">How many names have numbers.</param>
/// <param name="before">Who belongs to the audiences of the one.</param>
/// <param name="after">Who belongs to those of the other.</param>
internal sealed class ReaderComparison(int names, AudienceMembers before, AudienceMembers after)
{
    private readonly Reading[] _readings = new Reading[names];
    private readonly int[] _had = new int[names];
    private readonly List<int> _met = [];
    private int _round;

    /// <summary>Everybody who reads before or after; valid until the next comparison.</summary>
    /// <param name="was">The grants before, in the order of their details.</param>
    /// <param name="becomes">The grants after, likewise.</param>
    public ReadOnlySpan<int> Compare(ReadOnlySpan<NumberedKey> was, ReadOnlySpan<NumberedKey> becomes)
    {
        foreach (var person in _met) _readings[person] = Reading.None;
        _met.Clear();
        while (was.Length > 0 || becomes.Length > 0)
        {
            var detail = Math.Min(was.Length > 0 ? was[0].Detail : int.MaxValue, becomes.Length > 0 ? becomes[0].Detail : int.MaxValue);
            _round++;
            for (; was.Length > 0 && was[0].Detail == detail; was = was[1..]) MeetBefore(was[0].Subject);
            for (; becomes.Length > 0 && becomes[0].Detail == detail; becomes = becomes[1..]) MeetAfter(becomes[0].Subject);
        }

        return CollectionsMarshal.AsSpan(_met);
    }

    /// <summary>What was found of somebody.</summary>
    public Reading this[int person] => _readings[person];

    private void MeetBefore(int grantee)
    {
        if (!before.IsAudience(grantee, out var members)) Had(grantee);
        foreach (var person in members) Had(person);
    }

    private void MeetAfter(int grantee)
    {
        if (!after.IsAudience(grantee, out var members)) Has(grantee);
        foreach (var person in members) Has(person);
    }

    private void Had(int person)
    {
        _had[person] = _round;
        Meet(person, Reading.Before);
    }

    private void Has(int person) => Meet(person, _had[person] == _round ? Reading.After : Reading.After | Reading.More);

    private void Meet(int person, Reading reading)
    {
        if (_readings[person] == Reading.None) _met.Add(person);
        _readings[person] |= reading;
    }
}

/// <summary>How somebody reads an object before and after.</summary>
[Flags]
internal enum Reading
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Before.</summary>
    Before = 1,

    /// <summary>After.</summary>
    After = 2,

    /// <summary>After, something is granted to them that was not before.</summary>
    More = 4,
}
