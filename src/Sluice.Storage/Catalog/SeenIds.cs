namespace Sluice.Storage.Catalog;

/// <summary>Packs ids: each as its difference to the one before, zigzag and in 7-bit groups, so that neighbours take a byte or two.</summary>
internal static class SeenIds
{
    private const int MaxBytes = 10;

    public static byte[] Pack(IReadOnlyList<long> ids)
    {
        var packed = new byte[ids.Count * MaxBytes];
        var length = 0;
        var before = 0L;
        foreach (var id in ids)
        {
            var difference = unchecked(id - before);
            var bits = unchecked((ulong)((difference << 1) ^ (difference >> 63)));
            for (; bits >= 0x80; bits >>= 7) packed[length++] = (byte)(bits | 0x80);
            packed[length++] = (byte)bits;
            before = id;
        }

        return packed[..length];
    }

    public static IEnumerable<long> Unpack(byte[] packed)
    {
        var id = 0L;
        var bits = 0UL;
        var shift = 0;
        foreach (var part in packed)
        {
            bits |= (ulong)(part & 0x7F) << shift;
            shift += 7;
            if (part >= 0x80) continue;
            id = unchecked(id + ((long)(bits >> 1) ^ -(long)(bits & 1)));
            yield return id;
            bits = 0;
            shift = 0;
        }
    }
}
