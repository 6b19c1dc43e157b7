namespace Sluice.Core.Planning;

/// <summary>What is on each object: grants and protections, found without a list for each object.</summary>
internal sealed class ObjectSurfaces
{
    private readonly int[] _ends;
    private readonly int[] _places;
    private readonly FactTable _facts;

    /// <summary>Sorts the facts by object.</summary>
    public ObjectSurfaces(FactTable facts, FactNumbers numbers)
    {
        _facts = facts;
        _ends = new int[numbers.ObjectCount + 1];
        var keys = facts.Keys;
        foreach (var key in keys)
            if (key.Object != FactNumbers.NoObject) _ends[key.Object + 1]++;
        for (var i = 1; i < _ends.Length; i++) _ends[i] += _ends[i - 1];
        _places = new int[_ends[^1]];
        // Each end begins as the end of the object before, and is where it should be when all are placed.
        for (var place = 0; place < keys.Length; place++)
            if (keys[place].Object is var on and not FactNumbers.NoObject) _places[_ends[on]++] = place;
    }

    /// <summary>How many facts are on an object.</summary>
    public int CountOn(int on) => _ends[on] - StartOf(on);

    /// <summary>The facts on an object: in a buffer of the caller that has room for <see cref="CountOn"/>.</summary>
    public Span<NumberedKey> Read(int on, Span<NumberedKey> buffer)
    {
        var start = StartOf(on);
        var count = _ends[on] - start;
        for (var i = 0; i < count; i++) buffer[i] = _facts.Keys[_places[start + i]];
        return buffer[..count];
    }

    private int StartOf(int on) => on == 0 ? 0 : _ends[on - 1];
}
