using CsCheck;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>Chance, the same again for the same seed.</summary>
internal sealed class Dice(PCG pcg)
{
    /// <summary>Both ends included.</summary>
    internal int Between(int low, int high) => low + (int)pcg.Next((uint)(high - low + 1));

    internal bool Chance(int percent) => Between(1, 100) <= percent;

    internal T From<T>(IReadOnlyList<T> items) => items[Between(0, items.Count - 1)];

    internal T OneOf<T>(params ReadOnlySpan<T> items) => items[Between(0, items.Length - 1)];

    /// <summary>Different ones, in their own order.</summary>
    internal ValueList<T> Some<T>(IReadOnlyList<T> items, int low, int high)
    {
        var left = Enumerable.Range(0, items.Count).ToList();
        var count = Math.Min(items.Count, Between(low, high));
        while (left.Count > count) left.RemoveAt(Between(0, left.Count - 1));
        return left.Select(i => items[i]).ToValueList();
    }

    internal IEnumerable<T> Times<T>(int low, int high, Func<int, T> make)
    {
        var count = Between(low, high);
        for (var i = 0; i < count; i++) yield return make(i);
    }
}
