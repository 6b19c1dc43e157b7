using System.Numerics;

namespace Sluice.Core.Planning;

/// <summary>Finds facts by their keys. Holds the keys, and one number for each that leads to it.</summary>
internal sealed class FactTable
{
    private readonly NumberedKey[] _keys;
    private readonly int[] _slots;
    private readonly int _shift;
    private int _count;

    /// <summary>A table for so many keys.</summary>
    public FactTable(int capacity)
    {
        _keys = new NumberedKey[capacity];
        // At most two slots of three are taken.
        var size = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(4, capacity + (capacity / 2L)));
        _slots = new int[size];
        _shift = 64 - BitOperations.Log2(size);
    }

    /// <summary>The keys in the order they came in.</summary>
    public ReadOnlySpan<NumberedKey> Keys => _keys.AsSpan(0, _count);

    /// <summary>Adds a key; false where it is there already.</summary>
    public bool TryAdd(NumberedKey key)
    {
        var slot = SlotOf(key);
        if (_slots[slot] != 0) return false;
        _keys[_count] = key;
        _slots[slot] = ++_count;
        return true;
    }

    /// <summary>The place of a key among <see cref="Keys"/>; negative where it is not there.</summary>
    public int Find(NumberedKey key) => _slots[SlotOf(key)] - 1;

    // The key's slot, or the free one where it belongs.
    private int SlotOf(NumberedKey key)
    {
        var slot = (int)(Hash(key) >> _shift);
        while (_slots[slot] is var place and not 0 && _keys[place - 1] != key) slot = (slot + 1) & (_slots.Length - 1);
        return slot;
    }

    // Numbers are small and dense, so they are spread over all bits: the upper ones make the slot.
    private static ulong Hash(NumberedKey key)
    {
        var hash = (((ulong)(uint)key.Object << 32) | (uint)key.Subject) * 0x9E3779B97F4A7C15;
        hash ^= (((ulong)(uint)key.Detail << 8) | (uint)key.Kind) * 0xC2B2AE3D27D4EB4F;
        return (hash ^ (hash >> 32)) * 0xFF51AFD7ED558CCD;
    }
}
