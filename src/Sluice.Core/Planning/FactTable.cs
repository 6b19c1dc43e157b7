using Sluice.Core.Access;

namespace Sluice.Core.Planning;

/// <summary>
/// Finds facts by their keys, and those of an object. Each object has a hash table of its own in one array of all, so that facts which come object by object
/// are put and found near each other, whatever their number.
/// </summary>
internal sealed class FactTable
{
    private readonly NumberedKey[] _keys;
    private readonly int[] _starts;
    private readonly int[] _slots;
    private readonly ulong[] _defined;

    /// <summary>A table of facts, whose places are those they are given in.</summary>
    /// <exception cref="ArgumentException">A fact is there twice.</exception>
    public FactTable(IReadOnlyList<ObservedFact> facts, FactNumbers numbers)
    {
        _keys = new NumberedKey[facts.Count];
        _defined = new ulong[Bits.Words(facts.Count)];
        for (var place = 0; place < _keys.Length; place++)
        {
            var fact = facts[place];
            _keys[place] = numbers.Of(fact.Key);
            if (fact.Definition.Length > 0) Bits.Set(_defined, place);
        }

        _starts = Starts(_keys, numbers.ObjectCount);
        _slots = new int[_starts[^1]];
        for (var place = 0; place < _keys.Length; place++)
        {
            ref var slot = ref _slots[SlotOf(_keys[place])];
            if (slot != 0) throw new ArgumentException($"The fact {facts[place].Key} was observed twice; a platform tells each once.", nameof(facts));
            slot = place + 1;
        }
    }

    /// <summary>The keys in the order they came in.</summary>
    public ReadOnlySpan<NumberedKey> Keys => _keys;

    /// <summary>The place of a key among <see cref="Keys"/>; negative where it is not there.</summary>
    public int Find(NumberedKey key) => SlotOf(key) is >= 0 and var slot ? _slots[slot] - 1 : -1;

    /// <summary>Whether the fact at a place is more than being there. The fact itself need not be looked at for that.</summary>
    public bool HasDefinition(int place) => Bits.Has(_defined, place);

    /// <summary>The most facts that can be on an object.</summary>
    public int RoomOn(int on) => Index(on) + 1 < _starts.Length ? _starts[Index(on) + 1] - _starts[Index(on)] : 0;

    /// <summary>The facts on an object: in a buffer of the caller that has room for <see cref="RoomOn"/>.</summary>
    public Span<NumberedKey> Read(int on, Span<NumberedKey> buffer)
    {
        var room = RoomOn(on);
        if (room == 0) return [];
        var count = 0;
        foreach (var slot in _slots.AsSpan(_starts[Index(on)], room))
            if (slot != 0) buffer[count++] = _keys[slot - 1];
        return buffer[..count];
    }

    // Where the table of each object begins, and where the last ends. At most two slots of three are taken, and one is always free.
    private static int[] Starts(NumberedKey[] keys, int objects)
    {
        var starts = new int[objects + 2];
        foreach (var key in keys) starts[Index(key.Object) + 1]++;
        for (var i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + (starts[i] == 0 ? 0 : starts[i] + (starts[i] / 2) + 1);
        return starts;
    }

    // What belongs to no object comes first.
    private static int Index(int on) => on - FactNumbers.NoObject;

    // The key's slot, or the free one where it belongs; negative for an object on which nothing is.
    private int SlotOf(NumberedKey key)
    {
        var room = RoomOn(key.Object);
        if (room == 0) return -1;
        var slots = _slots.AsSpan(_starts[Index(key.Object)], room);
        var slot = (int)((Hash(key) * (ulong)room) >> 32);
        while (slots[slot] is var place and not 0 && _keys[place - 1] != key) slot = slot + 1 == room ? 0 : slot + 1;
        return _starts[Index(key.Object)] + slot;
    }

    // Numbers are small and dense, so they are spread over all bits; 32 of them.
    private static ulong Hash(NumberedKey key)
    {
        var hash = (((ulong)(uint)key.Subject << 32) | (uint)key.Detail) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 32) ^ (ulong)key.Kind) * 0xFF51AFD7ED558CCD;
        return hash >> 32;
    }
}
