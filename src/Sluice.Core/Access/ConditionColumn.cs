using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>One condition's value for every person: a bit where it is true, another where it is false, neither where it is unknown.</summary>
internal sealed class ConditionColumn(Predicate leaf, int words)
{
    public Predicate Leaf => leaf;

    public ulong[] True { get; private set; } = new ulong[words];

    public ulong[] False { get; private set; } = new ulong[words];

    public void Set(int person, bool? value)
    {
        Bits.Set(True, person, value == true);
        Bits.Set(False, person, value == false);
    }

    public void Fill(bool? value)
    {
        Array.Fill(True, value == true ? ulong.MaxValue : 0);
        Array.Fill(False, value == false ? ulong.MaxValue : 0);
    }

    public void Grow(int more)
    {
        True = Grown(True, more);
        False = Grown(False, more);
    }

    internal static ulong[] Grown(ulong[] bits, int more)
    {
        Array.Resize(ref bits, more);
        return bits;
    }
}
