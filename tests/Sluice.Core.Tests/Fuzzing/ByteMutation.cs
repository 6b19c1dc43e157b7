namespace Sluice.Core.Tests.Fuzzing;

/// <summary>Spoils inputs: flips, cuts, repeats, crosses, and splices in what parsers stumble over.</summary>
internal sealed class ByteMutation(IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> tokens)
{
    internal byte[] Next(Random random)
    {
        var bytes = new List<byte>(Pick(random, corpus));
        for (var i = random.Next(1, 8); i > 0; i--) Spoil(bytes, random);
        return [.. bytes];
    }

    private void Spoil(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 24), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when length > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                var other = Pick(random, corpus);
                bytes.InsertRange(at, other.AsSpan(random.Next(other.Length)));
                break;
            default:
                var token = Pick(random, tokens);
                bytes.RemoveRange(at, random.Next(2) == 0 ? 0 : Math.Min(length, token.Length));
                for (var times = random.Next(8) == 0 ? random.Next(40) : 1; times > 0; times--) bytes.InsertRange(at, token);
                break;
        }
    }

    private static byte[] Pick(Random random, IReadOnlyList<byte[]> from) => from[random.Next(from.Count)];
}
