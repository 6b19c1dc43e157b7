namespace Sluice.Core.Access;

/// <summary>Sets of small numbers, 64 to a word.</summary>
internal static class Bits
{
    public static int Words(int count) => (count + 63) >> 6;

    public static void Set(Span<ulong> bits, int number) => bits[number >> 6] |= 1UL << number;

    public static void Set(Span<ulong> bits, int number, bool value)
    {
        if (value) bits[number >> 6] |= 1UL << number;
        else bits[number >> 6] &= ~(1UL << number);
    }

    public static bool Has(ReadOnlySpan<ulong> bits, int number) => number >> 6 < bits.Length && (bits[number >> 6] >> number & 1) != 0;
}
